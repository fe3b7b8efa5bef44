JOIN entered AS e ON e.member = f.member
LEFT JOIN came_by AS c ON c.member = f.member
