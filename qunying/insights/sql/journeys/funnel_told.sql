entered AS (
    SELECT community_id, person_id, min(local_at) AS local_at
    FROM did
    WHERE list_contains($step_1, name)
    GROUP BY ALL
),
furthest AS (
    SELECT step, community_id, person_id, min(at_us - start_us) AS took_us
    FROM reached
    GROUP BY ALL
)
SELECT
    slot($by, e.local_at, NULL::BIGINT, f.community_id, c.via) AS slot,
    f.step,
    count(*) AS people,
    quantile_cont(f.took_us, 0.5) AS median_us,
    quantile_cont(f.took_us, 0.9) AS p90_us
FROM furthest AS f
JOIN entered AS e ON e.community_id = f.community_id AND e.person_id = f.person_id
LEFT JOIN came_by AS c ON c.community_id = f.community_id AND c.person_id = f.person_id
GROUP BY slot, f.step
ORDER BY slot, f.step;
