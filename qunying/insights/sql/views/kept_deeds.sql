deeds AS NOT MATERIALIZED (
    FROM kept_deeds WHERE done_at >= $span_since AND done_at < $span_until
)
