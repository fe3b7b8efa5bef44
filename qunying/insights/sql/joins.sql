SELECT slot, count(*) AS value, count(*) FILTER (is_invited) AS invited
FROM (
    SELECT
        slot($by, local_at, group_id, community_id, via) AS slot,
        community_id,
        person_id,
        bool_or(inviter_id IS NOT NULL AND inviter_id <> identity_id) AS is_invited
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
