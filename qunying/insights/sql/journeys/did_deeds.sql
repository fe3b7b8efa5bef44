    SELECT community_id * 1099511627776 + person_id AS member, epoch_us(done_at) AS at_us, local_at, kind AS name
    FROM deeds
