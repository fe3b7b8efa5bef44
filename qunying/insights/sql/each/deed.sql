SELECT slot($by, local_at, NULL::BIGINT, community_id, '') AS slot, community_id, person_id
FROM deeds;
