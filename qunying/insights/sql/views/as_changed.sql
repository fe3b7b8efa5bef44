-- Of a message that changed after it went into the lake the latest state counts. Few did, so few are looked up.
changed AS (
    SELECT * FROM all_versions
    QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY version DESC) = 1
),
messages AS NOT MATERIALIZED (
    SELECT * FROM all_messages ANTI JOIN changed USING (message_id)
    UNION ALL BY NAME SELECT * EXCLUDE (version) FROM changed
)
