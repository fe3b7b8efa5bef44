kept AS (
    SELECT DISTINCT member FROM back WHERE CASE WHEN $or_later THEN n >= $n ELSE n = $n END
)
SELECT c.member % 1099511627776 AS person_id, k.member IS NOT NULL OR $n = 0 AS is_back
FROM cohorts AS c
LEFT JOIN kept AS k ON k.member = c.member
WHERE c.slot = $slot AND ($n = 0 OR c.passed > $n)
ORDER BY c.first_us, c.member;
