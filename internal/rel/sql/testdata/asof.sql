SELECT t4."origin", t4."delay", t4."distance", t4."at", t5."origin" AS "origin_2", t5."delay" AS "delay_2", t5."distance" AS "distance_2", t5."at" AS "at_2"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t4
ASOF LEFT JOIN (
SELECT t3."origin", t3."delay", t3."distance", t3."at"
FROM (
SELECT t2."Origin Airport" AS "origin", CAST(t2."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END AS "distance", CAST(t2."at" AS TIMESTAMP) AS "at", row_number() OVER (PARTITION BY CAST(t2."at" AS TIMESTAMP), t2."Origin Airport" ORDER BY CAST(t2."delay" AS BIGINT) NULLS LAST, CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END NULLS LAST) AS "row 2"
FROM read_parquet(['/data/flights.parquet']) AS t2
) AS t3
WHERE t3."row 2" = 1
) AS t5 ON t4."origin" = t5."origin" AND t4."at" > t5."at"
