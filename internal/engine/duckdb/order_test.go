package duckdb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
)

// Parts hold the rows in their order: row 1 of a kept result is row 1 of its
// preview, and what was sorted stays so, however many threads write.
func TestPartsKeepTheOrderOfRows(t *testing.T) {
	c, dir, _ := start(t)
	source := filepath.Join(dir, "source.parquet")
	write := func(query string) {
		t.Helper()
		if _, err := c.Exec(t.Context(), query, nil); err != nil {
			t.Fatal(err)
		}
	}
	write("COPY (SELECT range AS n, hash(range) % 1000000 AS h FROM range(1000000)) TO '" + source + "' (FORMAT parquet)")
	tests := []struct{ name, query, order string }{
		{"of a file", "SELECT n AS k FROM '" + source + "' WHERE n % 7 > 0", "k >= before"},
		{"of a sort", "SELECT h AS k FROM '" + source + "' ORDER BY h DESC", "k <= before"},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := filepath.Join(dir, fmt.Sprint("parts", i))
			write(sql.DuckDB().Copy(tt.query, folder, run.PartsFormat()))
			entries, err := os.ReadDir(folder)
			if err != nil || len(entries) < 8 {
				t.Fatalf("%d parts, %v", len(entries), err)
			}
			files := ""
			for n := range entries {
				files += fmt.Sprintf("'%s', ", filepath.Join(folder, fmt.Sprintf("data_%d.parquet", n)))
			}
			out := filepath.Join(dir, fmt.Sprint("wrong", i))
			wrong := "SELECT k FROM (SELECT k, lag(k) OVER () AS before FROM read_parquet([" + files + "])) WHERE NOT (" + tt.order + ")"
			n, err := c.Exec(t.Context(), sql.DuckDB().Copy(wrong, out, rel.FileFormat{Parquet: true}), nil)
			if err != nil || n != 0 {
				t.Errorf("%d rows are out of order, %v", n, err)
			}
		})
	}
}
