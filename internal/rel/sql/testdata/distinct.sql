SELECT DISTINCT t1."Origin Airport" AS "origin"
FROM read_parquet(['/data/flights.parquet']) AS t1
