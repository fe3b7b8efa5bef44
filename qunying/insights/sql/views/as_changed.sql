-- Of a message that changed after it went into the lake the latest state counts. Few did, so few are looked up.
changed AS (
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY message_id ORDER BY version DESC) AS place FROM all_versions
    ) AS states
    WHERE place = 1
),
messages AS NOT MATERIALIZED (
    SELECT
        message_id, community_id, group_id, identity_id, said_at, kind, is_own, is_recalled, is_edited, is_answer, length
    FROM all_messages
    WHERE message_id NOT IN (SELECT message_id FROM changed)
    UNION ALL
    SELECT
        message_id, community_id, group_id, identity_id, said_at, kind, is_own, is_recalled, is_edited, is_answer, length
    FROM changed
)
