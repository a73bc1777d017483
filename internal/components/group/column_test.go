package group

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

func TestLabels(t *testing.T) {
	in, err := rel.Builder{}.Values(rel.Schema{
		{Name: "city", Label: "City", Type: rel.String, Usage: rel.UsageDimension},
		{Name: "price", Label: "Price", Type: rel.Integer, Continuous: true},
		{Name: "n", Type: rel.Integer},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Settings{Keys: []string{"CITY"}, Measures: []Measure{
		{Column: "price", Function: rel.Max},
		{Column: "price", Function: rel.CountRows, Name: "prices"},
		{Column: "n", Function: rel.Mean},
		{Function: rel.CountRows, Label: "Rows"},
	}}
	out, err := s.Compile(&component.Context{Functions: function.Catalogue()}, []rel.Rel{in})
	if err != nil {
		t.Fatal(err)
	}
	want := rel.Schema{
		{Name: "city", Label: "City", Type: rel.String, Usage: rel.UsageDimension},
		{Name: "price_max", Label: "Price (max)", Type: rel.Integer, Nullable: true, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "prices", Type: rel.Integer, Usage: rel.UsageMeasure},
		{Name: "n_mean", Type: rel.Real, Nullable: true, Usage: rel.UsageMeasure, Continuous: true},
		{Name: "count", Label: "Rows", Type: rel.Integer, Usage: rel.UsageMeasure},
	}
	if d := cmp.Diff(want, out[0].Schema()); d != "" {
		t.Error(d)
	}
}
