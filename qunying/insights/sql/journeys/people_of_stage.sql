WITH told AS (
    SELECT member, max(CASE WHEN step = $n THEN 1 ELSE 0 END) = 1 AS is_there
    FROM furthest
    WHERE step = $n OR step = $n - 1
    GROUP BY member
),
begun AS (
    SELECT member, min(at_us) AS first_us FROM did WHERE list_contains($step_1, name) GROUP BY member
)
SELECT f.member % 1099511627776 AS person_id, f.is_there
FROM told AS f
JOIN begun AS b ON b.member = f.member
{entered}WHERE {slot} = $slot
ORDER BY b.first_us, f.member;
