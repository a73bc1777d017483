package plan_test

import (
	"testing"

	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
)

// What is quick over three million rows is previewed exactly; what takes
// longer than a moment is made from the heads of the sources.
func TestPreviewOfMillions(t *testing.T) {
	b := rel.Builder{NodeID: "a"}
	schema := rel.Schema{{Name: "k", Type: rel.String}, {Name: "n", Type: rel.Integer}}
	flights, err := b.Scan(&rel.ParquetFile{Files: []string{"flights.parquet"}, Rows: 3_000_000}, schema, true)
	if err != nil {
		t.Fatal(err)
	}
	n := rel.Col(schema[1])
	group := func(f rel.AggregateFunc) rel.Rel {
		r, err := b.Aggregate(flights, []rel.Item{{Column: schema[0], Expr: rel.Col(schema[0])}}, []rel.Measure{{Column: rel.Column{Name: "m"}, Func: f, Arg: n}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	sorted, err1 := b.Sort(flights, []rel.SortKey{{Column: "n"}})
	distinct, err2 := b.Distinct(flights, []string{"k"}, nil)
	drawn, err3 := b.Sample(flights, rel.Sample{Kind: rel.SampleCount, Count: 5, By: []string{"k"}})
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name  string
		r     rel.Rel
		whole bool
	}{
		{"the file", flights, true},
		{"a sort", sorted, true},
		{"a mean", group(rel.Mean), true},
		{"a median", group(rel.Median), true},
		{"different values", group(rel.CountDistinct), false},
		{"joined texts", group(rel.Concat), false},
		{"distinct rows", distinct, false},
		{"a sample of each group", drawn, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if whole := len(plan.PreviewOf(tt.r, 100).Caps) == 0; whole != tt.whole {
				t.Errorf("previewed as a whole: %t", whole)
			}
		})
	}
}
