WITH said AS (
    SELECT slot($by, local_at, group_id, community_id, '') AS slot, community_id, person_id, count(*) AS messages
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
    GROUP BY ALL
),
placed AS (
    SELECT slot, messages, row_number() OVER (PARTITION BY slot ORDER BY messages DESC, person_id) AS place
    FROM said
)
SELECT
    slot,
    sum(messages) FILTER (place <= 3) / sum(messages) AS value,
    CAST(sum(messages) FILTER (place <= 3) AS BIGINT) AS by_three,
    CAST(sum(messages) AS BIGINT) AS messages,
    count(*) AS speakers
FROM placed
GROUP BY slot
ORDER BY slot;
