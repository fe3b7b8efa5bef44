SELECT community_id * 1099511627776 + person_id AS member, arg_max(via, happened_at) AS via
FROM moves
WHERE standing = 'member' AND name = 'member.joined'
GROUP BY member
