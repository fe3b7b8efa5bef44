SELECT
    slot,
    count(*) FILTER (name = 'member.joined') - count(*) FILTER (name = 'member.left') AS value,
    count(*) FILTER (name = 'member.joined') AS joined,
    count(*) FILTER (name = 'member.left') AS gone
FROM (
    SELECT DISTINCT slot($by, local_at, group_id, community_id, via) AS slot, community_id, person_id, name
    FROM moves
    WHERE standing = 'member'
)
GROUP BY slot
ORDER BY slot;
