package plan_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of the cases")

// bind decodes and binds a package text.
func bind(t testing.TB, text string) *plan.Graph {
	t.Helper()
	p, err := pack.Decode([]byte(text), "test.weft")
	if err != nil {
		t.Fatal(err)
	}
	g, err := plan.Bind(p, "", plan.Options{
		Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue(),
	})
	if err != nil {
		t.Fatal(err)
	}
	g.Compile(nil)
	return g
}

// kept is a store in which some addresses are found.
type kept map[string]bool

func (k kept) Lookup(address string) (*rel.Stored, bool) {
	return &rel.Stored{Address: "kept", Rows: 7}, k[address]
}

func (kept) Place(string) *rel.Stored { return &rel.Stored{Address: "kept", Rows: -1} }

// TestSteps compares the steps, or the errors, of each case's package: file
// package.weft, targets in the comment as node[.port], wanted in want.
func TestSteps(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			g := bind(t, string(a.Files[0].Data))
			got := describe(g, strings.Fields(string(a.Comment)))
			if len(a.Files) > 1 && string(a.Files[1].Data) == got {
				return
			}
			if !*update {
				t.Fatalf("got\n%s\nwant\n%s", got, a.Files[1].Data)
			}
			a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func describe(g *plan.Graph, targets []string) string {
	var b strings.Builder
	for _, e := range g.Errors() {
		fmt.Fprintln(&b, e)
	}
	if b.Len() > 0 {
		return b.String()
	}
	for _, s := range g.Steps(pick(g, targets), plan.Prints{}, kept{}) {
		fmt.Fprintf(&b, "%s %s of %s: %s, because %s\n%s", s.ID, s.Kind, s.Node.ID, strings.Join(s.Nodes, " "),
			s.Reason.Text("en"), rel.Format(s.Rel))
	}
	return b.String()
}

func pick(g *plan.Graph, targets []string) []plan.Target {
	var out []plan.Target
	for _, name := range targets {
		id, port, _ := strings.Cut(name, ".")
		n := g.Node(id)
		out = append(out, plan.Target{Node: n, Port: max(0, n.Def.Output(port))})
	}
	return out
}

const keepText = `weft: 1
workflows:
  main:
    nodes:
      numbers:
        component: input.table
        settings: {columns: [{name: n, type: integer}], rows: [[1], [2]]}
      doubled:
        component: columns.calculate
        keep: true
        input: numbers
        settings: {formulas: [{name: m, formula: n * 2}]}
      large:
        component: rows.filter
        input: doubled
        settings: {formula: m > %s}
`

// TestKeptResults holds that a kept result is used for as long as nothing
// below it changes, whatever changes above.
func TestKeptResults(t *testing.T) {
	g := bind(t, fmt.Sprintf(keepText, "2"))
	steps := g.Steps(pick(g, []string{"large"}), plan.Prints{}, kept{})
	if len(steps) != 2 || steps[0].Kind != plan.Keep || len(steps[0].Address) != 40 {
		t.Fatalf("steps %+v", steps)
	}
	store := kept{steps[0].Address: true}
	for _, tt := range []struct {
		name, text string
		prints     plan.Prints
		steps      int
	}{
		{"the same", fmt.Sprintf(keepText, "2"), plan.Prints{}, 1},
		{"changed above", fmt.Sprintf(keepText, "3"), plan.Prints{}, 1},
		{"another label", strings.Replace(fmt.Sprintf(keepText, "2"), "keep: true", "keep: true\n        label: New", 1), plan.Prints{}, 1},
		{"changed settings", strings.Replace(fmt.Sprintf(keepText, "2"), "n * 2", "n * 3", 1), plan.Prints{}, 2},
		{"changed below", strings.Replace(fmt.Sprintf(keepText, "2"), "[[1], [2]]", "[[1], [3]]", 1), plan.Prints{}, 2},
		{"another engine", fmt.Sprintf(keepText, "2"), plan.Prints{Versions: "other"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := bind(t, tt.text)
			if got := g.Steps(pick(g, []string{"large"}), tt.prints, store); len(got) != tt.steps {
				t.Errorf("%d steps, want %d", len(got), tt.steps)
			}
		})
	}
}

// TestDeepChainsAreCut holds that no query is nested deeper than engines take.
func TestDeepChainsAreCut(t *testing.T) {
	var b strings.Builder
	b.WriteString(strings.SplitAfter(keepText, "[2]]}\n")[0])
	input := "numbers"
	for i := range 500 {
		fmt.Fprintf(&b, "      n%d:\n        component: rows.distinct\n        input: %s\n        settings: {columns: [n]}\n", i, input)
		input = fmt.Sprintf("n%d", i)
	}
	g := bind(t, b.String())
	steps := g.Steps([]plan.Target{{Node: g.Node(input)}}, plan.Prints{}, nil)
	if len(steps) < 5 || len(steps) > 10 {
		t.Errorf("%d steps for 500 groups on each other", len(steps))
	}
	for _, s := range steps {
		if n := strings.Count(rel.Format(s.Rel), "\n"); n > 250 {
			t.Errorf("step %s has %d operators", s.ID, n)
		}
	}
}

// TestLongChainIsCut holds that a chain longer than any query can be is run in
// several steps, also where its nodes are ones that mostly collapse.
func TestLongChainIsCut(t *testing.T) {
	var b strings.Builder
	b.WriteString(`weft: 1
workflows:
  main:
    nodes:
      n0: {component: input.table, settings: {columns: [{name: n, type: integer}], rows: [[1]]}}
`)
	for i := range 3000 {
		fmt.Fprintf(&b, "      n%d: {component: columns.calculate, input: n%d, settings: {formulas: [{name: n, formula: n + 1}]}}\n", i+1, i)
	}
	g := bind(t, b.String())
	if steps := g.Steps(pick(g, []string{"n3000"}), plan.Prints{}, kept{}); len(steps) != 4 {
		t.Errorf("%d steps, want 4", len(steps))
	}
}
