SELECT CAST(isodow(local_at) AS INTEGER) AS weekday, CAST(hour(local_at) AS INTEGER) AS hour, count(*) AS value
FROM talk
WHERE said_by = 'member' AND said_at >= $middle
GROUP BY weekday, hour
ORDER BY weekday, hour;
