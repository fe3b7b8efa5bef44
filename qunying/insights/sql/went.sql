SELECT count(*) AS people, count(*) FILTER (is_removed) AS removed
FROM (
    SELECT
        community_id, person_id, bool_or(operator_id IS NOT NULL AND operator_id <> identity_id) AS is_removed
    FROM moves
    WHERE standing = 'member' AND name = 'member.left' AND happened_at >= $middle
    GROUP BY ALL
);
