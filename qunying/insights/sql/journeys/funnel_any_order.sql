steps AS (
    SELECT member, at_us, CASE
    {marks}
    END AS step
    FROM did
),
seen AS MATERIALIZED (
    SELECT
        member,
        at_us,
        {last}
    FROM steps
    WHERE step IS NOT NULL
    WINDOW so_far AS (PARTITION BY member ORDER BY at_us RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
