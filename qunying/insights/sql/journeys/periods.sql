-- Of everybody whose first time lies in the span: when it was, how many whole periods have passed since, and in which of
-- them they came back. Periods are days, weeks from Monday, or months of the community's calendar.
firsts AS (
    SELECT
        community_id,
        person_id,
        min(local_at) AS first_at,
        min(at_us) AS first_us
    FROM did
    WHERE list_contains($start, name)
    GROUP BY community_id, person_id
    HAVING min(at_us) >= $since_us
),
cohorts AS (
    SELECT
        slot($by, f.first_at, NULL::BIGINT, f.community_id, c.via) AS slot,
        f.community_id,
        f.person_id,
        f.first_at,
        f.first_us,
        greatest(date_diff($every, date_trunc($every, f.first_at), date_trunc($every, e.until_local)), 1) AS passed
    FROM firsts AS f
    JOIN ends AS e ON e.community_id = f.community_id
    LEFT JOIN came_by AS c ON c.community_id = f.community_id AND c.person_id = f.person_id
),
back AS (
    SELECT DISTINCT
        c.slot,
        c.community_id,
        c.person_id,
        c.passed,
        date_diff($every, date_trunc($every, c.first_at), date_trunc($every, d.local_at)) AS n
    FROM cohorts AS c
    JOIN did AS d ON d.community_id = c.community_id AND d.person_id = c.person_id
    WHERE list_contains($back, d.name) AND d.at_us > c.first_us
)
