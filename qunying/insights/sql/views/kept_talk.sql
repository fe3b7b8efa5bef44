talk AS NOT MATERIALIZED (
    FROM kept_talk WHERE said_at >= {since} AND said_at < {until}
)
