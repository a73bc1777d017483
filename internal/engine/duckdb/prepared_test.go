package duckdb_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// lateness is the plan of rows that are given, filtered by a variable.
func lateness(t testing.TB) rel.Rel {
	t.Helper()
	b := rel.Builder{NodeID: "late"}
	schema := rel.Schema{
		{Name: "origin", Type: rel.String, Nullable: true}, {Name: "delay", Type: rel.Integer, Nullable: true},
		{Name: "day", Type: rel.Date, Nullable: true}, {Name: "price", Type: rel.Decimal(10, 2), Nullable: true},
	}
	scan, err := b.Scan(&rel.Given{Name: "flights"}, schema, true)
	if err != nil {
		t.Fatal(err)
	}
	cond, err := formula.Compile("delay >= $least", formula.Env{
		Schema: schema, Variables: map[string]rel.Param{"least": {Name: "least", As: rel.Integer}}, Functions: function.Catalogue(),
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.Filter(scan, cond)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func listArg(list ...string) worker.Argument {
	out := worker.Argument{List: []*string{}}
	for i := range list {
		if list[i] == "" {
			out.List = append(out.List, nil)
			continue
		}
		out.List = append(out.List, &list[i])
	}
	return out
}

func textArg(s string) worker.Argument { return worker.Argument{Text: &s} }

// arguments are the values of lateness's places.
func arguments(p sql.Prepared, values map[string]worker.Argument) []worker.Argument {
	var out []worker.Argument
	for _, at := range p.Places {
		key := at.Variable + at.Column
		out = append(out, values[key])
	}
	return out
}

func startWorker(t testing.TB) *worker.Client {
	t.Helper()
	c, err := worker.Start(t.Context(), worker.Config{Command: []string{os.Args[0], "worker"}, Dir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestPreparedQuery(t *testing.T) {
	c := startWorker(t)
	p, err := sql.DuckDB().Prepare(lateness(t), sql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Prepare(t.Context(), "late", p.SQL); err != nil {
		t.Fatalf("%v\n%s", err, p.SQL)
	}
	execute := func(values map[string]worker.Argument) ([][]rel.Value, error) {
		var rows [][]rel.Value
		err := c.Execute(t.Context(), "late", arguments(p, values), 0, func(b arrow.RecordBatch) error {
			rows = append(rows, run.Rows(b)...)
			return nil
		})
		return rows, err
	}
	for range 3 {
		got, err := execute(map[string]worker.Argument{
			"least": textArg("15"), "origin": listArg("O'Hare", "", "it's; DROP", "x"),
			"delay": listArg("15", "16", "14", ""), "day": listArg("2001-01-31", "", "", ""), "price": listArg(),
		})
		if err != nil {
			t.Fatal(err)
		}
		want := [][]rel.Value{{"O'Hare", int64(15), rel.Day(11353), nil}, {nil, int64(16), nil, nil}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if got, err := execute(map[string]worker.Argument{
		"least": textArg("1"), "origin": listArg(), "delay": listArg(), "day": listArg(), "price": listArg(),
	}); err != nil || len(got) != 0 {
		t.Errorf("got %v, error %v", got, err)
	}
	if _, err = execute(map[string]worker.Argument{
		"least": textArg("x"), "origin": listArg("a"), "delay": listArg("1"), "day": listArg(), "price": listArg(),
	}); errs.KindOf(err) != errs.Failed {
		t.Errorf("got %v", err)
	}
	if err := c.Execute(t.Context(), "late", nil, 0, discard); errs.KindOf(err) != errs.Internal {
		t.Errorf("got %v", err)
	}
}

func BenchmarkPreparedQuery(b *testing.B) {
	c := startWorker(b)
	p, err := sql.DuckDB().Prepare(lateness(b), sql.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Prepare(b.Context(), "late", p.SQL); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		args := arguments(p, map[string]worker.Argument{
			"least": textArg(strconv.Itoa(n)), "origin": listArg("ORD"),
			"delay": listArg("15"), "day": listArg("2001-01-31"), "price": listArg("1.50"),
		})
		if err := c.Execute(b.Context(), "late", args, 0, discard); err != nil {
			b.Fatal(err)
		}
	}
}
