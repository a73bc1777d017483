package sql_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/rel/sql"
)

var update = flag.Bool("update", false, "write the golden files")

// TestEveryFunctionHasATemplate renders a call of each function.
func TestEveryFunctionHasATemplate(t *testing.T) {
	for _, fn := range function.Catalogue().All() {
		if !sql.DuckDB().Renders(fn.Name) {
			t.Errorf("DuckDB's dialect has no template of %s", fn.Name)
		}
	}
}

// maker builds plans, failing the test at the first mistake.
type maker struct {
	t *testing.T
	b rel.Builder
	f *rel.Functions
}

func newMaker(t *testing.T) *maker { return &maker{t: t, f: function.Catalogue()} }

func ok[T any](v T, err error) func(*maker) T {
	return func(m *maker) T {
		m.t.Helper()
		if err != nil {
			m.t.Fatal(err)
		}
		return v
	}
}

// sales is a text file of which every field is text.
func (m *maker) sales() rel.Rel {
	schema := rel.Schema{}
	fields := []string{"id", "name", "amount", "day"}
	for _, f := range fields {
		schema = append(schema, rel.Column{Name: f, Type: rel.String, Nullable: true})
	}
	src := &rel.TextFile{Files: []string{"sales.csv"}, Delimiter: ";", Quote: `"`, Header: true, Nulls: []string{"NA"}, Fields: fields}
	return ok(m.b.Scan(src, schema, true))(m)
}

// typed is sales with its types, each cell that does not fit null.
func (m *maker) typed() rel.Rel {
	in := m.sales()
	how := &rel.TextFormat{Dates: []string{"%d.%m.%Y"}}
	return m.project(in, "id", m.try(in, "id", rel.Integer, nil), "name", m.col(in, "name"),
		"amount", m.try(in, "amount", rel.Real, nil), "day", m.try(in, "day", rel.Date, how))
}

// flights is a Parquet file.
func (m *maker) flights() rel.Rel {
	src := &rel.ParquetFile{Files: []string{"flights.parquet"}, Columns: []rel.EngineColumn{
		{Name: "Origin Airport", Type: "VARCHAR"}, {Name: "delay", Type: "INTEGER"}, {Name: "distance", Type: "FLOAT"}, {Name: "at", Type: "TIMESTAMP_NS"},
	}}
	return ok(m.b.Scan(src, rel.Schema{
		{Name: "origin", Type: rel.String, Nullable: true}, {Name: "delay", Type: rel.Integer, Nullable: true},
		{Name: "distance", Type: rel.Real, Nullable: true}, {Name: "at", Type: rel.Timestamp, Nullable: true},
	}, true))(m)
}

// airports is a table of constants.
func (m *maker) airports() rel.Rel {
	return ok(m.b.Values(rel.Schema{{Name: "iata", Type: rel.String}, {Name: "city", Type: rel.String}, {Name: "rank", Type: rel.Integer}},
		[][]rel.Value{{"SFO", "San Francisco", int64(1)}, {"JFK", "O'Hare", nil}}))(m)
}

func (m *maker) col(in rel.Rel, name string) rel.Expr { return rel.Col(ok(in.Schema().Find(name))(m)) }

func (m *maker) try(in rel.Rel, name string, to rel.Type, how *rel.TextFormat) rel.Expr {
	return &rel.Cast{X: m.col(in, name), To: to, Try: true, How: how}
}

func (m *maker) call(name string, args ...rel.Expr) rel.Expr {
	return ok(m.f.Must(name).Call(args...))(m)
}

// project takes names and expressions in turn.
func (m *maker) project(in rel.Rel, pairs ...any) rel.Rel {
	var items []rel.Item
	for i := 0; i < len(pairs); i += 2 {
		items = append(items, rel.Item{Column: rel.Column{Name: pairs[i].(string)}, Expr: pairs[i+1].(rel.Expr)})
	}
	return ok(m.b.Project(in, items))(m)
}

