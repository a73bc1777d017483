SELECT t3."origin", t3."delay", t3."distance", t3."at", t4."origin" AS "origin_2", t4."delay" AS "delay_2", t4."distance" AS "distance_2", t4."at" AS "at_2"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t1
ORDER BY CAST(t1."delay" AS BIGINT) DESC NULLS LAST, t1."Origin Airport" NULLS LAST, CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END NULLS LAST, CAST(t1."at" AS TIMESTAMP) NULLS LAST
LIMIT 5
) AS t3
INNER JOIN (
SELECT t2."Origin Airport" AS "origin", CAST(t2."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END AS "distance", CAST(t2."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t2
ORDER BY CAST(t2."delay" AS BIGINT) NULLS LAST, t2."Origin Airport" NULLS LAST, CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END NULLS LAST, CAST(t2."at" AS TIMESTAMP) NULLS LAST
LIMIT 5
) AS t4 ON t3."origin" = t4."origin"
