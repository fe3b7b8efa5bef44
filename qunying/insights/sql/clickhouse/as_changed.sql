-- As views/as_changed, where an anti join would bring along the columns of the other side.
changed AS (
    SELECT * FROM all_versions
    QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY version DESC) = 1
),
messages AS (
    SELECT * FROM all_messages WHERE message_id NOT IN (SELECT message_id FROM changed)
    UNION ALL SELECT * EXCLUDE (version) FROM changed
)
