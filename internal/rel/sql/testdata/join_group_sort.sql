SELECT t2."city", avg(t3."delay") AS "mean"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t3
INNER JOIN (VALUES ('SFO', 'San Francisco', 1::BIGINT),
('JFK', 'O''Hare', CAST(NULL AS BIGINT))) AS t2("iata", "city", "rank") ON t3."origin" = t2."iata"
GROUP BY t2."city"
ORDER BY avg(t3."delay") DESC NULLS LAST
