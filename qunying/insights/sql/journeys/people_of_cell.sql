kept AS (
    SELECT DISTINCT community_id, person_id
    FROM back
    WHERE CASE WHEN $or_later THEN n >= $n ELSE n = $n END
)
SELECT c.person_id, k.person_id IS NOT NULL OR $n = 0 AS is_back
FROM cohorts AS c
LEFT JOIN kept AS k ON k.community_id = c.community_id AND k.person_id = c.person_id
WHERE c.slot = $slot AND ($n = 0 OR c.passed > $n)
ORDER BY c.first_us, c.person_id;
