-- Who sat in a group at the end of the span. Somebody whose coming nobody saw has been there since their first word,
-- or always. Coming back is one stay: only the last leaving counts.
people AS NOT MATERIALIZED (
    SELECT
        q.community_id,
        q.group_id,
        q.identity_id,
        coalesce(a.person_id, q.identity_id) AS person_id,
        q.joined_at,
        q.first_spoke_at,
        q.via,
        q.seat_id,
        coalesce(p.standing, 'member') AS standing
    FROM all_seats AS q
    LEFT JOIN aliases AS a ON a.identity_id = q.identity_id
    LEFT JOIN apart AS p ON p.group_id = q.group_id AND p.identity_id = q.identity_id
    WHERE q.group_id IN (SELECT group_id FROM scope)
      AND coalesce(least(q.joined_at, q.first_spoke_at) < $span_until, true)
      AND (q.is_present OR q.left_at >= $span_until)
      AND coalesce(a.person_id, q.identity_id) IN (SELECT person_id FROM narrowed)  -- where only
)
