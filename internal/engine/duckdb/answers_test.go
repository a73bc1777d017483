package duckdb_test

import (
	fields "encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/run"
)

// answers is a table that another tool computed: testdata/answers/answers.py
// made it, and its first line names the tool.
type answers struct {
	name   string
	inputs []pack.Value // columns that are given, each with name and type
	heads  []string     // of the columns behind them
	rows   [][]string
}

// nullAnswer is how the tables spell null.
const nullAnswer = `\N`

func readAnswers(t *testing.T, name string) answers {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "answers", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := fields.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil || len(records) < 2 {
		t.Fatalf("%s: %d lines, error %v", name, len(records), err)
	}
	a := answers{name: name, rows: records[1:]}
	for _, head := range records[0] {
		column, typ, isInput := strings.Cut(head, ":")
		if isInput && len(a.heads) == 0 {
			a.inputs = append(a.inputs, pack.Map(pack.E("name", pack.Text(column)), pack.E("type", pack.Text(typ))))
			continue
		}
		a.heads = append(a.heads, head)
	}
	return a
}

// agrees reports whether a value is the answer: a real within 1e-9 of it.
func agrees(v rel.Value, answer string) bool {
	switch v := v.(type) {
	case nil:
		return answer == nullAnswer
	case float64:
		want, err := strconv.ParseFloat(answer, 64)
		return err == nil && math.Abs(v-want) <= tolerance*max(math.Abs(v), math.Abs(want), 1)
	case rel.Stamp:
		return cutZeros(v.String()) == cutZeros(answer)
	default:
		return fmt.Sprint(v) == answer
	}
}

// cutZeros leaves out the end of a fraction of a second that says nothing.
func cutZeros(s string) string {
	if strings.Contains(s, ".") {
		return strings.TrimRight(s, "0")
	}
	return s
}

// check compares a table with the answers. Its rows stand in the order of the
// answers, or are found by their first column.
func (a answers) check(t *testing.T, columns []string, rows [][]rel.Value, ordered bool) {
	t.Helper()
	if len(rows) != len(a.rows) {
		t.Errorf("%s: %d rows, want %d", a.name, len(rows), len(a.rows))
	}
	for i, want := range a.rows {
		key := want[0]
		if !ordered {
			i = slices.IndexFunc(rows, func(row []rel.Value) bool { return agrees(row[0], key) })
		}
		if i < 0 || i >= len(rows) {
			t.Errorf("%s: no row %s", a.name, key)
			continue
		}
		for c, answer := range want {
			if v := rows[i][c]; !agrees(v, answer) {
				t.Errorf("%s: %s of %q is %s, want %s", a.name, columns[c], want[:len(a.inputs)+1], rel.FormatValue(v), answer)
			}
		}
	}
}

// TestFunctionAnswers holds that functions give what Python gives for the same
// values, wherever Python has the same function.
func TestFunctionAnswers(t *testing.T) {
	c, _, input := start(t)
	for _, name := range []string{"dates", "moments", "texts", "reals", "integers", "decimals"} {
		t.Run(name, func(t *testing.T) {
			a := readAnswers(t, name+".csv")
			out := a.calculated(t)
			_, rows, err := plans{c, input}.Rows(t.Context(), out)
			if err != nil {
				t.Fatal(err)
			}
			var heads []string
			for _, in := range a.inputs {
				column, _ := in.Get("name")
				heads = append(heads, column.Text)
			}
			a.check(t, append(heads, a.heads...), rows, true)
		})
	}
}

// calculated is the plan of a workflow of two nodes: the inputs as a table, and
// the formulas that stand in the heads.
func (a answers) calculated(t *testing.T) rel.Rel {
	t.Helper()
	var rows, formulas []pack.Value
	for _, r := range a.rows {
		var cells []pack.Value
		for i, in := range a.inputs {
			cells = append(cells, inputCell(t, in, r[i]))
		}
		rows = append(rows, pack.List(cells...))
	}
	for i, f := range a.heads {
		formulas = append(formulas, pack.Map(pack.E("name", pack.Text(fmt.Sprint("f", i))), pack.E("formula", pack.Text(f))))
	}
	p := &pack.Package{Weft: 1, Workflows: []pack.Workflow{{ID: "main", Nodes: []pack.Node{
		{ID: "given", Component: "input.table", Settings: pack.Map(pack.E("columns", pack.List(a.inputs...)), pack.E("rows", pack.List(rows...)))},
		{ID: "out", Component: "columns.calculate", Settings: pack.Map(pack.E("formulas", pack.List(formulas...))),
			Inputs: []pack.Link{{From: pack.Ref{Node: "given"}}}},
	}}}}
	g, err := plan.Bind(p, "", plan.Options{Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue()})
	if err != nil {
		t.Fatal(err)
	}
	g.Compile(nil)
	if err := g.Errors().Err(); err != nil {
		t.Fatal(err)
	}
	return g.Node("out").Outputs[0]
}

func inputCell(t *testing.T, column pack.Value, cell string) pack.Value {
	t.Helper()
	typ, _ := column.Get("type")
	switch typ.Text {
	case "real":
		f, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatal(err)
		}
		return pack.Real(f)
	case "integer":
		i, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return pack.Int(i)
	default:
		return pack.Text(cell)
	}
}

// TestExampleAnswers runs the example and every aggregate over the example's
// data, as `weft run` does, and compares with pandas.
func TestExampleAnswers(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	for _, file := range []string{"flights-3m.parquet", "airports.csv"} {
		if _, err := os.Stat(filepath.Join(root, "examples", "data", file)); err != nil {
			t.Fatalf("run make data: %v", err)
		}
	}
	t.Setenv("WEFT_CACHE_DIR", t.TempDir())
	for _, tt := range []struct {
		name, path, workspace string
		nodes                 []string // each of which has a table of answers
		ordered               bool
	}{
		{"example", filepath.Join(root, "examples", "flights.weft"), "", []string{"top"}, true},
		{"aggregates", filepath.Join("testdata", "answers", "answers.weft"), root, []string{"aggregates", "concat", "nulls"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tables := runPackage(t, tt.path, tt.workspace, tt.nodes)
			for _, node := range tt.nodes {
				a := readAnswers(t, node+".csv")
				a.check(t, a.heads, tables[node], tt.ordered)
			}
		})
	}
}

// runPackage runs nodes of a package and returns the rows of each.
func runPackage(t *testing.T, path, dir string, nodes []string) map[string][][]rel.Value {
	t.Helper()
	doc, err := app.OpenDocument(path, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	runner := app.NewRunner(app.RunnerConfig{Worker: []string{os.Args[0], "worker"}, Memory: 1 << 30})
	session, err := runner.Open(t.Context(), doc.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}()
	g, err := plan.Bind(doc.Pack, "", plan.Options{Catalogue: runner.Catalogue, Functions: runner.Functions})
	if err == nil {
		err = session.Discover(t.Context(), g)
	}
	if err == nil {
		err = g.Errors().Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	var targets []plan.Target
	for _, id := range nodes {
		targets = append(targets, plan.Target{Node: g.Node(id)})
	}
	out := map[string][][]rel.Value{}
	_, err = session.Run(t.Context(), run.Job{Graph: g, Targets: targets, Show: func(to plan.Target, b arrow.RecordBatch) error {
		out[to.Node.ID] = append(out[to.Node.ID], run.Rows(b)...)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
