package duckdb_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/parquetinput"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// TestParquetInput reads columns whose names and types no plan has as they
// are in the file.
func TestParquetInput(t *testing.T) {
	c, dir, _ := start(t)
	file := filepath.Join(dir, "x.parquet")
	const rows = `SELECT * FROM (VALUES (1::TINYINT, 1.5::FLOAT, 'a'::BLOB, '7'::HUGEINT, 0.25::DECIMAL(5,3)),
		(NULL, 'nan'::FLOAT, NULL, NULL, NULL)) t("id", "Unit price", "raw", "big", "Ставка, %")`
	if _, err := c.Exec(t.Context(), "COPY ("+rows+") TO '"+file+"' (FORMAT parquet)", nil); err != nil {
		t.Fatal(err)
	}
	columns, err := c.Describe(t.Context(), sql.DuckDB().DescribeParquet([]string{file}))
	if err != nil {
		t.Fatal(err)
	}
	found := &component.Discovery{Files: []component.File{{Path: "x.parquet"}}, Rows: 2}
	names := make([]string, len(columns))
	for i, col := range columns {
		names[i] = col.Name
		found.Columns = append(found.Columns, rel.EngineColumn{Name: col.Name, Type: col.Type})
	}
	for i, name := range discover.Names(names) {
		typ, ok := sql.ParseType(columns[i].Type)
		if !ok {
			typ = rel.String
		}
		found.Schema = append(found.Schema, rel.Column{Name: name, Type: typ, Nullable: true})
	}
	out, err := (&parquetinput.Settings{Path: "x.parquet"}).Compile(&component.Context{Found: found}, nil)
	if err != nil {
		t.Fatal(err)
	}
	schema, got, err := plans{c, dir}.Rows(t.Context(), out[0])
	if err != nil {
		t.Fatal(err)
	}
	var gotSchema []string
	for _, col := range schema {
		gotSchema = append(gotSchema, col.Name+" "+col.Type.String())
	}
	want := []string{"id integer", "Unit_price real", "raw string", "big real", "Ставка decimal(5,3)"}
	if d := cmp.Diff(want, gotSchema); d != "" {
		t.Error(d)
	}
	var cells []string
	for _, row := range got {
		for _, v := range row {
			cells = append(cells, rel.FormatValue(v))
		}
	}
	wantCells := []string{"1", "1.5", "'a'", "7.0", "0.250", "null", "null", "null", "null", "null"}
	if d := cmp.Diff(wantCells, cells); d != "" {
		t.Error(d)
	}
}
