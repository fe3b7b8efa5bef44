seen AS (
    SELECT
        member,
        at_us,
        {last}
    FROM did
    WINDOW so_far AS (PARTITION BY member ORDER BY at_us RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
