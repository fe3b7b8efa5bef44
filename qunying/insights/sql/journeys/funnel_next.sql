chain_{n} AS MATERIALIZED (
    SELECT d.member, d.at_us, c.start_us
    FROM (SELECT member, at_us FROM did WHERE list_contains($step_{n}, name)) AS d
    ASOF JOIN chain_{before} AS c ON c.member = d.member AND d.at_us {later} c.at_us
    WHERE d.at_us - c.start_us <= $window_us
)
