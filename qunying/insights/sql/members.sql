SELECT
    slot,
    count(*) FILTER (standing = 'member') AS value,
    count(*) FILTER (standing = 'staff') AS staff,
    count(*) FILTER (standing = 'bot') AS bots
FROM (
    SELECT DISTINCT slot($by, joined_at, group_id, community_id, via) AS slot, community_id, person_id, standing
    FROM people
)
GROUP BY slot
ORDER BY slot;
