    SELECT
        community_id * 1099511627776 + person_id AS member,
        epoch_us(happened_at) AS at_us,
        local_at,
        CASE name WHEN 'member.joined' THEN 'joined' WHEN 'member.left' THEN 'left' END AS name
    FROM moves
    WHERE standing = 'member' AND name IN ('member.joined', 'member.left')
