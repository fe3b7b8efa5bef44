SELECT
    CAST(hour(local_at) AS INTEGER) AS hour,
    count(*) FILTER (days_ago = 1) AS messages,
    count(*) FILTER (days_ago IN (8, 15, 22, 29)) AS before
FROM talk
WHERE said_by = 'member' AND days_ago IN (1, 8, 15, 22, 29)
GROUP BY hour;
