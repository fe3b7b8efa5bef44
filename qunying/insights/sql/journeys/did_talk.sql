    SELECT community_id, person_id, epoch_us(said_at) AS at_us, local_at, 'said' AS name
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
