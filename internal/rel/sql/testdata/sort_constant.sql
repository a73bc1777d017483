SELECT t1."Origin Airport" AS "origin", 0.5e0 AS "real", 'a' AS "text"
FROM read_parquet(['/data/flights.parquet']) AS t1
ORDER BY t1."Origin Airport" DESC NULLS LAST
