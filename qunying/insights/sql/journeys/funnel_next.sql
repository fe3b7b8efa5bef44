chain_{n} AS (
    SELECT d.community_id, d.person_id, d.at_us, c.start_us
    FROM (
        SELECT DISTINCT community_id, person_id, at_us FROM did WHERE list_contains($step_{n}, name)
    ) AS d
    ASOF JOIN chain_{before} AS c
        ON c.community_id = d.community_id AND c.person_id = d.person_id AND d.at_us {later} c.at_us
    WHERE d.at_us - c.start_us <= $window_us
)
