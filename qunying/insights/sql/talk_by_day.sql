SELECT is_now, day, CAST(sum(messages) AS BIGINT) AS messages, count(person_id) AS speakers
FROM (
    SELECT
        said_at >= $middle AS is_now,
        CAST(local_at AS DATE) AS day,
        community_id,
        person_id,
        count(*) AS messages
    FROM talk
    WHERE said_by = 'member' AND (said_at >= $middle OR said_at < $before_until)
    GROUP BY ALL
)
GROUP BY is_now, day
ORDER BY is_now, day;
