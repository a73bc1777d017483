package fields

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

func TestLabelUsageAndKind(t *testing.T) {
	in, err := rel.Builder{}.Values(rel.Schema{
		{Name: "id", Label: "No.", Type: rel.Integer, Usage: rel.UsageKey},
		{Name: "price", Label: "Price", Type: rel.Real, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "rest", Label: "Rest", Type: rel.String, Usage: rel.UsageDimension},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Settings{Fields: []Field{
		{Column: "price", Name: "cost", Type: rel.Integer},
		{Column: "price", Label: "Exact", Usage: "unset", Kind: Discrete},
		{Column: "id", Kind: Continuous, Usage: "measure"},
	}}
	out, err := s.Compile(&component.Context{Functions: function.Catalogue()}, []rel.Rel{in})
	if err != nil {
		t.Fatal(err)
	}
	want := rel.Schema{
		{Name: "cost", Label: "Price", Type: rel.Integer, Nullable: true, Usage: rel.UsageMeasure},
		{Name: "price", Label: "Exact", Type: rel.Real},
		{Name: "id", Label: "No.", Type: rel.Integer, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "rest", Label: "Rest", Type: rel.String, Usage: rel.UsageDimension},
	}
	if d := cmp.Diff(want, out[0].Schema()); d != "" {
		t.Error(d)
	}
}
