WITH said AS (
    SELECT slot($by, local_at, group_id, community_id, '') AS slot, community_id, person_id, count(*) AS messages
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
    GROUP BY ALL
),
placed AS (
    SELECT slot, messages, row_number() OVER (PARTITION BY slot ORDER BY messages, person_id) AS place
    FROM said
)
SELECT
    slot,
    2e0 * sum(place * messages) / (count(*) * sum(messages)) - (count(*) + 1e0) / count(*) AS value,
    count(*) AS speakers
FROM placed
GROUP BY slot
ORDER BY slot;
