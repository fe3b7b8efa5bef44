told AS (
    SELECT member, max(CASE WHEN step = $n THEN 1 ELSE 0 END) = 1 AS is_there, min(at_us) AS first_us
    FROM reached
    WHERE step = $n OR step = $n - 1
    GROUP BY member
)
SELECT f.member % 1099511627776 AS person_id, f.is_there
FROM told AS f
{entered}WHERE {slot} = $slot
ORDER BY f.first_us, f.member;
