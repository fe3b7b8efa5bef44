WITH there AS (
    SELECT DISTINCT member, date_trunc($every, local_at) AS period
    FROM did
),
told AS (
    SELECT
        member // 1099511627776 AS community_id,
        period,
        lag(period) OVER one AS before,
        lead(period) OVER one AS after,
        date_trunc($every, period + to_days(CASE $every WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 31 END)) AS next
    FROM there
    WINDOW one AS (PARTITION BY member ORDER BY period)
),
states AS (
    SELECT
        community_id,
        period,
        CASE
            WHEN before IS NULL THEN 'new'
            WHEN date_diff($every, before, period) = 1 THEN 'returning'
            ELSE 'resurrected'
        END AS state
    FROM told
    UNION ALL
    SELECT community_id, next AS period, 'dormant' AS state
    FROM told
    WHERE after IS NULL OR after > next
)
SELECT
    CAST(CAST(s.period AS DATE) AS VARCHAR) AS slot,
    count(*) FILTER (state <> 'dormant') AS value,
    count(*) FILTER (state = 'new') AS new,
    count(*) FILTER (state = 'returning') AS returning,
    count(*) FILTER (state = 'resurrected') AS resurrected,
    count(*) FILTER (state = 'dormant') AS dormant
FROM states AS s
JOIN ends AS e ON e.community_id = s.community_id
WHERE s.period < e.until_local AND s.period >= date_trunc($every, e.since_local)
GROUP BY slot
ORDER BY slot;
