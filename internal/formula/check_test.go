package formula_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// Without columns the names of functions and variables, and the spelling, can
// be told all the same; types cannot.
func TestCheck(t *testing.T) {
	env := formula.Env{
		Functions: function.Catalogue(),
		Variables: map[string]rel.Param{"limit": {Name: "limit", As: rel.Integer}},
	}
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"round(anything, 2) > $limit and [any label] is null", nil},
		{"left.a = right.b", nil},
		{"length(1) + 'a'", nil},
		{"roun(x) + foo(y)", []string{"formula.no_function", "formula.no_function"}},
		{"$limits > 1", []string{"formula.no_variable"}},
		{"x +", []string{"formula.unexpected"}},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var got []string
			for _, e := range errs.All(formula.Check(tt.text, env)) {
				got = append(got, e.Message.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}
