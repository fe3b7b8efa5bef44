-- The part of a breakdown that a row belongs to, as text; '' where nothing is broken down. Weeks begin on Monday.
CREATE MACRO slot(kind, local_at, group_id, community_id, via) AS CASE kind
    WHEN 'day' THEN CAST(CAST(local_at AS DATE) AS VARCHAR)
    WHEN 'week' THEN CAST(CAST(date_trunc('week', local_at) AS DATE) AS VARCHAR)
    WHEN 'month' THEN CAST(CAST(date_trunc('month', local_at) AS DATE) AS VARCHAR)
    WHEN 'weekday' THEN CAST(isodow(local_at) AS VARCHAR)
    WHEN 'hour' THEN CAST(hour(local_at) AS VARCHAR)
    WHEN 'group' THEN CAST(group_id AS VARCHAR)
    WHEN 'community' THEN CAST(community_id AS VARCHAR)
    WHEN 'source' THEN via
    ELSE ''
END;
