SELECT t3."origin", t3."delay", t3."distance", t3."at"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t3
ANTI JOIN (
SELECT t2."Origin Airport" AS "origin", CAST(t2."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END AS "distance", CAST(t2."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t2
) AS t4 ON t3."origin" IS NOT DISTINCT FROM t4."origin"
