WITH present AS (
    SELECT DISTINCT slot($by, NULL::TIMESTAMP, group_id, community_id, '') AS slot, community_id, person_id
    FROM people
    WHERE standing = 'member'
),
spoke AS (
    SELECT DISTINCT slot($by, NULL::TIMESTAMP, group_id, community_id, '') AS slot, community_id, person_id
    FROM talk
    WHERE said_by = 'member'
)
SELECT
    p.slot,
    count(s.person_id) / nullif(count(*), 0) AS value,
    count(s.person_id) AS speakers,
    count(*) AS members
FROM present AS p
LEFT JOIN spoke AS s ON s.slot = p.slot AND s.community_id = p.community_id AND s.person_id = p.person_id
GROUP BY p.slot
ORDER BY p.slot;
