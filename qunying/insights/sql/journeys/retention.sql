-- How many people have how many whole periods behind them, and how many of them were back in which, or until which last.
returned AS (
    SELECT slot, last_n AS n, count(*) AS people
    FROM (
        SELECT slot, member, max(least(n, passed - 1)) AS last_n
        FROM back
        WHERE n > 0 AND (n < passed OR $or_later)
        GROUP BY slot, member, CASE WHEN $or_later THEN 0 ELSE n END
    ) AS b
    WHERE last_n > 0
    GROUP BY slot, last_n
)
SELECT slot, passed AS n, false AS is_back, count(*) AS people
FROM cohorts
GROUP BY slot, passed
UNION ALL
SELECT slot, n, true AS is_back, people
FROM returned;
