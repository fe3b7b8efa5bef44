WITH days AS (
    -- Who did one of these in the span for the first time ever, and who on a second day ever.
    SELECT member, CAST(local_at AS DATE) AS day, min(at_us) AS first_us
    FROM did
    WHERE list_contains($names, name)
    GROUP BY member, day
),
numbered AS (
    SELECT first_us, row_number() OVER (PARTITION BY member ORDER BY day) AS nth
    FROM days
)
SELECT CAST(nth AS INTEGER) AS nth, count(*) AS people
FROM numbered
WHERE nth <= 2 AND first_us >= $since_us AND first_us < $until_us
GROUP BY nth
ORDER BY nth;
