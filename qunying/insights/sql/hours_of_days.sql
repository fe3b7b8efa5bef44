SELECT community_id, CAST(local_at AS DATE) AS day, CAST(hour(local_at) AS INTEGER) AS hour, count(*) AS messages
FROM talk
WHERE said_by = 'member'
GROUP BY ALL;
