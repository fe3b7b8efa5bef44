moves AS NOT MATERIALIZED (
    SELECT
        e.fact_id,
        e.community_id,
        e.group_id,
        coalesce(a.person_id, e.identity_id) AS person_id,  -- where merged
        e.identity_id AS person_id,  -- unless merged
        e.identity_id,
        e.name,
        e.via,
        e.inviter_id,
        e.operator_id,
        e.happened_at,
        make_timestamp(epoch_us(e.happened_at) + s.offset_us) AS local_at,
        coalesce(p.standing, 'member') AS standing  -- where apart
        'member' AS standing  -- unless apart
    FROM all_events AS e
    JOIN scope AS s
        ON s.group_id = e.group_id
        AND e.happened_at >= s.from_at AND e.happened_at < s.until_at  -- where clocks change
    LEFT JOIN aliases AS a ON a.identity_id = e.identity_id  -- where merged
    LEFT JOIN apart AS p ON p.group_id = e.group_id AND p.identity_id = e.identity_id  -- where apart
    WHERE e.happened_at >= $span_since AND e.happened_at < $span_until
        AND coalesce(a.person_id, e.identity_id) IN (SELECT person_id FROM narrowed)  -- where only merged
        AND e.identity_id IN (SELECT person_id FROM narrowed)  -- where only unmerged
)
