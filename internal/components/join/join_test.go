package join

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

func TestComponent(t *testing.T) { componenttest.Test(t, Definition()) }

// Labels, usages and kinds pass through, the merged key's too; a column that
// gives way to a clash changes its name alone.
func TestColumnsKeepWhatTheySay(t *testing.T) {
	key := rel.Column{Name: "k", Label: "Key", Type: rel.Integer, Usage: rel.UsageKey}
	value := rel.Column{Name: "v", Label: "Value", Type: rel.Real, Usage: rel.UsageMeasure, Continuous: true}
	b := rel.Builder{}
	in := make([]rel.Rel, 2)
	for i, label := range []string{"", "Other key"} {
		if label != "" {
			key.Label = label
		}
		var err error
		if in[i], err = b.Values(rel.Schema{key, value}, nil); err != nil {
			t.Fatal(err)
		}
	}
	c := &component.Context{Build: b, Functions: function.Catalogue()}
	for _, kind := range []Kind{Inner, LeftOuter, RightOuter, Full} {
		t.Run(string(kind), func(t *testing.T) {
			out, err := (&Settings{Kind: kind, Keys: []Key{{Left: "k"}}}).Compile(c, in)
			if err != nil {
				t.Fatal(err)
			}
			got := slices.Clone(out[0].Schema())
			for i := range got {
				got[i].Nullable = false
			}
			other := value
			other.Name = "v_2"
			want := rel.Schema{{Name: "k", Label: "Key", Type: rel.Integer, Usage: rel.UsageKey}, value, other}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
		})
	}
}
