SELECT
    slot($by, local_at, NULL::BIGINT, community_id, source) AS slot,
    count(*) FILTER (kind = 'order') AS value,
    CAST(coalesce(sum(quantity) FILTER (kind = 'order'), 0) AS BIGINT) AS items,
    count(*) FILTER (kind = 'refund') AS refunds
FROM deeds
WHERE kind IN ('order', 'refund')
GROUP BY slot
ORDER BY slot;
