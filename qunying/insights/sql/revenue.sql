-- Amounts are ten-thousandths of the currency's unit; the caller sets the point.
SELECT
    slot($by, local_at, NULL::BIGINT, community_id, source) AS slot,
    currency,
    CAST(coalesce(sum(amount) FILTER (kind = 'order'), 0) AS BIGINT)
        - CAST(coalesce(sum(amount) FILTER (kind = 'refund'), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(amount) FILTER (kind = 'order'), 0) AS BIGINT) AS gross,
    CAST(coalesce(sum(amount) FILTER (kind = 'refund'), 0) AS BIGINT) AS refunded,
    count(*) FILTER (kind = 'order') AS orders
FROM deeds
WHERE kind IN ('order', 'refund')
GROUP BY slot, currency
ORDER BY slot, currency;