// with adds one column to all of in.
func (m *maker) with(in rel.Rel, name string, e rel.Expr) rel.Rel {
	var pairs []any
	for _, c := range in.Schema() {
		pairs = append(pairs, c.Name, rel.Col(c))
	}
	return m.project(in, append(pairs, name, e)...)
}

func (m *maker) filter(in rel.Rel, cond rel.Expr) rel.Rel { return ok(m.b.Filter(in, cond))(m) }

func (m *maker) sort(in rel.Rel, keys ...string) rel.Rel { return ok(m.b.Sort(in, keysOf(keys)))(m) }

func keysOf(names []string) []rel.SortKey {
	keys := make([]rel.SortKey, len(names))
	for i, k := range names {
		keys[i].Column, keys[i].Desc = strings.CutPrefix(k, "-")
	}
	return keys
}

func (m *maker) group(in rel.Rel, keys []string, measures ...rel.Measure) rel.Rel {
	var items []rel.Item
	for _, k := range keys {
		items = append(items, rel.Item{Column: rel.Column{Name: k}, Expr: m.col(in, k)})
	}
	return ok(m.b.Aggregate(in, items, measures))(m)
}

func (m *maker) join(left, right rel.Rel, j rel.Joining) rel.Rel {
	return ok(m.b.Join(left, right, j))(m)
}

func (m *maker) measure(name string, f rel.AggregateFunc, arg rel.Expr, order ...string) rel.Measure {
	return rel.Measure{Column: rel.Column{Name: name}, Func: f, Arg: arg, Order: keysOf(order), Text: ", ", Fraction: 0.9}
}

