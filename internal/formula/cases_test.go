package formula_test

import (
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// TestCases computes every case of every function in Go. The same cases are
// executed by each engine.
func TestCases(t *testing.T) {
	catalogue := function.Catalogue()
	for _, fn := range catalogue.All() {
		t.Run(fn.Name, func(t *testing.T) {
			shown, null := 0, false
			for _, c := range fn.Cases {
				if !c.Hidden {
					shown++
				}
				null = null || strings.Contains(c.Formula, "null")
				e, err := formula.Compile(c.Formula, formula.Env{Functions: catalogue})
				if err != nil {
					t.Errorf("%s: %v", c.Formula, err)
					continue
				}
				if fn.Volatile {
					continue
				}
				l, ok := e.(*rel.Literal)
				if !ok {
					t.Errorf("%s is not folded: %s", c.Formula, rel.FormatExpr(e))
					continue
				}
				if got := rel.FormatValue(l.Value); got != c.Want {
					t.Errorf("%s = %s, want %s", c.Formula, got, c.Want)
				}
			}
			if shown < 2 {
				t.Errorf("%d shown cases, want at least 2", shown)
			}
			if !null && len(fn.Params) > 0 {
				t.Error("no case has a null")
			}
		})
	}
}

// TestCasesUnfolded holds that every case can be handed to an engine as it is,
// with the type and nullability that the folded value has.
func TestCasesUnfolded(t *testing.T) {
	catalogue := function.Catalogue()
	for _, fn := range catalogue.All() {
		for _, c := range fn.Cases {
			e, err := formula.Compile(c.Formula, formula.Env{Functions: catalogue, NoFold: true})
			if err != nil {
				t.Errorf("%s: %v", c.Formula, err)
				continue
			}
			folded, err := formula.Compile(c.Formula, formula.Env{Functions: catalogue})
			if err != nil {
				t.Errorf("%s: %v", c.Formula, err)
				continue
			}
			if e.Type() != folded.Type() {
				t.Errorf("%s is %s, folded %s", c.Formula, e.Type(), folded.Type())
			}
			if folded.Nullable() && !e.Nullable() {
				t.Errorf("%s is null, but was said never to be", c.Formula)
			}
		}
	}
}

func TestCatalogue(t *testing.T) {
	categories := function.Categories()
	functions := 0
	for _, fn := range function.Catalogue().All() {
		if fn.Category != "operator" {
			functions++
		}
		if fn.Help.En == "" || fn.Help.Ru == "" {
			t.Errorf("%s has no help in both languages", fn.Name)
		}
		if !strings.Contains(strings.Join(categories, " "), fn.Category) {
			t.Errorf("%s: unknown category %q", fn.Name, fn.Category)
		}
		if fn.Eval == nil && !fn.Volatile {
			t.Errorf("%s is not computed in Go", fn.Name)
		}
		if fn.Name != strings.ToLower(fn.Name) {
			t.Errorf("%s is not lower case", fn.Name)
		}
	}
	if functions < 40 {
		t.Errorf("%d functions, want at least 40", functions)
	}
}
