SELECT t2."origin", t2."delay", t2."distance", t2."at", rank() OVER (PARTITION BY t2."origin" ORDER BY t2."at" NULLS LAST) AS "n"
FROM (
SELECT t1."origin", t1."delay", t1."distance", t1."at", row_number() OVER () AS "row 1"
FROM "s1" AS t1
) AS t2
ORDER BY t2."row 1" NULLS LAST
