-- What was done about members and what people judged of it; see world_of_acts.py. Staff and programs are left out.
acts AS NOT MATERIALIZED (
    SELECT
        c.act_id,
        c.community_id,
        c.group_id,
        coalesce(a.person_id, c.identity_id) AS person_id,  -- where merged
        c.identity_id AS person_id,  -- unless merged
        c.kind,
        c.outcome,
        c.capability,
        c.took_us,
        c.happened_at,
        make_timestamp(epoch_us(c.happened_at) + s.offset_us) AS local_at
    FROM all_acts AS c
    JOIN scope AS s
        ON s.group_id = c.group_id
        AND c.happened_at >= s.from_at AND c.happened_at < s.until_at  -- where clocks change
    LEFT JOIN aliases AS a ON a.identity_id = c.identity_id  -- where merged
    LEFT JOIN apart AS p ON p.group_id = c.group_id AND p.identity_id = c.identity_id  -- where apart
    WHERE c.happened_at >= $span_since AND c.happened_at < $span_until
        AND p.identity_id IS NULL  -- where apart
        AND coalesce(a.person_id, c.identity_id) IN (SELECT person_id FROM narrowed)  -- where only merged
        AND c.identity_id IN (SELECT person_id FROM narrowed)  -- where only unmerged
)
