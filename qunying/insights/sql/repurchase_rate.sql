SELECT
    slot,
    count(*) FILTER (days > 1) / count(*) AS value,
    count(*) FILTER (days > 1) AS repeaters,
    count(*) AS buyers
FROM (
    SELECT
        slot($by, NULL::TIMESTAMP, NULL::BIGINT, community_id, source) AS slot,
        community_id,
        person_id,
        count(DISTINCT CAST(local_at AS DATE)) AS days
    FROM deeds
    WHERE kind = 'order'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
