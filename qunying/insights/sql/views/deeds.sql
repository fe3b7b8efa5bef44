-- What people did outside the groups; what was taken back is not. Staff and programs are left out; where groups were asked for, only their people count.
deeds AS NOT MATERIALIZED (
    SELECT
        d.deed_id,
        d.community_id,
        d.person_id,
        d.kind,
        d.source,
        d.amount,
        d.currency,
        d.quantity,
        d.done_at,
        make_timestamp(epoch_us(d.done_at) + h.offset_us) AS local_at
    FROM (
        SELECT
            d.deed_id,
            d.community_id,
            coalesce(a.person_id, d.identity_id) AS person_id,  -- where merged
            d.identity_id AS person_id,  -- unless merged
            d.kind,
            d.source,
            d.amount,
            d.currency,
            d.quantity,
            d.done_at
        FROM all_deeds AS d
        LEFT JOIN aliases AS a ON a.identity_id = d.identity_id  -- where merged
        WHERE d.done_at >= $span_since AND d.done_at < $span_until
    ) AS d
    JOIN homes AS h
        ON h.community_id = d.community_id
        AND d.done_at >= h.from_at AND d.done_at < h.until_at  -- where clocks change
    LEFT JOIN outside AS o ON o.community_id = d.community_id AND o.person_id = d.person_id  -- where outside
    LEFT JOIN taken AS t ON t.deed_id = d.deed_id  -- where taken
    LEFT JOIN dwellers AS w ON w.community_id = d.community_id AND w.person_id = d.person_id  -- where in part
    WHERE true
        AND o.person_id IS NULL  -- where outside
        AND t.deed_id IS NULL  -- where taken
        AND (h.is_whole OR w.person_id IS NOT NULL)  -- where in part
        AND d.person_id IN (SELECT person_id FROM narrowed)  -- where only
)
