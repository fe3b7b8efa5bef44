SELECT
    slot($by, local_at, group_id, community_id, capability) AS slot,
    count(*) FILTER (outcome <> 'dismissed') / count(*) AS value,
    count(*) FILTER (outcome = 'approved') AS approved,
    count(*) FILTER (outcome = 'softened') AS softened,
    count(*) FILTER (outcome = 'dismissed') AS dismissed
FROM acts
WHERE kind = 'proposal'
GROUP BY slot
ORDER BY slot;
