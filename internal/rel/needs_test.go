package rel_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
)

func TestNeeds(t *testing.T) {
	b := rel.Builder{NodeID: "n"}
	must := func(r rel.Rel, err error) rel.Rel {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	schema := rel.Schema{
		{Name: "a", Type: rel.Integer}, {Name: "b", Type: rel.Integer}, {Name: "c", Type: rel.Boolean}, {Name: "d", Type: rel.String},
	}
	scan := must(b.Scan(&rel.Given{Name: "n"}, schema, true))
	other := must(b.Scan(&rel.Stored{Address: "o"}, schema[:2], true))
	col := func(i int) rel.Expr { return rel.Col(schema[i]) }
	only := func(in rel.Rel, names ...string) rel.Rel {
		var items []rel.Item
		for _, n := range names {
			c, err := in.Schema().Find(n)
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, rel.Item{Column: c, Expr: rel.Col(c)})
		}
		return must(b.Project(in, items))
	}
	for _, tt := range []struct {
		name string
		plan rel.Rel
		want []string
	}{
		{"all", scan, []string{"a", "b", "c", "d"}},
		{"projected", only(scan, "b"), []string{"b"}},
		{"filtered", only(must(b.Filter(scan, col(2))), "b"), []string{"b", "c"}},
		{"sorted", only(must(b.Sort(scan, []rel.SortKey{{Column: "a"}})), "b"), []string{"a", "b"}},
		{"the first of a file", only(b.Limit(scan, 1, 0), "b"), []string{"b"}},
		{"the first by a key, ties by all", only(b.Limit(must(b.Sort(scan, []rel.SortKey{{Column: "a"}})), 1, 0), "b"), []string{"a", "b", "c", "d"}},
		{"distinct", only(must(b.Distinct(scan, nil, nil)), "b"), []string{"a", "b", "c", "d"}},
		{"grouped", only(must(b.Aggregate(scan, []rel.Item{{Column: schema[0], Expr: col(0)}}, []rel.Measure{
			{Column: rel.Column{Name: "s"}, Func: rel.Sum, Arg: col(1)}, {Column: rel.Column{Name: "m"}, Func: rel.Max, Arg: col(3)},
		})), "s"), []string{"a", "b"}},
		{"joined", only(must(b.Join(scan, other, rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "a", Right: "b"}}})), "a_2"), []string{"a"}},
		{"counted", must(b.Aggregate(scan, nil, []rel.Measure{{Column: rel.Column{Name: "n"}, Func: rel.CountRows}})), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := slices.Sorted(maps.Keys(rel.Needs(tt.plan)[scan.(*rel.Scan)]))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
