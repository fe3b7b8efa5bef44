SELECT
    slot($by, local_at, group_id, community_id, capability) AS slot,
    count(*) FILTER (outcome = 'lifted') / nullif(count(*) FILTER (outcome <> 'open'), 0) AS value,
    count(*) FILTER (outcome = 'lifted') AS lifted,
    count(*) FILTER (outcome = 'upheld') AS upheld,
    count(*) FILTER (outcome = 'open') AS waiting
FROM acts
WHERE kind = 'appeal'
GROUP BY slot
ORDER BY slot;
