SELECT day, CAST(sum(messages) AS BIGINT) AS messages, count(person_id) AS speakers
FROM (
    SELECT CAST(local_at AS DATE) AS day, community_id, person_id, count(*) AS messages
    FROM talk
    WHERE said_by = 'member'
    GROUP BY ALL
)
GROUP BY day
ORDER BY day;
