-- Who came, by the way they came last, and who left; a person counts once each way.
SELECT name, via, count(*) AS people, count(*) FILTER (is_removed) AS removed
FROM (
    SELECT
        community_id,
        person_id,
        name,
        CASE name WHEN 'member.joined' THEN arg_max(via, happened_at) ELSE '' END AS via,
        bool_or(operator_id IS NOT NULL AND operator_id <> identity_id) AS is_removed
    FROM moves
    WHERE standing = 'member' AND name IN ('member.joined', 'member.left') AND happened_at >= $middle
    GROUP BY community_id, person_id, name
)
GROUP BY name, via
ORDER BY people DESC, via;
