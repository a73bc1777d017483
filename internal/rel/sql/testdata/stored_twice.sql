SELECT t3."origin", t3."delay", t3."distance", t3."at", t3."n", rank() OVER (PARTITION BY t3."origin" ORDER BY t3."n" NULLS LAST) AS "r"
FROM (
SELECT t2."origin", t2."delay", t2."distance", t2."at", t2."n", row_number() OVER () AS "row 2"
FROM (
SELECT t1."origin", t1."delay", t1."distance", t1."at", row_number() OVER () AS "n"
FROM "s1" AS t1
) AS t2
) AS t3
ORDER BY t3."row 2" NULLS LAST
