package sql_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// What a caller gives is a place in the query, never a part of its text.
func TestPrepare(t *testing.T) {
	m := newMaker(t)
	schema := rel.Schema{{Name: "a", Type: rel.Integer, Nullable: true}, {Name: "b", Type: rel.String, Nullable: true}}
	scan := ok(m.b.Scan(&rel.Given{Name: "t"}, schema, true))(m)
	cond := ok(formula.Compile("a > $least and (b = $word or a > $least)", formula.Env{Schema: schema, Functions: m.f, Variables: map[string]rel.Param{
		"least": {Name: "least", Value: int64(1), As: rel.Integer}, "word": {Name: "word", Value: "x'", As: rel.String},
	}}))(m)
	plan := ok(m.b.Filter(scan, cond))(m)
	got, err := sql.DuckDB().Prepare(plan, sql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := sql.Prepared{
		SQL: "SELECT CAST(t1.\"a\" AS BIGINT) AS \"a\", t1.\"b\"\n" +
			"FROM (SELECT unnest(CAST($1 AS VARCHAR[])) AS \"a\", unnest(CAST($2 AS VARCHAR[])) AS \"b\") AS t1\n" +
			"WHERE (CAST(t1.\"a\" AS BIGINT) > CAST(CAST($3 AS VARCHAR) || '' AS BIGINT)) AND ((t1.\"b\" = CAST($4 AS VARCHAR)) OR (CAST(t1.\"a\" AS BIGINT) > CAST(CAST($3 AS VARCHAR) || '' AS BIGINT)))",
		Places: []sql.Place{{Given: "t", Column: "a"}, {Given: "t", Column: "b"}, {Variable: "least"}, {Variable: "word"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := sql.DuckDB().Query(plan, sql.Options{}); err == nil {
		t.Error("a given table was taken for a file")
	}
}
