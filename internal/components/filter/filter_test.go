package filter

import (
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/pack"
)

func TestComponent(t *testing.T) { componenttest.Test(t, Definition()) }

// A value that looks like nothing is a value: 0, false and empty text stay in
// the package.
func TestZeroValuesAreWritten(t *testing.T) {
	for name, v := range map[string]pack.Value{
		"zero": pack.Int(0), "false": pack.Bool(false), "empty": pack.Text(""),
	} {
		t.Run(name, func(t *testing.T) {
			given := pack.Map(pack.E("conditions", pack.List(pack.Map(pack.E("column", pack.Text("a")), pack.E("value", v)))))
			bound, err := Definition().Decode(1, given, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := component.Encode(bound.Settings); !got.Equal(given) {
				t.Errorf("got %v, want %v", got, given)
			}
		})
	}
}

// Operators are different, and one that is the opposite of another says so by
// its name and comes behind it.
func TestOperators(t *testing.T) {
	seen := map[Operator]bool{}
	for _, o := range Operators() {
		if seen[o] {
			t.Errorf("%s stands twice", o)
		}
		seen[o] = true
		if p, not := o.positive(); not && !seen[p] {
			t.Errorf("%s is the opposite of %s, which comes not before it", o, p)
		}
	}
}
