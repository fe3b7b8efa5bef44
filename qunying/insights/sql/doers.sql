SELECT slot, count(*) AS value, CAST(sum(times) AS BIGINT) AS times
FROM (
    SELECT
        slot($by, local_at, NULL::BIGINT, community_id, CASE WHEN $by = 'deed' THEN kind ELSE source END) AS slot,
        community_id,
        person_id,
        count(*) AS times
    FROM deeds
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
