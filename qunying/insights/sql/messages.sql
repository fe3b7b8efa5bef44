SELECT
    slot($by, local_at, group_id, community_id, '') AS slot,
    count(*) FILTER (said_by = 'member') AS value,
    count(*) FILTER (said_by = 'member' AND is_recalled) AS recalled,
    count(*) FILTER (said_by = 'staff') AS by_staff,
    count(*) FILTER (said_by IN ('bot', 'own')) AS by_bots
FROM talk
GROUP BY slot
ORDER BY slot;