// plans are the golden cases.
func plans(m *maker) map[string]rel.Rel {
	lit := func(v rel.Value) rel.Expr { return rel.Lit(v) }
	typed, flights := m.typed(), m.flights()
	big := m.filter(typed, m.call(">", m.col(typed, "amount"), lit(10.0)))
	taxed := m.with(big, "tax", m.call("*", m.col(big, "amount"), lit(0.2)))
	joined := m.join(flights, m.airports(), rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "origin", Right: "iata"}}})
	grouped := m.group(taxed, []string{"name"}, m.measure("total", rel.Sum, m.col(taxed, "tax")), m.measure("n", rel.CountRows, nil))
	numbered := ok(m.b.Window(flights, []rel.WindowItem{
		{Column: rel.Column{Name: "n"}, Func: rel.RowNumber, Partition: []string{"origin"}, Order: keysOf([]string{"-delay"})},
		{Column: rel.Column{Name: "share"}, Func: "sum", Arg: m.col(flights, "distance"), Partition: []string{"origin"}},
	}))(m)
	shared := m.group(flights, []string{"origin"}, m.measure("mean", rel.Mean, m.col(flights, "delay")))
	sample := func(in rel.Rel, s rel.Sample) rel.Rel { return ok(m.b.Sample(in, s))(m) }
	distinct := func(in rel.Rel, on, order []string) rel.Rel { return ok(m.b.Distinct(in, on, keysOf(order)))(m) }
	return map[string]rel.Rel{
		"text_scan":       m.sales(),
		"text_typed":      typed,
		"parquet_scan":    flights,
		"values":          m.airports(),
		"filter_twice":    m.filter(big, m.call("is_not_null", m.col(big, "day"))),
		"calculate":       taxed,
		"group":           grouped,
		"group_sort":      m.sort(m.project(grouped, "who", m.col(grouped, "name"), "total", m.col(grouped, "total")), "-total"),
		"join":            joined,
		"join_group_sort": m.sort(m.group(joined, []string{"city"}, m.measure("mean", rel.Mean, m.col(joined, "delay"))), "-mean"),
		"sort_lost_key":   m.project(m.sort(flights, "-delay", "origin"), "origin", m.col(flights, "origin")),
		"sort_constant":   m.sort(m.project(flights, "origin", m.col(flights, "origin"), "real", lit(0.5), "text", lit("a")), "real", "-origin", "text"),
		"group_constant":  groupConstant(m, flights),
		"sort_limit":      m.b.Limit(m.sort(flights, "-delay"), 10, 5),
		"limit_filter":    m.filter(m.b.Limit(flights, 10, 0), m.call(">", m.col(flights, "delay"), lit(int64(5)))),
		"sort_dropped":    m.group(m.sort(flights, "delay"), []string{"origin"}, m.measure("n", rel.CountRows, nil)),
		"stored_window":   storedWindow(m, flights),
		"stored_twice":    storedTwice(m, flights),
		"window_filter":   m.filter(numbered, m.call("=", m.col(numbered, "n"), lit(int64(1)))),
		"shared": m.join(shared, shared, rel.Joining{Kind: rel.LeftJoin, Keys: []rel.KeyPair{{Left: "origin", Right: "origin"}},
			Extra: m.call(">", &rel.Ref{Side: rel.Left, Column: shared.Schema()[1]}, &rel.Ref{Side: rel.Right, Column: shared.Schema()[1]})}),
		"join_limited":   m.join(m.b.Limit(m.sort(flights, "-delay"), 5, 0), m.b.Limit(m.sort(flights, "delay"), 5, 0), rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "origin", Right: "origin"}}}),
		"asof_limited":   m.join(flights, m.b.Limit(m.sort(flights, "delay"), 5, 0), rel.Joining{Kind: rel.AsOfJoin, AsOf: &rel.AsOf{Left: "at", Right: "at"}}),
		"self_join":      m.join(flights, flights, rel.Joining{Kind: rel.AntiJoin, Keys: []rel.KeyPair{{Left: "origin", Right: "origin"}}, NullsEqual: true}),
		"asof":           m.join(flights, flights, rel.Joining{Kind: rel.AsOfJoin, Keys: []rel.KeyPair{{Left: "origin", Right: "origin"}}, AsOf: &rel.AsOf{Left: "at", Right: "at", Strict: true, Outer: true}}),
		"aggregates":     allAggregates(m, flights),
		"distinct":       distinct(m.project(flights, "origin", m.col(flights, "origin")), nil, nil),
		"distinct_order": distinct(flights, []string{"origin"}, []string{"-delay"}),
		"distinct_first": distinct(flights, []string{"origin"}, nil),
		"sample_first":   sample(flights, rel.Sample{Kind: rel.SampleFirst, Count: 3, By: []string{"origin"}}),
		"sample_every":   sample(flights, rel.Sample{Kind: rel.SampleEvery, Count: 10}),
		"sample_share":   sample(flights, rel.Sample{Kind: rel.SampleShare, Share: 0.01, Seed: 42}),
		"sample_count":   sample(m.sort(flights, "delay"), rel.Sample{Kind: rel.SampleCount, Count: 100, Seed: 1}),
	}
}

func allAggregates(m *maker, in rel.Rel) rel.Rel {
	var list []rel.Measure
	for _, f := range rel.AggregateFuncs() {
		list = append(list, m.measure("m_"+string(f), f, m.col(in, "delay"), "at"))
	}
	list = append(list, m.measure("r_sum", rel.Sum, m.col(in, "distance")), m.measure("r_mean", rel.Mean, m.col(in, "distance")))
	return m.group(in, []string{"origin"}, list...)
}

func TestQuery(t *testing.T) {
	m := newMaker(t)
	o := sql.Options{Resolve: func(p string) (string, error) { return "/data/" + p, nil }}
	for name, plan := range plans(m) {
		t.Run(name, func(t *testing.T) {
			got, err := sql.DuckDB().Query(plan, o)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".sql", got+"\n")
		})
	}
}

