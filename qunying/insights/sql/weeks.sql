WITH weekly AS (
    SELECT group_id, (epoch_us($until) - epoch_us(said_at) - 1) // 604800000000 AS weeks_ago, count(*) AS messages
    FROM talk
    WHERE said_by = 'member'
    GROUP BY ALL
),
grid AS (
    SELECT group_id, range AS weeks_ago
    FROM (SELECT DISTINCT group_id FROM scope), range(8)
),
lined_up AS (
    SELECT
        g.group_id,
        list(coalesce(w.messages, 0) ORDER BY g.weeks_ago DESC) AS weeks,
        coalesce(max(w.messages) FILTER (g.weeks_ago = 0), 0) AS this_week,
        coalesce(max(w.messages) FILTER (g.weeks_ago = 1), 0) AS last_week
    FROM grid AS g
    LEFT JOIN weekly AS w ON w.group_id = g.group_id AND w.weeks_ago = g.weeks_ago
    GROUP BY g.group_id
)
SELECT group_id, weeks
FROM lined_up
WHERE last_week >= $least AND this_week <= greatest(last_week, 1) * $most
ORDER BY this_week / greatest(last_week, 1), last_week DESC, group_id
LIMIT $limit;
