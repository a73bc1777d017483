SELECT t1."id", t1."name", t1."amount", t1."day"
FROM read_csv(['/data/sales.csv'], auto_detect=false, columns={'id': 'VARCHAR', 'name': 'VARCHAR', 'amount': 'VARCHAR', 'day': 'VARCHAR'}, delim=';', quote='"', escape='"', header=true, skip=0, nullstr=['', 'NA'], allow_quoted_nulls=false, strict_mode=true, null_padding=false, ignore_errors=false, max_line_size=16777216, buffer_size=33554432) AS t1
