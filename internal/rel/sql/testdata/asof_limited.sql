SELECT t5."origin", t5."delay", t5."distance", t5."at", t6."origin" AS "origin_2", t6."delay" AS "delay_2", t6."distance" AS "distance_2", t6."at" AS "at_2"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t5
ASOF JOIN (
SELECT t4."origin", t4."delay", t4."distance", t4."at"
FROM (
SELECT t3."origin", t3."delay", t3."distance", t3."at", row_number() OVER (PARTITION BY t3."at" ORDER BY t3."origin" NULLS LAST, t3."delay" NULLS LAST, t3."distance" NULLS LAST) AS "row 3"
FROM (
SELECT t2."Origin Airport" AS "origin", CAST(t2."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END AS "distance", CAST(t2."at" AS TIMESTAMP) AS "at"
FROM read_parquet(['/data/flights.parquet']) AS t2
ORDER BY CAST(t2."delay" AS BIGINT) NULLS LAST, t2."Origin Airport" NULLS LAST, CASE WHEN isfinite(CAST(t2."distance" AS DOUBLE)) THEN CAST(t2."distance" AS DOUBLE) END NULLS LAST, CAST(t2."at" AS TIMESTAMP) NULLS LAST
LIMIT 5
) AS t3
) AS t4
WHERE t4."row 3" = 1
) AS t6 ON t5."at" >= t6."at"
