-- Of everybody whose first time lies in the span: when it was, how many whole periods have passed since, and in which of
-- them they came back. Periods are days, weeks from Monday, or months of the community's calendar.
firsts AS (
    SELECT member, min(local_at) AS first_at, min(at_us) AS first_us
    FROM did
    WHERE list_contains($start, name)
    GROUP BY member
    HAVING min(at_us) >= $since_us
),
cohorts AS (
    SELECT
        slot($by, f.first_at, NULL::BIGINT, f.member // 1099511627776, coalesce(c.via, '')) AS slot,
        f.member,
        period($every, f.first_at) AS first_period,
        f.first_us,
        greatest(e.until_period - period($every, f.first_at), 1) AS passed
    FROM firsts AS f
    JOIN ends AS e ON e.community_id = f.member // 1099511627776
    LEFT JOIN came_by AS c ON c.member = f.member
),
back AS (
    SELECT DISTINCT c.slot, c.member, c.passed, period($every, d.local_at) - c.first_period AS n
    FROM cohorts AS c
    JOIN did AS d ON d.member = c.member
    WHERE list_contains($back, d.name) AND d.at_us > c.first_us
)
