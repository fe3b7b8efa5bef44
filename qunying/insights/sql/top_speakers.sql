SELECT
    person_id,
    count(*) AS messages,
    count(DISTINCT CAST(local_at AS DATE)) AS days,
    CAST(sum(count(*)) OVER () AS BIGINT) AS of_all
FROM talk
WHERE said_by = 'member' AND person_id IS NOT NULL
GROUP BY person_id
ORDER BY messages DESC, person_id
LIMIT $limit;
