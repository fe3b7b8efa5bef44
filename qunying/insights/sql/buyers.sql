SELECT slot, count(*) AS value, CAST(sum(orders) AS BIGINT) AS orders
FROM (
    SELECT slot($by, local_at, NULL::BIGINT, community_id, source) AS slot, community_id, person_id, count(*) AS orders
    FROM deeds
    WHERE kind = 'order'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
