SELECT
    slot($by, local_at, NULL::BIGINT, community_id, source) AS slot,
    currency,
    avg(amount) AS value,
    quantile_cont(amount, 0.5) AS median,
    quantile_cont(amount, 0.9) AS p90,
    max(amount) AS highest,
    count(*) AS orders
FROM deeds
WHERE kind = 'order'
GROUP BY slot, currency
ORDER BY slot, currency;
