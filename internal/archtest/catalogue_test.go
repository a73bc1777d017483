package archtest

import (
	"testing"

	"github.com/weftworks/weft/internal/rel/function"
)

// Every function of the catalogue has help in both languages, and an executed
// case that the help shows.
func TestFunctionHelp(t *testing.T) {
	all := function.Catalogue().All()
	if len(all) < 40 {
		t.Fatalf("the catalogue holds %d functions", len(all))
	}
	var pieces []Help
	for _, f := range all {
		pieces = append(pieces, Help{"function " + f.Name, f.Help.En, f.Help.Ru})
		shown := false
		for _, c := range f.Cases {
			shown = shown || !c.Hidden
		}
		if !shown {
			t.Errorf("function %s has no case that its help shows", f.Name)
		}
	}
	report(t, CheckHelp(pieces))
}
