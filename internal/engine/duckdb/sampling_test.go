package duckdb_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/components/sample"
	"github.com/weftworks/weft/internal/rel"
)

// A sample draws, in the order of its input, the rows that the hash of their
// numbers chooses.
func TestSampledRows(t *testing.T) {
	onWorker(t, func(t *rapid.T, p plans) {
		in := drawRows(t, 20, "rows")
		plan, places := drawOrder(t, in)
		s := &sample.Settings{
			Method: rapid.SampledFrom([]sample.Method{sample.First, sample.Every, sample.Share, sample.Count}).Draw(t, "method"),
			Rows:   rapid.Int64Range(1, 5).Draw(t, "size"),
			Share:  rapid.SampledFrom([]float64{0, 0.1, 0.5, 0.9, 1}).Draw(t, "share"),
			Seed:   rapid.Int64().Draw(t, "seed"),
		}
		if rapid.Bool().Draw(t, "by") {
			s.By = []string{"s"}
		}
		out := compile(t, s, plan)[0]
		got, want := p.rows(t, out), drawn(s, places)
		if s.Method == sample.First && len(s.By) == 0 && !plan.Ordering().Known() {
			// The first rows of a table without an order are any of its rows.
			if len(got) != len(want) || len(without(in, got)) != len(in)-len(got) {
				t.Fatalf("got %v of %v", got, in)
			}
			return
		}
		same(t, "rows", lines(got), lines(want))
		order := out.Ordering()
		if !slices.IsSortedFunc(got, func(a, b row) int { return compareBy(order.Keys, a, b) }) {
			t.Fatalf("not in order: %v", got)
		}
		if order.Natural && len(order.Keys) == 0 {
			for i := range got {
				same(t, "row", lines(got[i:i+1]), lines(want[i:i+1]))
			}
		}
	})
}

// drawn is the model of a sample.
func drawn(s *sample.Settings, rows []row) []row {
	groups := map[string][]int{}
	for i, r := range rows {
		key := ""
		if len(s.By) > 0 {
			key = rel.FormatValue(r[1])
		}
		if s.Method == sample.Share {
			key = "all"
		}
		groups[key] = append(groups[key], i)
	}
	var chosen []int
	for _, g := range groups {
		chosen = append(chosen, chooses(s, g)...)
	}
	slices.Sort(chosen)
	out := make([]row, len(chosen))
	for i, at := range chosen {
		out[i] = rows[at]
	}
	return out
}

// chooses draws from one group, given by the places of its rows.
func chooses(s *sample.Settings, group []int) []int {
	hash := func(place int) int64 { return rel.SampleHash(int64(place+1), s.Seed) }
	size := min(int(s.Rows), len(group))
	switch s.Method {
	case sample.First:
		return group[:size]
	case sample.Every:
		var out []int
		for i := 0; i < len(group); i += int(s.Rows) {
			out = append(out, group[i])
		}
		return out
	case sample.Share:
		return slices.DeleteFunc(slices.Clone(group), func(i int) bool { return hash(i) >= rel.SampleBound(s.Share) })
	default:
		group = slices.Clone(group)
		slices.SortFunc(group, func(a, b int) int { return cmp.Or(cmp.Compare(hash(a), hash(b)), cmp.Compare(a, b)) })
		return group[:size]
	}
}
