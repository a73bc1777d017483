SELECT 'a' AS "text", first('a' ORDER BY t1."Origin Airport" NULLS LAST) AS "first", last('a') AS "last", string_agg('a', ', ') AS "all"
FROM read_parquet(['/data/flights.parquet']) AS t1
GROUP BY 'a'
