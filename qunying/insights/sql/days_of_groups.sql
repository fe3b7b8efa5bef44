WITH said AS (
    SELECT community_id, group_id, CAST(local_at AS DATE) AS day, person_id, count(*) AS messages
    FROM talk
    WHERE said_by = 'member'
    GROUP BY ALL
)
SELECT
    community_id,
    CASE WHEN grouping(group_id) = 1 THEN 0 ELSE group_id END AS group_id,
    day,
    CAST(sum(messages) AS BIGINT) AS messages,
    count(DISTINCT person_id) AS speakers
FROM said
GROUP BY GROUPING SETS ((community_id, day, group_id), (community_id, day));
