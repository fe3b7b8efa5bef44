-- As members, in parts that each person belongs to one of.
SELECT
    slot,
    count(*) FILTER (standing = 'member') AS value,
    count(*) FILTER (standing = 'staff') AS staff,
    count(*) FILTER (standing = 'bot') AS bots
FROM (
    SELECT DISTINCT coalesce(t.trait, '') AS slot, p.community_id, p.person_id, p.standing
    FROM people AS p
    LEFT JOIN traits AS t ON t.community_id = p.community_id AND t.person_id = p.person_id
)
GROUP BY slot
ORDER BY slot;
