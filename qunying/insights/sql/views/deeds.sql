-- What people did outside the groups. Staff and programs are left out; where groups were asked for, only their people count.
deeds AS NOT MATERIALIZED (
    SELECT
        d.deed_id,
        d.community_id,
        coalesce(a.person_id, d.identity_id) AS person_id,
        d.kind,
        d.source,
        d.amount,
        d.currency,
        d.quantity,
        d.done_at,
        make_timestamp(epoch_us(d.done_at) + h.offset_us) AS local_at
    FROM all_deeds AS d
    JOIN homes AS h ON h.community_id = d.community_id AND d.done_at >= h.from_at AND d.done_at < h.until_at
    LEFT JOIN aliases AS a ON a.identity_id = d.identity_id
    LEFT JOIN outside AS o
        ON o.community_id = d.community_id AND o.person_id = coalesce(a.person_id, d.identity_id)
    LEFT JOIN dwellers AS w
        ON w.community_id = d.community_id AND w.person_id = coalesce(a.person_id, d.identity_id)
    WHERE d.done_at >= $span_since AND d.done_at < $span_until
      AND o.person_id IS NULL
      AND (h.is_whole OR w.person_id IS NOT NULL)
)
