SELECT t1."Origin Airport" AS "origin"
FROM read_parquet(['/data/flights.parquet']) AS t1
ORDER BY CAST(t1."delay" AS BIGINT) DESC NULLS LAST, t1."Origin Airport" NULLS LAST
