    SELECT community_id * 1099511627776 + person_id AS member, epoch_us(said_at) AS at_us, local_at, 'said' AS name
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
