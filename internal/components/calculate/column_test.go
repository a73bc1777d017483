package calculate

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// What people said about a column stays with it when its values are replaced.
func TestColumnsKeepWhatPeopleSaid(t *testing.T) {
	in, err := rel.Builder{}.Values(rel.Schema{
		{Name: "price", Label: "Price, EUR", Type: rel.Integer, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "n", Label: "Count", Type: rel.Integer, Continuous: true},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Settings{Formulas: []Formula{
		{Name: "PRICE", Formula: "[Price, EUR] * 2"},
		{Name: "n", Formula: "'many'", Label: "Words"},
		{Name: "half", Formula: "price / 2", Label: "Half"},
		{Name: "one", Formula: "1"},
	}}
	out, err := s.Compile(&component.Context{Functions: function.Catalogue()}, []rel.Rel{in})
	if err != nil {
		t.Fatal(err)
	}
	want := rel.Schema{
		{Name: "price", Label: "Price, EUR", Type: rel.Integer, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "n", Label: "Words", Type: rel.String},
		{Name: "half", Label: "Half", Type: rel.Real, Nullable: true, Continuous: true},
		{Name: "one", Type: rel.Integer},
	}
	if d := cmp.Diff(want, out[0].Schema()); d != "" {
		t.Error(d)
	}
}
