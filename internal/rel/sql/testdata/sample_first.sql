SELECT t3."origin", t3."delay", t3."distance", t3."at"
FROM (
SELECT t2."origin", t2."delay", t2."distance", t2."at", row_number() OVER (PARTITION BY t2."origin" ORDER BY t2."row 1" NULLS LAST) AS "row 2", t2."row 1" AS "order 5"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at", row_number() OVER () AS "row 1"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t2
) AS t3
WHERE t3."row 2" <= 3
ORDER BY t3."order 5" NULLS LAST
