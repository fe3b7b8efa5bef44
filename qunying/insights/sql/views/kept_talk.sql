talk AS NOT MATERIALIZED (
    FROM kept_talk WHERE said_at >= $span_since AND said_at < $span_until
)
