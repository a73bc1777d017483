WITH c1 AS MATERIALIZED (
SELECT t1."Origin Airport" AS "origin", avg(CAST(t1."delay" AS BIGINT)) AS "mean"
FROM read_parquet(['/data/flights.parquet']) AS t1
GROUP BY t1."Origin Airport"
)
SELECT t2."origin", t2."mean", t3."origin" AS "origin_2", t3."mean" AS "mean_2"
FROM c1 AS t2
LEFT JOIN c1 AS t3 ON t2."origin" = t3."origin" AND (t2."mean" > t3."mean")
