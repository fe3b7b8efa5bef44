SELECT slot($by, local_at, group_id, community_id, '') AS slot, community_id, person_id
FROM talk
WHERE said_by = 'member' AND person_id IS NOT NULL;
