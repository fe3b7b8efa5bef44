acts AS NOT MATERIALIZED (
    FROM kept_acts WHERE happened_at >= $span_since AND happened_at < $span_until
)
