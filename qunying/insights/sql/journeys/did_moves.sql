    SELECT
        community_id,
        person_id,
        epoch_us(happened_at) AS at_us,
        local_at,
        CASE name WHEN 'member.joined' THEN 'joined' WHEN 'member.left' THEN 'left' END AS name
    FROM moves
    WHERE standing = 'member' AND name IN ('member.joined', 'member.left')
