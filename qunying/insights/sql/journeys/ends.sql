SELECT
    unnest($homes::BIGINT[]) AS community_id,
    unnest($since::TIMESTAMP[]) AS since_local,
    unnest($until::TIMESTAMP[]) AS until_local
