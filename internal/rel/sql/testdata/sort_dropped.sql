SELECT t1."Origin Airport" AS "origin", count(*) AS "n"
FROM read_parquet(['/data/flights.parquet']) AS t1
GROUP BY t1."Origin Airport"
