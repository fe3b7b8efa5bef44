-- What of these names was done in the span: by how many people, how often.
SELECT count(DISTINCT member) AS people, count(*) AS times
FROM did
WHERE at_us >= $since_us AND at_us < $until_us AND list_contains($names, name);
