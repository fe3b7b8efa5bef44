WITH moved AS (
    SELECT community_id, group_id, CAST(local_at AS DATE) AS day, person_id, name
    FROM moves
    WHERE standing = 'member'
)
SELECT
    community_id,
    CASE WHEN grouping(group_id) = 1 THEN 0 ELSE group_id END AS group_id,
    day,
    count(DISTINCT person_id) FILTER (name = 'member.joined') AS joined,
    count(DISTINCT person_id) FILTER (name = 'member.left') AS gone
FROM moved
GROUP BY GROUPING SETS ((community_id, day, group_id), (community_id, day));
