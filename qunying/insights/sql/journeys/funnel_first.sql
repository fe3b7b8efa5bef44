chain_1 AS (
    SELECT DISTINCT community_id, person_id, at_us, at_us AS start_us
    FROM did
    WHERE list_contains($step_1, name)
)
