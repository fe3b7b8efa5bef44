WITH spoke AS (
    SELECT DISTINCT community_id, person_id FROM talk WHERE said_by = 'member' AND said_at >= $middle
),
present AS (
    SELECT community_id, person_id, bool_and(first_spoke_at IS NULL) AS is_mute
    FROM people
    WHERE standing = 'member'
    GROUP BY ALL
)
SELECT
    count(*) AS members,
    count(*) FILTER (s.person_id IS NULL) AS silent,
    count(*) FILTER (s.person_id IS NULL AND is_mute) AS never
FROM present AS p
LEFT JOIN spoke AS s ON s.community_id = p.community_id AND s.person_id = p.person_id;
