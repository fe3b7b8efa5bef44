steps AS (
    SELECT DISTINCT community_id, person_id, at_us, CASE
    {marks}
    END AS step
    FROM did
),
seen AS (
    SELECT
        community_id,
        person_id,
        at_us,
        {last}
    FROM steps
    WHERE step IS NOT NULL
    WINDOW so_far AS (
        PARTITION BY community_id, person_id ORDER BY at_us RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
