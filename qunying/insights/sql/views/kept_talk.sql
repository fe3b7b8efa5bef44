talk AS NOT MATERIALIZED (
    FROM kept_talk WHERE said_at >= getvariable('since') AND said_at < getvariable('until')
)
