SELECT CASE WHEN TRY_CAST(t3."id" AS BIGINT) >= ([0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000]::BIGINT[])[strlen(t3."id")] THEN TRY_CAST(t3."id" AS BIGINT) WHEN TRY_CAST(t3."id" AS BIGINT) <= ([NULL, -1, -10, -100, -1000, -10000, -100000, -1000000, -10000000, -100000000, -1000000000, -10000000000, -100000000000, -1000000000000, -10000000000000, -100000000000000, -1000000000000000, -10000000000000000, -100000000000000000, -1000000000000000000]::BIGINT[])[strlen(t3."id")] THEN TRY_CAST(t3."id" AS BIGINT) WHEN regexp_full_match(t3."id", '\s*[+-]?[0-9]+\s*') THEN TRY_CAST(t3."id" AS BIGINT) END AS "id", t3."name", t3."column 0" AS "amount", t3."value 0" AS "day"
FROM (
SELECT coalesce(CAST(try_strptime(t2."day", '%d.%m.%Y') AS DATE), CASE WHEN strlen(t2."day") < 0 THEN CAST(error('') AS DATE) END) AS "value 0", t2."id", t2."name", t2."value 0" AS "column 0"
FROM (
SELECT coalesce(CASE WHEN isfinite(TRY_CAST(t1."amount" AS DOUBLE)) THEN TRY_CAST(t1."amount" AS DOUBLE) END, CASE WHEN strlen(t1."amount") < 0 THEN CAST(error('') AS DOUBLE) END) AS "value 0", t1."id", t1."name", t1."day"
FROM read_csv(['/data/sales.csv'], auto_detect=false, columns={'id': 'VARCHAR', 'name': 'VARCHAR', 'amount': 'VARCHAR', 'day': 'VARCHAR'}, delim=';', quote='"', escape='"', header=true, skip=0, nullstr=['', 'NA'], allow_quoted_nulls=false, strict_mode=true, null_padding=false, ignore_errors=false, max_line_size=16777216, buffer_size=33554432) AS t1
) AS t2
WHERE (t2."value 0" > 10e0)
) AS t3
WHERE (t3."value 0" IS NOT NULL)
