SELECT DISTINCT d.member, p.via
FROM did AS d
JOIN parted AS p ON p.person_id = d.member % 1099511627776
