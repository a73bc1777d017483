SELECT t2."origin", t2."delay", t2."distance", t2."at"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at", row_number() OVER (PARTITION BY t1."Origin Airport" ORDER BY CAST(t1."delay" AS BIGINT) DESC NULLS LAST, CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END NULLS LAST, CAST(t1."at" AS TIMESTAMP) NULLS LAST) AS "row 1"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t2
WHERE t2."row 1" = 1
