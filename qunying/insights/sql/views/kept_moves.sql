moves AS NOT MATERIALIZED (
    FROM kept_moves WHERE happened_at >= getvariable('since') AND happened_at < getvariable('until')
)
