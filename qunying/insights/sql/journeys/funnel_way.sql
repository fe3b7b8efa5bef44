way_{n} AS (
    SELECT *, CASE WHEN list_contains($step_{n}, name) AND at_us - from_{n} <= $window_us THEN from_{n} END AS start_{n}
    FROM (
        SELECT *, max(start_{before}) OVER (
            PARTITION BY member ORDER BY at_us RANGE BETWEEN UNBOUNDED PRECEDING AND {until}
        ) AS from_{n}
        FROM way_{before}
    ) AS w
)
