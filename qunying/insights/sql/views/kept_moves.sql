moves AS NOT MATERIALIZED (
    FROM kept_moves WHERE happened_at >= {since} AND happened_at < {until}
)