func TestCap(t *testing.T) {
	m := newMaker(t)
	scan := m.sales().(*rel.Scan)
	plan := m.filter(scan, m.call("=", m.col(scan, "name"), rel.Lit("x")))
	got, err := sql.DuckDB().Query(plan, sql.Options{Cap: map[*rel.Scan]int64{scan: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "cap.sql", got+"\n")
}

// TestStatements spells what is around a query.
func TestStatements(t *testing.T) {
	d := sql.DuckDB()
	text := rel.FileFormat{Delimiter: ",", Quote: `"`, Header: true, Null: "NA"}
	labelled, clashing := text, text
	labelled.Labels, clashing.Labels = []string{`First "name"`, "день"}, []string{"a", "A"}
	golden(t, "statements.sql", strings.Join([]string{
		d.Copy("SELECT 1", "/out/a's.parquet", rel.FileFormat{Parquet: true, Compression: "none", Parts: true}),
		d.Copy("SELECT 1", "/out/a.parquet", rel.FileFormat{Parquet: true, Compression: "zstd"}),
		d.Copy("SELECT 1, 2", "/out/a.csv", labelled),
		d.Copy("SELECT 1, 2", "/out/a.csv", clashing),
		d.CreateTable(`step "1"`, "SELECT 1"), d.DropTable(`step "1"`),
		d.DescribeParquet([]string{"/data/a[1]*.parquet"}), d.CountParquet([]string{"/data/a.parquet", "/data/b.parquet"}),
	}, ";\n\n")+"\n")
}

// TestLongChain renders 500 nodes of every kind that fuses, quickly and into
// few SELECTs.
func TestLongChain(t *testing.T) {
	m := newMaker(t)
	r := m.flights()
	for i := range 125 {
		name := fmt.Sprintf("x%d", i)
		before := "delay"
		if i > 0 {
			before = fmt.Sprintf("x%d", i-1)
		}
		r = m.with(r, name, m.call("+", m.col(r, before), rel.Lit(int64(1))))
		r = m.filter(r, m.call(">", m.col(r, name), rel.Lit(int64(i))))
		r = m.sort(r, "-"+name)
		r = m.with(r, fmt.Sprintf("y%d", i), m.col(r, name))
	}
	begin := time.Now()
	got, err := sql.DuckDB().Query(r, sql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	t.Logf("%d bytes, %d SELECTs, %v", len(got), strings.Count(got, "SELECT"), took)
	if n := strings.Count(got, "SELECT"); n > 30 {
		t.Errorf("%d SELECTs, want at most 30", n)
	}
	if len(got) > 1<<20 {
		t.Errorf("%d bytes of SQL for 500 nodes", len(got))
	}
	if took > time.Second {
		t.Errorf("rendering took %v", took)
	}
}

// TestHighExpression holds that a chain of calculations, each over the one
// before, becomes neither one expression as high as the chain, which engines
// plan in the square of its height, nor a SELECT for each.
func TestHighExpression(t *testing.T) {
	m := newMaker(t)
	r := m.flights()
	for i := range 500 {
		before := "delay"
		if i > 0 {
			before = fmt.Sprintf("x%d", i-1)
		}
		x := m.call("+", m.col(r, before), rel.Lit(int64(1)))
		it := rel.Item{Column: rel.Column{Name: fmt.Sprintf("x%d", i)}, Expr: x}
		p, err := rel.Builder{}.Project(r, []rel.Item{it})
		if err != nil {
			t.Fatal(err)
		}
		r = p
	}
	got, err := sql.DuckDB().Query(r, sql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, "SELECT"); n > 20 {
		t.Errorf("%d SELECTs, want at most 20", n)
	}
	if strings.Contains(got, strings.Repeat("(", 40)) {
		t.Error("an expression is higher than 40 levels")
	}
}

// TestDeepExpression holds that what is used twice at each level does not
// double the text.
func TestDeepExpression(t *testing.T) {
	m := newMaker(t)
	in := m.flights()
	e := m.col(in, "distance")
	for range 60 {
		e = m.call("sqrt", m.call("ln", e))
	}
	got, err := sql.DuckDB().Query(m.project(in, "x", e), sql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > 50_000 {
		t.Errorf("%d bytes of SQL", len(got))
	}
}

func TestRefusals(t *testing.T) {
	m := newMaker(t)
	in := m.flights()
	nul := m.filter(in, m.call("=", m.col(in, "origin"), rel.Lit("a\x00b")))
	if _, err := sql.DuckDB().Query(nul, sql.Options{}); err == nil || !strings.Contains(err.Error(), "NUL") {
		t.Errorf("a text with NUL: %v", err)
	}
	unknown := m.filter(in, &rel.Call{Func: &rel.Function{Name: "no_such"}, As: rel.Boolean})
	if _, err := sql.DuckDB().Query(unknown, sql.Options{}); err == nil || !strings.Contains(err.Error(), "no_such") {
		t.Errorf("an unknown function: %v", err)
	}
	gone := errors.New("gone")
	if _, err := sql.DuckDB().Query(in, sql.Options{Resolve: func(string) (string, error) { return "", gone }}); !errors.Is(err, gone) {
		t.Errorf("a path that does not resolve: %v", err)
	}
}

func TestParseType(t *testing.T) {
	for name, want := range map[string]rel.Type{
		"TINYINT": rel.Integer, "BIGINT": rel.Integer, "UINTEGER": rel.Integer, "UBIGINT": rel.Decimal(20, 0), "HUGEINT": rel.Decimal(38, 0),
		"FLOAT": rel.Real, "DECIMAL(18,3)": rel.Decimal(18, 3), "VARCHAR": rel.String, "DATE": rel.Date, "TIME": rel.Time,
		"TIMESTAMP_NS": rel.Timestamp, "TIMESTAMP WITH TIME ZONE": rel.TimestampTZ, "BOOLEAN": rel.Boolean,
	} {
		if got, known := sql.ParseType(name); !known || got != want {
			t.Errorf("%s is %s %t, want %s", name, got, known, want)
		}
	}
	for _, name := range []string{"BLOB", "UUID", "INTEGER[]", "STRUCT(a INTEGER)", "ENUM('a', 'b')", "DECIMAL(18,3)[]"} {
		if got, known := sql.ParseType(name); known || got != rel.String {
			t.Errorf("%s is %s %t, want text", name, got, known)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// storedWindow ranks the rows of each group of a sort that is read from where
// it was stored: the sort's order still holds above.
func storedWindow(m *maker, in rel.Rel) rel.Rel {
	sorted := m.sort(in, "-delay")
	ranked := ok(m.b.Window(sorted, []rel.WindowItem{{Column: rel.Column{Name: "n"}, Func: rel.Rank, Partition: []string{"origin"}, Order: []rel.SortKey{{Column: "at"}}}}))(m)
	stored := ok(m.b.Scan(&rel.Stored{Address: "s1", Rows: -1}, sorted.Schema(), true))(m)
	return rel.Replace(ranked, map[rel.Rel]rel.Rel{sorted: stored})
}

// storedTwice numbers the rows of a stored sort, and ranks them above that.
func storedTwice(m *maker, in rel.Rel) rel.Rel {
	sorted := m.sort(in, "-delay")
	numbered := ok(m.b.Window(sorted, []rel.WindowItem{{Column: rel.Column{Name: "n"}, Func: rel.RowNumber}}))(m)
	ranked := ok(m.b.Window(numbered, []rel.WindowItem{{Column: rel.Column{Name: "r"}, Func: rel.Rank, Partition: []string{"origin"}, Order: []rel.SortKey{{Column: "n"}}}}))(m)
	stored := ok(m.b.Scan(&rel.Stored{Address: "s1", Rows: -1}, sorted.Schema(), true))(m)
	return rel.Replace(ranked, map[rel.Rel]rel.Rel{sorted: stored})
}

// groupConstant aggregates a column that is one text in every row.
func groupConstant(m *maker, in rel.Rel) rel.Rel {
	one := m.project(in, "origin", m.col(in, "origin"), "text", rel.Lit("a"))
	return m.group(one, []string{"text"}, m.measure("first", rel.First, m.col(one, "text"), "origin", "text"),
		m.measure("last", rel.Last, m.col(one, "text"), "text"), m.measure("all", rel.Concat, m.col(one, "text"), "text"))
}
