WITH entered AS (
    SELECT member, min(at_us) AS start_us
    FROM did
    WHERE name = 'joined'
    GROUP BY member
    HAVING min(at_us) >= $since_us
)
SELECT d.member, e.start_us, d.name, min(d.at_us) AS at_us
FROM did AS d
JOIN entered AS e ON e.member = d.member
WHERE d.at_us >= e.start_us AND d.at_us - e.start_us <= $window_us
GROUP BY d.member, e.start_us, d.name
ORDER BY d.member, d.name;
