moves AS NOT MATERIALIZED (
    SELECT
        e.fact_id,
        e.community_id,
        e.group_id,
        coalesce(a.person_id, e.identity_id) AS person_id,
        e.identity_id,
        e.name,
        e.via,
        e.inviter_id,
        e.operator_id,
        e.happened_at,
        make_timestamp(epoch_us(e.happened_at) + s.offset_us) AS local_at,
        coalesce(p.standing, 'member') AS standing
    FROM all_events AS e
    JOIN scope AS s ON s.group_id = e.group_id AND e.happened_at >= s.from_at AND e.happened_at < s.until_at
    LEFT JOIN aliases AS a ON a.identity_id = e.identity_id
    LEFT JOIN apart AS p ON p.group_id = e.group_id AND p.identity_id = e.identity_id
    WHERE e.happened_at >= $span_since AND e.happened_at < $span_until
)
