-- As joins, in parts that each person belongs to one of.
SELECT slot, count(*) AS value, count(*) FILTER (is_invited) AS invited
FROM (
    SELECT
        coalesce(t.trait, '') AS slot,
        m.community_id,
        m.person_id,
        bool_or(m.inviter_id IS NOT NULL AND m.inviter_id <> m.identity_id) AS is_invited
    FROM moves AS m
    LEFT JOIN traits AS t ON t.community_id = m.community_id AND t.person_id = m.person_id
    WHERE m.standing = 'member' AND m.name = 'member.joined'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
