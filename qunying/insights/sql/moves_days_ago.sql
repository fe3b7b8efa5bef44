SELECT
    days_ago,
    count(*) FILTER (name = 'member.joined') AS joined,
    count(*) FILTER (name = 'member.left') AS gone
FROM (
    SELECT DISTINCT days_ago, community_id, person_id, name
    FROM moves
    WHERE standing = 'member' AND days_ago <= $most
)
GROUP BY days_ago;
