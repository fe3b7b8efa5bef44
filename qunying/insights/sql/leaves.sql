SELECT slot, count(*) AS value, count(*) FILTER (is_removed) AS removed
FROM (
    SELECT
        slot($by, local_at, group_id, community_id, via) AS slot,
        community_id,
        person_id,
        bool_or(operator_id IS NOT NULL AND operator_id <> identity_id) AS is_removed
    FROM moves
    WHERE standing = 'member' AND name = 'member.left'
    GROUP BY ALL
)
GROUP BY slot
ORDER BY slot;
