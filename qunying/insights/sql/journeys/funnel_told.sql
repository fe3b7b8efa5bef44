SELECT
    {slot} AS slot,
    f.step,
    count(*) AS people,
    quantile_cont(f.took_us, 0.5) AS median_us,
    quantile_cont(f.took_us, 0.9) AS p90_us
FROM furthest AS f
{entered}GROUP BY slot, f.step
ORDER BY slot, f.step;
