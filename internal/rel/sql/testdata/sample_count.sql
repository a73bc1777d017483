SELECT t3."origin", t3."delay", t3."distance", t3."at"
FROM (
SELECT t2."origin", t2."delay", t2."distance", t2."at", row_number() OVER (ORDER BY xor(((xor(xor(((xor(((t2."row 1" + 2433363436) & 4294967295), ((t2."row 1" + 2433363436) & 4294967295) >> 16) * 73244475) & 4294967295), 2298633409), xor(((xor(((t2."row 1" + 2433363436) & 4294967295), ((t2."row 1" + 2433363436) & 4294967295) >> 16) * 73244475) & 4294967295), 2298633409) >> 16) * 73244475) & 4294967295), ((xor(xor(((xor(((t2."row 1" + 2433363436) & 4294967295), ((t2."row 1" + 2433363436) & 4294967295) >> 16) * 73244475) & 4294967295), 2298633409), xor(((xor(((t2."row 1" + 2433363436) & 4294967295), ((t2."row 1" + 2433363436) & 4294967295) >> 16) * 73244475) & 4294967295), 2298633409) >> 16) * 73244475) & 4294967295) >> 16) NULLS LAST, t2."row 1" NULLS LAST) AS "row 2"
FROM (
SELECT t1."Origin Airport" AS "origin", CAST(t1."delay" AS BIGINT) AS "delay", CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END AS "distance", CAST(t1."at" AS TIMESTAMP) AS "at", row_number() OVER (ORDER BY CAST(t1."delay" AS BIGINT) NULLS LAST, t1."Origin Airport" NULLS LAST, CASE WHEN isfinite(CAST(t1."distance" AS DOUBLE)) THEN CAST(t1."distance" AS DOUBLE) END NULLS LAST, CAST(t1."at" AS TIMESTAMP) NULLS LAST) AS "row 1"
FROM read_parquet(['/data/flights.parquet']) AS t1
) AS t2
) AS t3
WHERE t3."row 2" <= 100
ORDER BY t3."delay" NULLS LAST
