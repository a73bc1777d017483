package duckdb_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// tolerance is how far two ways of summing reals may lie apart, relative to
// the greater.
const tolerance = 1e-9

// bag is a multiset of rows, found by their exact cells.
type bag map[string][][]rel.Value

// exactCells spells a row but for its inexact reals.
func exactCells(schema rel.Schema, inexact map[string]bool, row []rel.Value) string {
	cells := make([]string, len(row))
	for i, v := range row {
		f, isReal := v.(float64)
		switch {
		case isReal && len(inexact) > 0 && inexact[schema[i].Name]:
			cells[i] = "~"
		case isReal && f == 0:
			cells[i] = "0.0" // which has no sign
		default:
			cells[i] = rel.FormatValue(v)
		}
	}
	return strings.Join(cells, " | ")
}

func spellRow(row []rel.Value) string { return exactCells(nil, nil, row) }

// take removes a row that is the same but for the last digits.
func (b bag) take(key string, row []rel.Value) bool {
	i := slices.IndexFunc(b[key], func(x []rel.Value) bool { return alike(x, row) })
	if i >= 0 {
		b[key] = slices.Delete(b[key], i, i+1)
	}
	return i >= 0
}

func alike(a, b []rel.Value) bool {
	for i := range a {
		x, isReal := a[i].(float64)
		y, also := b[i].(float64)
		if isReal && also && !(math.Abs(x-y) <= tolerance*max(math.Abs(x), math.Abs(y))) {
			return false
		}
	}
	return true
}

// missing tells the rows of a that are not in b, both taken as multisets.
func missing(schema rel.Schema, inexact map[string]bool, a, b [][]rel.Value) string {
	in := bag{}
	for _, row := range b {
		key := exactCells(schema, inexact, row)
		in[key] = append(in[key], row)
	}
	var out strings.Builder
	for _, row := range a {
		if !in.take(exactCells(schema, inexact, row), row) {
			out.WriteString(spellRow(row) + "\n")
		}
	}
	return out.String()
}

// differ tells the rows in which two tables differ as multisets; "" for none.
func differ(schema rel.Schema, inexact map[string]bool, want, got [][]rel.Value) string {
	minus, plus := missing(schema, inexact, want, got), missing(schema, inexact, got, want)
	if minus == "" && plus == "" {
		return ""
	}
	return prefixed("-", minus) + prefixed("+", plus)
}

func prefixed(sign, lines string) string {
	var out strings.Builder
	for l := range strings.Lines(lines) {
		out.WriteString(sign + l)
	}
	return out.String()
}

// disorder tells where two tables that are the same come in different orders,
// as far as the plan has one: the values of its keys in sequence; whole rows
// where they come as they stand in the source.
func disorder(r rel.Rel, inexact map[string]bool, want, got [][]rel.Value) string {
	columns := ordered(r, inexact)
	for i := range min(len(want), len(got)) {
		for _, c := range columns {
			if a, b := spellRow(want[i][c:c+1]), spellRow(got[i][c:c+1]); a != b {
				return fmt.Sprintf("row %d has %s %s, and %s fused", i+1, r.Schema()[c].Name, b, a)
			}
		}
	}
	return ""
}

// ordered are the columns whose values come in one sequence only.
func ordered(r rel.Rel, inexact map[string]bool) []int {
	var out []int
	o := r.Ordering()
	for _, k := range o.Keys {
		if k.Collation != "" {
			break // texts that differ may tie
		}
		out = append(out, r.Schema().Index(k.Column))
	}
	if len(o.Keys) > 0 || !o.Natural {
		return out
	}
	sorted := false
	rel.Visit(r, func(x rel.Rel) {
		_, is := x.(*rel.Sort)
		sorted = sorted || is
	})
	for i, c := range r.Schema() {
		if !sorted && !inexact[c.Name] {
			out = append(out, i)
		}
	}
	return out
}
