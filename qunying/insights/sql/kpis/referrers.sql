-- Members who brought somebody: whoever stands as inviter of a member that came, colleagues and programs left out.
SELECT count(DISTINCT m.community_id * 1099511627776 + coalesce(a.person_id, m.inviter_id)) AS value
FROM moves AS m
LEFT JOIN aliases AS a ON a.identity_id = m.inviter_id
LEFT JOIN (SELECT DISTINCT identity_id FROM apart) AS p ON p.identity_id = m.inviter_id
WHERE m.standing = 'member'
    AND m.name = 'member.joined'
    AND m.inviter_id IS NOT NULL
    AND m.inviter_id <> m.identity_id
    AND p.identity_id IS NULL;
