SELECT communities, count(*) AS people
FROM (
    SELECT person_id, list_sort(list(DISTINCT community_id)) AS communities
    FROM people
    WHERE standing <> 'bot'
    GROUP BY person_id
)
GROUP BY communities
ORDER BY communities;
