WITH spoke AS (
    -- The average of who spoke on each of $days days, against who spoke on any of them; days and stretches as in actives.
    SELECT DISTINCT
        slot($part, NULL::TIMESTAMP, group_id, community_id, '') AS part,
        community_id,
        person_id,
        epoch_us(local_at) // 86400000000 AS day
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
),
stays AS (
    SELECT
        part,
        community_id,
        day AS first_day,
        day + $days - 1 AS counted_until,
        least(coalesce(lead(day) OVER one, day + $days), day + $days) - 1 AS final_day
    FROM spoke
    WINDOW one AS (PARTITION BY part, community_id, person_id ORDER BY day)
),
seen AS (
    SELECT s.part, 0 AS is_day, greatest(s.first_day, e.from_day) AS low, least(s.final_day, e.last_day) AS high
    FROM stays AS s
    JOIN day_ends AS e ON e.community_id = s.community_id
    WHERE e.asked = $by AND s.first_day <= e.last_day AND s.final_day >= e.from_day
    UNION ALL
    SELECT s.part, 1 AS is_day, greatest(s.first_day, e.from_day) AS low, least(s.counted_until, e.last_day) AS high
    FROM stays AS s
    JOIN day_ends AS e ON e.community_id = s.community_id
    WHERE e.asked = $by AND s.first_day <= e.last_day AND s.counted_until >= e.from_day
),
counted AS (
    SELECT
        of_days($by, later, part) AS slot,
        count(*) FILTER (is_day = 1) / $days AS daily,
        count(*) FILTER (is_day = 0) AS monthly
    FROM seen, each_day
    WHERE later >= low AND later <= high
    GROUP BY slot
)
SELECT slot, daily / monthly AS value, daily, monthly
FROM counted
ORDER BY slot;
