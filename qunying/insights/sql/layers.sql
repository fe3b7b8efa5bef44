WITH left_behind AS (
    -- Where everybody stands: in each group, and (group 0) once in each community. The highest condition that is met decides;
    -- ``limits`` are what each community set.
    SELECT community_id, group_id, person_id, CAST(local_at AS DATE) AS day, count(*) AS messages, 0 AS openings, 0 AS came
    FROM talk
    WHERE said_by = 'member' AND person_id IS NOT NULL
    GROUP BY community_id, group_id, person_id, day
    UNION ALL
    SELECT community_id, group_id, person_id, NULL::DATE AS day, 0 AS messages, 0 AS openings, 1 AS came
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined'
    UNION ALL
    SELECT
        o.community_id, o.group_id, coalesce(a.person_id, o.identity_id) AS person_id, NULL::DATE AS day,
        0 AS messages, o.openings, 0 AS came
    FROM openings AS o
    LEFT JOIN aliases AS a ON a.identity_id = o.identity_id
),
traces AS (
    SELECT
        community_id, group_id, person_id,
        sum(messages) AS messages, count(DISTINCT day) AS days, sum(openings) AS openings, max(came) AS came
    FROM left_behind
    GROUP BY community_id, group_id, person_id
    UNION ALL
    SELECT
        community_id, 0 AS group_id, person_id,
        sum(messages) AS messages, count(DISTINCT day) AS days, sum(openings) AS openings, max(came) AS came
    FROM left_behind
    GROUP BY community_id, person_id
),
seated AS (
    SELECT community_id, group_id, person_id, min(CASE WHEN first_spoke_at IS NULL THEN 1 ELSE 0 END) AS mute
    FROM people
    WHERE standing = 'member'
    GROUP BY community_id, group_id, person_id
    UNION ALL
    SELECT
        community_id, 0 AS group_id, person_id, min(CASE WHEN first_spoke_at IS NULL THEN 1 ELSE 0 END) AS mute
    FROM people
    WHERE standing = 'member'
    GROUP BY community_id, person_id
)
SELECT
    s.community_id,
    s.group_id,
    s.person_id,
    s.mute,
    CASE
        WHEN t.openings >= l.openings THEN 'opener'
        WHEN t.days >= l.days_spoken OR t.messages >= l.messages OR t.openings > 0 THEN 'follower'
        WHEN t.messages > 0 OR t.came > 0 THEN 'lurker'
        ELSE 'dormant'
    END AS layer
FROM seated AS s
JOIN limits AS l ON l.community_id = s.community_id
LEFT JOIN traces AS t
    ON t.community_id = s.community_id AND t.group_id = s.group_id AND t.person_id = s.person_id;
