WITH firsts AS (
    -- Of everybody who joined before the cohort's end: who sat in some group so long after their first joining.
    SELECT community_id, person_id, min(epoch_us(happened_at)) AS first_us
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined' AND epoch_us(happened_at) < $cohort_until_us
    GROUP BY community_id, person_id
),
stays AS (
    SELECT f.community_id, f.person_id, m.group_id, arg_max(m.name, m.fact_id) AS last_name
    FROM firsts AS f
    JOIN moves AS m ON m.community_id = f.community_id AND m.person_id = f.person_id
    JOIN (
        SELECT g.community_id, g.person_id, n.group_id, max(epoch_us(n.happened_at)) AS last_us
        FROM firsts AS g
        JOIN moves AS n ON n.community_id = g.community_id AND n.person_id = g.person_id
        WHERE epoch_us(n.happened_at) <= g.first_us + $after_us
        GROUP BY g.community_id, g.person_id, n.group_id
    ) AS l ON l.community_id = m.community_id AND l.person_id = m.person_id AND l.group_id = m.group_id
    WHERE epoch_us(m.happened_at) = l.last_us
    GROUP BY f.community_id, f.person_id, m.group_id
)
SELECT count(*) AS size, count(*) FILTER (is_kept) AS kept
FROM (
    SELECT community_id, person_id, bool_or(last_name = 'member.joined') AS is_kept
    FROM stays
    GROUP BY community_id, person_id
);
