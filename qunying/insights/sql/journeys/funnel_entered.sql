JOIN (
    SELECT member, min(local_at) AS local_at FROM did WHERE list_contains($step_1, name) GROUP BY member
) AS e ON e.member = f.member
LEFT JOIN came_by AS c ON c.member = f.member
