WITH firsts AS (
    -- Of everybody who joined before the cohort's end: who sat in some group so long after their first joining.
    SELECT community_id, person_id, min(epoch_us(happened_at)) AS first_us
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined' AND epoch_us(happened_at) < $cohort_until_us
    GROUP BY community_id, person_id
),
stays AS (
    SELECT
        f.community_id,
        f.person_id,
        m.name,
        row_number() OVER (
            PARTITION BY f.community_id, f.person_id, m.group_id ORDER BY m.happened_at DESC, m.fact_id DESC
        ) AS place
    FROM firsts AS f
    JOIN moves AS m ON m.community_id = f.community_id AND m.person_id = f.person_id
    WHERE epoch_us(m.happened_at) <= f.first_us + $after_us
)
SELECT count(*) AS size, count(*) FILTER (is_kept) AS kept
FROM (
    SELECT community_id, person_id, bool_or(name = 'member.joined') AS is_kept
    FROM stays
    WHERE place = 1
    GROUP BY community_id, person_id
);
