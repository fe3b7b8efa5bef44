WITH consulted AS (
    -- Who consulted, and who of them ordered at that moment or later.
    SELECT community_id, person_id, min(epoch_us(done_at)) AS first_us
    FROM deeds
    WHERE list_contains($consults, kind)
    GROUP BY community_id, person_id
),
ordered AS (
    SELECT community_id, person_id, max(epoch_us(done_at)) AS last_us
    FROM deeds
    WHERE kind = 'order'
    GROUP BY community_id, person_id
)
SELECT count(*) AS consulted, count(*) FILTER (is_paid) AS paid
FROM (
    SELECT coalesce(o.last_us >= c.first_us, false) AS is_paid
    FROM consulted AS c
    LEFT JOIN ordered AS o ON o.community_id = c.community_id AND o.person_id = c.person_id
);
