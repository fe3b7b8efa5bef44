SELECT
    slot,
    count(*) FILTER (repeats > 0) / count(*) AS value,
    count(*) FILTER (repeats > 0) AS again,
    count(*) AS warned
FROM (
    SELECT
        slot($by, local_at, group_id, community_id, capability) AS slot,
        community_id,
        person_id,
        count(*) FILTER (outcome = 'repeated') AS repeats
    FROM acts
    WHERE kind = 'warning'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
