WITH spoke AS (
    -- Who spoke on a day or on one of the $days - 1 days before it; days are counted from 1970 on the clocks of the place.
    -- Somebody stays active from the day they spoke to the day before they fall out, or speak again: stretches that never
    -- overlap, so that nobody counts twice on a day.
    SELECT DISTINCT
        slot($part, NULL::TIMESTAMP, group_id, community_id, '') AS part,
        community_id,
        person_id,
        said_by,
        epoch_us(local_at) // 86400000000 AS day
    FROM talk
    WHERE said_by IN ('member', 'staff', 'bot') AND person_id IS NOT NULL
),
stays AS (
    SELECT
        part,
        community_id,
        said_by,
        day AS first_day,
        least(coalesce(lead(day) OVER one, day + $days), day + $days) - 1 AS final_day
    FROM spoke
    WINDOW one AS (PARTITION BY part, community_id, person_id, said_by ORDER BY day)
),
seen AS (
    SELECT s.part, s.said_by, greatest(s.first_day, e.from_day) AS low, least(s.final_day, e.last_day) AS high
    FROM stays AS s
    JOIN day_ends AS e ON e.community_id = s.community_id
    WHERE e.asked = $by AND s.first_day <= e.last_day AND s.final_day >= e.from_day
)
SELECT
    of_days($by, later, part) AS slot,
    count(*) FILTER (said_by = 'member') AS value,
    count(*) FILTER (said_by = 'staff') AS staff,
    count(*) FILTER (said_by = 'bot') AS bots
FROM seen, each_day
WHERE later >= low AND later <= high
GROUP BY slot
ORDER BY slot;
