SELECT days_ago, CAST(sum(messages) AS BIGINT) AS messages, count(person_id) AS speakers
FROM (
    SELECT days_ago, community_id, person_id, count(*) AS messages
    FROM talk
    WHERE said_by = 'member' AND days_ago <= $most
    GROUP BY ALL
)
GROUP BY days_ago;
