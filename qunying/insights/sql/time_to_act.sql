SELECT
    slot($by, local_at, group_id, community_id, capability) AS slot,
    quantile_cont(took_us, 0.5) / 1000000 AS value,
    quantile_cont(took_us, 0.9) / 1000000 AS p90,
    count(*) AS acts
FROM acts
WHERE kind = 'act' AND outcome = 'alone'
GROUP BY slot
ORDER BY slot;
