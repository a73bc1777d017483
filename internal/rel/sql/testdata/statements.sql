COPY (
SELECT 1
) TO '/out/a''s.parquet' (FORMAT parquet, COMPRESSION uncompressed, WRITE_BLOOM_FILTER false, PER_THREAD_OUTPUT true);

COPY (
SELECT 1
) TO '/out/a.parquet' (FORMAT parquet, COMPRESSION 'zstd', WRITE_BLOOM_FILTER false);

COPY (
SELECT * FROM (
SELECT 1, 2
) AS t("First ""name""", "день")
) TO '/out/a.csv' (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR 'NA');

COPY (
SELECT 'a', 'A'
UNION ALL
SELECT * FROM (
SELECT 1, 2
)
) TO '/out/a.csv' (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR 'NA');

CREATE TEMP TABLE "step ""1""" AS
SELECT 1;

DROP TABLE IF EXISTS "step ""1""";

SELECT * FROM read_parquet(['/data/a[[]1][*].parquet']);

SELECT count(*) AS rows FROM read_parquet(['/data/a.parquet', '/data/b.parquet'])
