SELECT t2."name" AS "who", CASE WHEN isfinite(sum(CASE WHEN isfinite((t2."value 0" * 0.2e0)) THEN (t2."value 0" * 0.2e0) END)) THEN sum(CASE WHEN isfinite((t2."value 0" * 0.2e0)) THEN (t2."value 0" * 0.2e0) END) END AS "total"
FROM (
SELECT coalesce(CASE WHEN isfinite(TRY_CAST(t1."amount" AS DOUBLE)) THEN TRY_CAST(t1."amount" AS DOUBLE) END, CASE WHEN strlen(t1."amount") < 0 THEN CAST(error('') AS DOUBLE) END) AS "value 0", t1."id", t1."name", t1."day"
FROM read_csv(['/data/sales.csv'], auto_detect=false, columns={'id': 'VARCHAR', 'name': 'VARCHAR', 'amount': 'VARCHAR', 'day': 'VARCHAR'}, delim=';', quote='"', escape='"', header=true, skip=0, nullstr=['', 'NA'], allow_quoted_nulls=false, strict_mode=true, null_padding=false, ignore_errors=false, max_line_size=16777216, buffer_size=33554432) AS t1
) AS t2
WHERE (t2."value 0" > 10e0)
GROUP BY t2."name"
ORDER BY CASE WHEN isfinite(sum(CASE WHEN isfinite((t2."value 0" * 0.2e0)) THEN (t2."value 0" * 0.2e0) END)) THEN sum(CASE WHEN isfinite((t2."value 0" * 0.2e0)) THEN (t2."value 0" * 0.2e0) END) END DESC NULLS LAST
