package duckdb_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// row is one row of a random table.
type row = []rel.Value

// columns of random tables: values with ties, nulls, ends of ranges, and texts
// that differ in case, in a letter, in a blank.
func columns() (rel.Schema, [][]rel.Value) {
	return rel.Schema{
			{Name: "n", Type: rel.Integer, Nullable: true},
			{Name: "s", Type: rel.String, Nullable: true},
			{Name: "d", Type: rel.Date, Nullable: true},
			{Name: "x", Type: rel.Real, Nullable: true},
		}, [][]rel.Value{
			{nil, int64(0), int64(1), int64(2), int64(-9223372036854775808), int64(9223372036854775807)},
			{nil, "", "a", "A", "a ", "ё", "Ё", "е", "𝄞", "%"},
			{nil, rel.Day(0), rel.Day(1), rel.Day(-719162), rel.Day(20000)},
			{nil, 0.0, 1.5, -1e300},
		}
}

// drawRows draws a table of up to most rows.
func drawRows(t *rapid.T, most int, label string) []row {
	_, pools := columns()
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
		out := make(row, len(pools))
		for i, pool := range pools {
			out[i] = rapid.SampledFrom(pool).Draw(t, "cell")
		}
		return out
	}), 0, most).Draw(t, label)
}

// given makes a plan of rows.
func given(t fataler, rows []row) rel.Rel {
	schema, _ := columns()
	v, err := rel.Builder{NodeID: "in"}.Values(schema, rows)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type fataler interface{ Fatal(args ...any) }

// compile compiles a component over plans.
func compile(t fataler, s component.Compiler, in ...rel.Rel) []rel.Rel {
	c := &component.Context{Build: rel.Builder{NodeID: "it"}, Functions: function.Catalogue()}
	out, err := s.Compile(c, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rows computes a plan.
func (p plans) rows(t fataler, r rel.Rel) []row {
	_, rows, err := p.Rows(context.Background(), r)
	if err != nil {
		t.Fatal(err, rel.Format(r))
	}
	return rows
}

// lines spells rows, sorted: a multiset.
func lines(tables ...[]row) []string {
	out := []string{}
	for _, r := range slices.Concat(tables...) {
		cells := make([]string, len(r))
		for i, v := range r {
			cells[i] = rel.FormatValue(v)
		}
		out = append(out, strings.Join(cells, " | "))
	}
	slices.Sort(out)
	return out
}

// compareBy compares two rows by sort keys over the columns of random tables.
func compareBy(keys []rel.SortKey, a, b row) int {
	schema, _ := columns()
	for _, k := range keys {
		i := schema.Index(k.Column)
		if c := compareCells(k, a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func compareCells(k rel.SortKey, a, b rel.Value) int {
	if a == nil || b == nil {
		c := cmp.Compare(isNil(a), isNil(b))
		if k.NullsFirst {
			c = -c
		}
		return c
	}
	c := function.Compare(a, b)
	if k.Desc {
		c = -c
	}
	return c
}

func isNil(v rel.Value) int {
	if v == nil {
		return 1
	}
	return 0
}

// drawKeys draws sort keys.
func drawKeys(t *rapid.T, least int) ([]component.SortKey, []rel.SortKey) {
	schema, _ := columns()
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(schema.Names()), least, 3, rapid.ID[string]).Draw(t, "order")
	keys, plain := make([]component.SortKey, len(names)), make([]rel.SortKey, len(names))
	for i, n := range names {
		desc, first := rapid.Bool().Draw(t, "descending"), rapid.Bool().Draw(t, "nulls first")
		plain[i] = rel.SortKey{Column: n, Desc: desc, NullsFirst: first}
		keys[i] = component.SortKey{Column: n, Direction: component.Ascending, Nulls: component.NullsLast}
		if desc {
			keys[i].Direction = component.Descending
		}
		if first {
			keys[i].Nulls = component.NullsFirst
		}
	}
	return keys, plain
}

// allKeys orders by every column.
func allKeys() []rel.SortKey {
	schema, _ := columns()
	out := make([]rel.SortKey, len(schema))
	for i, c := range schema {
		out[i].Column = c.Name
	}
	return out
}

// same fails where two multisets differ.
func same(t *rapid.T, what string, got, want []string) {
	if !slices.Equal(got, want) {
		t.Fatalf("%s: got\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// onWorker runs a property over plans that a worker computes.
func onWorker(t *testing.T, property func(*rapid.T, plans)) {
	c, _, _ := start(t)
	rapid.Check(t, func(rt *rapid.T) { property(rt, plans{c: c}) })
}
