SELECT member, via
FROM (
    SELECT
        community_id * 1099511627776 + person_id AS member,
        via,
        row_number() OVER (PARTITION BY community_id, person_id ORDER BY happened_at DESC, fact_id DESC) AS place
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined'
) AS m
WHERE place = 1
