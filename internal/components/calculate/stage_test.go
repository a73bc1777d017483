package calculate

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// However formulas use and replace one another's columns, the few projections
// give what working them out one by one gives.
func TestStagesMeanOneByOne(t *testing.T) {
	in, err := rel.Builder{}.Values(rel.Schema{{Name: "a", Type: rel.Integer}, {Name: "b", Type: rel.Integer}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := map[string]int64{"a": 1, "b": 100}
	rapid.Check(t, func(t *rapid.T) {
		var s Settings
		now := map[string]int64{"a": row["a"], "b": row["b"]}
		names := rapid.Permutation([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "names")
		visible := []string{"a", "b"}
		for i, name := range names[:rapid.IntRange(1, len(names)).Draw(t, "count")] {
			terms := rapid.SliceOfN(rapid.SampledFrom(visible), 0, 3).Draw(t, "terms")
			value := int64(i)
			for _, x := range terms {
				value += now[x]
			}
			formula := strings.Join(append(terms, strconv.Itoa(i)), " + ")
			helper := name > "b" && rapid.Bool().Draw(t, "intermediate")
			s.Formulas = append(s.Formulas, Formula{Name: name, Formula: formula, Intermediate: helper})
			now[name] = value
			visible = append(visible, name)
		}
		out, err := s.Compile(&component.Context{Functions: function.Catalogue()}, []rel.Rel{in})
		if err != nil {
			t.Fatal(err)
		}
		want := len(in.Schema())
		for _, f := range s.Formulas {
			if !f.Intermediate && f.Name > "b" {
				want++
			}
		}
		got := evaluate(t, out[0], row)
		if len(got) != want {
			t.Fatalf("%d columns, want %d: %v", len(got), want, got)
		}
		for name, v := range got {
			if v != now[name] {
				t.Errorf("%s is %d, one by one %d\n%s", name, v, now[name], rel.Format(out[0]))
			}
		}
	})
}

// evaluate computes one row through projections of sums.
func evaluate(t *rapid.T, r rel.Rel, row map[string]int64) map[string]int64 {
	p, ok := r.(*rel.Project)
	if !ok {
		return row
	}
	from := evaluate(t, p.Input, row)
	out := map[string]int64{}
	for _, it := range p.Items {
		out[it.Column.Name] = sum(t, it.Expr, from)
	}
	return out
}

func sum(t *rapid.T, e rel.Expr, row map[string]int64) int64 {
	switch e := e.(type) {
	case *rel.Ref:
		v, ok := row[e.Column.Name]
		if !ok {
			t.Fatalf("%s is not there any more", e.Column.Name)
		}
		return v
	case *rel.Literal:
		return e.Value.(int64)
	case *rel.Call:
		return sum(t, e.Args[0], row) + sum(t, e.Args[1], row)
	default:
		t.Fatalf("unexpected %T", e)
		return 0
	}
}
