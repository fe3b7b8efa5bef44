SELECT unnest($members::BIGINT[]) AS member, unnest($words::VARCHAR[]) AS via
