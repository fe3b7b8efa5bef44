chain_1 AS NOT MATERIALIZED (
    SELECT member, at_us, at_us AS start_us FROM did WHERE list_contains($step_1, name)
)
