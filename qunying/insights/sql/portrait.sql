WITH said AS (
    SELECT
        said_at >= $middle AS is_now,
        community_id,
        person_id,
        count(*) AS messages,
        count(*) FILTER (is_recalled) AS recalled
    FROM talk
    WHERE said_by = 'member' AND (said_at >= $middle OR said_at < $before_until)
    GROUP BY ALL
),
placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY is_now ORDER BY person_id IS NULL, messages DESC, person_id) AS place
    FROM said
)
SELECT
    is_now,
    CAST(sum(messages) AS BIGINT) AS messages,
    CAST(sum(recalled) AS BIGINT) AS recalled,
    count(person_id) AS speakers,
    CAST(coalesce(sum(messages) FILTER (person_id IS NOT NULL), 0) AS BIGINT) AS known,
    CAST(coalesce(sum(messages) FILTER (place <= 3 AND person_id IS NOT NULL), 0) AS BIGINT) AS by_three
FROM placed
GROUP BY is_now;
