talk AS NOT MATERIALIZED (
    SELECT
        m.message_id,
        m.community_id,
        m.group_id,
        coalesce(a.person_id, m.identity_id) AS person_id,  -- where merged
        m.identity_id AS person_id,  -- unless merged
        m.kind,
        m.is_recalled,
        m.is_answer,
        m.length,
        m.said_at,
        make_timestamp(epoch_us(m.said_at) + s.offset_us) AS local_at,
        CASE
            WHEN m.is_own THEN 'own'
            WHEN m.identity_id IS NULL AND m.kind = 'notice' THEN 'platform'
            ELSE coalesce(p.standing, 'member')  -- where apart
            ELSE 'member'  -- unless apart
        END AS said_by
    FROM messages AS m
    JOIN scope AS s
        ON s.group_id = m.group_id
        AND m.said_at >= s.from_at AND m.said_at < s.until_at  -- where clocks change
    LEFT JOIN aliases AS a ON a.identity_id = m.identity_id  -- where merged
    LEFT JOIN apart AS p ON p.group_id = m.group_id AND p.identity_id = m.identity_id  -- where apart
    WHERE m.said_at >= $span_since AND m.said_at < $span_until
        AND coalesce(a.person_id, m.identity_id) IN (SELECT person_id FROM narrowed)  -- where only merged
        AND m.identity_id IN (SELECT person_id FROM narrowed)  -- where only unmerged
)
