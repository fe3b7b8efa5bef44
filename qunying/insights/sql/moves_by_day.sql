SELECT
    day,
    count(*) FILTER (name = 'member.joined') AS joined,
    count(*) FILTER (name = 'member.left') AS gone
FROM (
    SELECT DISTINCT CAST(local_at AS DATE) AS day, community_id, person_id, name
    FROM moves
    WHERE standing = 'member'
)
GROUP BY day
ORDER BY day;
