SELECT community_id, person_id, arg_max(via, happened_at) AS via
FROM moves
WHERE standing = 'member' AND name = 'member.joined'
GROUP BY community_id, person_id
