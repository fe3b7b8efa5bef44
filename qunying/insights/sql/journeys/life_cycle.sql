WITH there AS (
    SELECT DISTINCT member, period($every, local_at) AS period
    FROM did
),
told AS (
    SELECT
        member // 1099511627776 AS community_id,
        period,
        lag(period) OVER one AS before,
        lead(period) OVER one AS after
    FROM there
    WINDOW one AS (PARTITION BY member ORDER BY period)
),
states AS (
    SELECT
        community_id,
        period,
        CASE
            WHEN before IS NULL THEN 'new'
            WHEN before = period - 1 THEN 'returning'
            ELSE 'resurrected'
        END AS state
    FROM told
    UNION ALL
    SELECT community_id, period + 1 AS period, 'dormant' AS state
    FROM told
    WHERE after IS NULL OR after > period + 1
)
SELECT
    s.period,
    count(*) FILTER (state <> 'dormant') AS value,
    count(*) FILTER (state = 'new') AS new,
    count(*) FILTER (state = 'returning') AS returning,
    count(*) FILTER (state = 'resurrected') AS resurrected,
    count(*) FILTER (state = 'dormant') AS dormant
FROM states AS s
JOIN ends AS e ON e.community_id = s.community_id
WHERE s.period BETWEEN e.since_period AND e.last_period
GROUP BY s.period
ORDER BY s.period;
