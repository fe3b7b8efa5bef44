moves AS NOT MATERIALIZED (
    FROM kept_moves WHERE happened_at >= $span_since AND happened_at < $span_until
)
