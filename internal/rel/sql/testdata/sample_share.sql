SELECT t2."origin", t2."delay", t2."distance", t2."at"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at", row_number() OVER () AS "row 1"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t2
WHERE xor(((xor(xor(((xor(((t2."row 1" + 3184996902) & 4294967295), ((t2."row 1" + 3184996902) & 4294967295) >> 16) * 73244475) & 4294967295), 803958421), xor(((xor(((t2."row 1" + 3184996902) & 4294967295), ((t2."row 1" + 3184996902) & 4294967295) >> 16) * 73244475) & 4294967295), 803958421) >> 16) * 73244475) & 4294967295), ((xor(xor(((xor(((t2."row 1" + 3184996902) & 4294967295), ((t2."row 1" + 3184996902) & 4294967295) >> 16) * 73244475) & 4294967295), 803958421), xor(((xor(((t2."row 1" + 3184996902) & 4294967295), ((t2."row 1" + 3184996902) & 4294967295) >> 16) * 73244475) & 4294967295), 803958421) >> 16) * 73244475) & 4294967295) >> 16) < 42949673
