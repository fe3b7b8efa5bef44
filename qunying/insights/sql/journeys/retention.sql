sizes AS (
    SELECT slot, later AS n, count(*) AS size
    FROM cohorts, generate_series(0, least(passed - 1, $most)) AS g(later)
    GROUP BY slot, n
),
returned AS (
    SELECT slot, n, count(*) AS people
    FROM (
        SELECT DISTINCT b.slot, b.member, later AS n
        FROM back AS b, generate_series(CASE WHEN $or_later THEN 1 ELSE b.n END, least(b.n, b.passed - 1, $most)) AS g(later)
        WHERE b.n > 0
    )
    GROUP BY slot, n
)
SELECT
    s.slot,
    CAST(s.n AS INTEGER) AS n,
    s.size,
    CASE WHEN s.n = 0 THEN s.size ELSE coalesce(r.people, 0) END AS returned
FROM sizes AS s
LEFT JOIN returned AS r ON r.slot = s.slot AND r.n = s.n
ORDER BY s.slot, s.n;
