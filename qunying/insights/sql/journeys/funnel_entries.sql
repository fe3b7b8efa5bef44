SELECT member, min(local_at) AS local_at FROM did WHERE list_contains($step_1, name) GROUP BY member
