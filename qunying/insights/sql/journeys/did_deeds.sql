    SELECT community_id, person_id, epoch_us(done_at) AS at_us, local_at, kind AS name
    FROM deeds
