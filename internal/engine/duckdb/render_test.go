package duckdb_test

import (
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
	relsql "github.com/weftworks/weft/internal/rel/sql"
)

// open opens an engine in memory, for executing what rel/sql renders.
func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.ExecContext(t.Context(), "SET TimeZone = 'UTC'"); err != nil {
		t.Fatal(err)
	}
	return db
}

// execute runs a plan and returns its rows spelled as rel.FormatValue does,
// after holding that the engine's columns are those that the plan predicts.
func execute(t *testing.T, db *sql.DB, plan rel.Rel, o relsql.Options) ([]string, error) {
	t.Helper()
	query, err := relsql.DuckDB().Query(plan, o)
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	schema := plan.Schema()
	for i, c := range schema {
		if got := types[i].DatabaseTypeName(); types[i].Name() != c.Name || c.Type != rel.Null && got != engineType(c.Type) {
			t.Errorf("column %d is %s %s, the plan says %s %s\n%s", i, types[i].Name(), got, c.Name, c.Type, query)
		}
	}
	var out []string
	for rows.Next() {
		cells, into := make([]any, len(schema)), make([]any, len(schema))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(cells))
		for i, v := range cells {
			parts[i] = spell(v, schema[i])
			if v == nil && !schema[i].Nullable {
				t.Errorf("%s is null, which the plan excludes\n%s", schema[i].Name, query)
			}
		}
		out = append(out, strings.Join(parts, " | "))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	return out, nil
}

func engineType(t rel.Type) string {
	switch t.ID {
	case rel.IntegerID:
		return "BIGINT"
	case rel.RealID:
		return "DOUBLE"
	case rel.StringID:
		return "VARCHAR"
	case rel.TimestampTZID:
		return "TIMESTAMPTZ"
	default:
		return strings.ToUpper(t.String())
	}
}

func spell(v any, c rel.Column) string {
	switch v := v.(type) {
	case driver.Decimal:
		return rel.Dec{Unscaled: v.Value, Scale: int(v.Scale)}.String()
	case time.Time:
		switch c.Type.ID {
		case rel.DateID:
			return rel.FormatValue(rel.Day(floorDays(v)))
		case rel.TimeID:
			return rel.FormatValue(rel.Clock(v.Sub(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)).Microseconds()))
		case rel.TimestampID:
			return rel.FormatValue(rel.Stamp(v.UnixMicro()))
		default:
			return rel.FormatValue(rel.Instant(v.UnixMicro()))
		}
	case int32:
		return fmt.Sprint(v)
	default:
		return rel.FormatValue(v)
	}
}

func floorDays(v time.Time) int64 {
	s := v.Unix()
	return (s - ((s%86400)+86400)%86400) / 86400
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// table makes a Values of text rows: cells are formulas without columns,
// parted by blanks around a bar.
func table(t *testing.T, schema rel.Schema, rows ...string) rel.Rel {
	t.Helper()
	env := formula.Env{Functions: function.Catalogue()}
	cells := make([][]rel.Value, len(rows))
	for i, row := range rows {
		for j, src := range strings.Split(row, " | ") {
			e, err := formula.Compile(src, env)
			if err != nil {
				t.Fatal(err)
			}
			v, err := function.CastValue(e.(*rel.Literal).Value, schema[j].Type)
			if err != nil {
				t.Fatal(err)
			}
			cells[i] = append(cells[i], v)
		}
	}
	return must[*rel.Values](t)(rel.Builder{}.Values(schema, cells))
}

// TestFunctionCases executes every case of the catalogue, unfolded.
func TestFunctionCases(t *testing.T) {
	db := open(t)
	catalogue := function.Catalogue()
	one := table(t, rel.Schema{{Name: "one", Type: rel.Integer}}, "1")
	for _, fn := range catalogue.All() {
		t.Run(fn.Name, func(t *testing.T) {
			for _, c := range fn.Cases {
				e, err := formula.Compile(c.Formula, formula.Env{Functions: catalogue, NoFold: true})
				if err != nil {
					t.Errorf("%s: %v", c.Formula, err)
					continue
				}
				plan := must[*rel.Project](t)(rel.Builder{}.Project(one, []rel.Item{{Column: rel.Column{Name: "x"}, Expr: e}}))
				got, err := execute(t, db, plan, relsql.Options{})
				if err != nil {
					t.Errorf("%s: %v", c.Formula, err)
				} else if diff := cmp.Diff([]string{c.Want}, got); diff != "" && !fn.Volatile {
					t.Errorf("%s: (-want +got)\n%s", c.Formula, diff)
				}
			}
		})
	}
}

// texts are spellings of values, good and bad.
var texts = []string{
	"0", "1", "-1", "12", " 12 ", "+5", "007", "-0", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
	"1.5", "-1.5", ".5", "5.", "1e3", "15e-1", "0x1F", "1_000", "NaN", "inf", "-infinity", "1e400", "", " ", "abc", "1,5", "1 234",
	"true", "TRUE", "t", "f", "yes", "2024-02-29", "2023-02-29", "2024-02-03 10:00:00", "2024-02-03 00:00:00", " 2024-02-03 ",
	"epoch", "infinity", "10:00", "10:00:00.5", "25:00:00", "9:05:00", "2024-02-03T10:00:00.123", "31.01.2024", "2024-2-3",
}

// TestTextCasts converts texts to every type, as a scan's columns are.
func TestTextCasts(t *testing.T) {
	db := open(t)
	in := oneColumn(t, texts...)
	ref := rel.Col(in.Schema()[0])
	types := []rel.Type{rel.Integer, rel.Real, rel.Decimal(10, 2), rel.Boolean, rel.Date, rel.Time, rel.Timestamp}
	items := []rel.Item{{Column: rel.Column{Name: "s"}, Expr: ref}}
	for _, to := range types {
		items = append(items, rel.Item{Column: rel.Column{Name: to.String()}, Expr: &rel.Cast{X: ref, To: to, Try: true}})
	}
	got, err := execute(t, db, must[*rel.Project](t)(rel.Builder{}.Project(in, items)), relsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/text_casts.txt", strings.Join(got, "\n")+"\n")
}

// TestTextFormats reads texts as formats say.
func TestTextFormats(t *testing.T) {
	db := open(t)
	for _, c := range []struct {
		name  string
		to    rel.Type
		how   rel.TextFormat
		given []string
		want  []string
	}{
		{"decimal comma", rel.Real, rel.TextFormat{Decimal: ","}, []string{"1,5", "1.5", "12", "1,5,5"}, []string{"1.5", "null", "12.0", "null"}},
		{"thousands", rel.Real, rel.TextFormat{Decimal: ",", Thousands: "."}, []string{"1.234,5", "-1.234.567"}, []string{"1234.5", "-1234567.0"}},
		{"spaces", rel.Integer, rel.TextFormat{Thousands: " "}, []string{"1 234", "1\u00a0234", "1\u202f234", "1.5"}, []string{"1234", "1234", "1234", "null"}},
		{"comma", rel.Decimal(10, 2), rel.TextFormat{Decimal: ".", Thousands: ","}, []string{"1,234.50", "x"}, []string{"1234.50", "null"}},
		{"words", rel.Boolean, rel.TextFormat{True: []string{"Да", "y"}, False: []string{"нет"}},
			[]string{"да", "НЕТ", " Y ", "true"}, []string{"true", "false", "true", "null"}},
		{"one pattern", rel.Date, rel.TextFormat{Dates: []string{"%d.%m.%Y"}}, []string{"31.01.2024", "31.02.2024", "2024-01-31"},
			[]string{"date '2024-01-31'", "null", "null"}},
		{"two patterns", rel.Timestamp, rel.TextFormat{Dates: []string{"%Y-%m-%d %H:%M", "%d.%m.%Y"}}, []string{"31.01.2024", "2024-01-31 10:20", "x"},
			[]string{"timestamp '2024-01-31 00:00:00'", "timestamp '2024-01-31 10:20:00'", "null"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := oneColumn(t, c.given...)
			e := &rel.Cast{X: rel.Col(in.Schema()[0]), To: c.to, Try: true, How: &c.how}
			plan := must[*rel.Project](t)(rel.Builder{}.Project(in, []rel.Item{{Column: rel.Column{Name: "x"}, Expr: e}}))
			got, err := execute(t, db, plan, relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestStrictCast fails with the text that does not convert, and leaves nulls
// alone.
func TestStrictCast(t *testing.T) {
	db := open(t)
	for _, to := range []rel.Type{rel.Integer, rel.Real, rel.Decimal(10, 2), rel.Boolean, rel.Date, rel.Timestamp} {
		in := table(t, rel.Schema{{Name: "s", Type: rel.String}}, "null", "'bad ''one'")
		e := &rel.Cast{X: rel.Col(in.Schema()[0]), To: to}
		plan := must[*rel.Project](t)(rel.Builder{}.Project(in, []rel.Item{{Column: rel.Column{Name: "x"}, Expr: e}}))
		_, err := execute(t, db, plan, relsql.Options{})
		if want := relsql.Misfit + to.String() + ": bad 'one"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", to, err, want)
		}
		got, err := execute(t, db, rel.Builder{}.Limit(plan, 1, 0), relsql.Options{})
		if err != nil || !cmp.Equal(got, []string{"null"}) {
			t.Errorf("%s: the first row is %q, %v", to, got, err)
		}
	}
}

// TestOtherCasts converts between the types that are no texts.
func TestOtherCasts(t *testing.T) {
	db := open(t)
	for _, c := range []struct{ formula, want string }{
		{"cast(2.5 as integer)", "3"}, {"cast(-2.5 as integer)", "-3"}, {"cast(0.49999999999999994 as integer)", "0"},
		{"try_cast(1e19 as integer)", "null"}, {"cast(cast('2.5' as decimal(5,1)) as integer)", "3"},
		{"cast(cast('2.345' as decimal(5,3)) as decimal(5,2))", "2.35"}, {"try_cast(1234.5 as decimal(3,1))", "null"},
		{"cast(true as integer)", "1"}, {"cast(0.5 as boolean)", "true"}, {"cast(12 as real)", "12.0"},
		{"cast(date '2020-01-31' as timestamp)", "timestamp '2020-01-31 00:00:00'"},
		{"cast(timestamp '2020-01-31 10:20:30.5' as date)", "date '2020-01-31'"},
		{"cast(timestamp '2020-01-31 10:20:30.5' as time)", "time '10:20:30.500'"},
		{"cast(timestamp '2020-01-31 10:20:30.5' as string)", "'2020-01-31 10:20:30.500'"},
		{"cast(timestamp '2020-01-31 10:20:30.000001' as string)", "'2020-01-31 10:20:30.000001'"},
		{"cast(timestamp '2020-01-31 10:20:30' as string)", "'2020-01-31 10:20:30'"},
		{"cast(time '10:20:30.12' as string)", "'10:20:30.120'"}, {"cast(date '2020-01-31' as string)", "'2020-01-31'"},
		{"cast(cast('2020-01-31 10:20:30+03' as timestamptz) as string)", "'2020-01-31 07:20:30Z'"},
		{"cast(0.1 as string)", "'0.1'"}, {"cast(12.0 as string)", "'12.0'"}, {"cast(true as string)", "'true'"},
		{"cast(null as timestamptz)", "null"},
	} {
		if got := compute(t, db, c.formula); got != c.want {
			t.Errorf("%s = %s, want %s", c.formula, got, c.want)
		}
	}
}

// TestLiterals spells constants of every type and reads them back.
func TestLiterals(t *testing.T) {
	db := open(t)
	dec := func(s string) rel.Dec {
		d, ok := function.ParseDecimal(s)
		if !ok {
			t.Fatal(s)
		}
		return d
	}
	for _, v := range []rel.Value{
		true, int64(math.MinInt64), int64(math.MaxInt64), 0.1, math.Copysign(0, -1), 1e300, 5e-324, math.MaxFloat64, 12345678901234567.0, 1e15, 3.0,
		dec("-12345678901234567890123456789012345.678"), dec("0.05"), "it's", "a\nb\t\\", "😀é\u200d", `"quoted"`, "",
		rel.Day(0), rel.Day(-719162), rel.Day(-800000), rel.Day(2932896), rel.Day(5000000), rel.Clock(86399999999), rel.Clock(0),
		rel.Stamp(-1), rel.Stamp(253370764800000001), rel.Stamp(-90000000000000000), rel.Instant(1700000000123456), rel.Instant(-90000000000000000),
	} {
		plan := must[*rel.Values](t)(rel.Builder{}.Values(rel.Schema{{Name: "x", Type: rel.TypeOf(v)}}, [][]rel.Value{{v}}))
		got, err := execute(t, db, plan, relsql.Options{})
		if err != nil {
			t.Error(err)
		} else if want := rel.FormatValue(v); got[0] != want {
			t.Errorf("%s comes back as %s", want, got[0])
		}
	}
}

func compute(t *testing.T, db *sql.DB, src string) string {
	t.Helper()
	e, err := formula.Compile(src, formula.Env{Functions: function.Catalogue(), NoFold: true})
	if err != nil {
		t.Fatal(err)
	}
	one := table(t, rel.Schema{{Name: "one", Type: rel.Integer}}, "1")
	plan := must[*rel.Project](t)(rel.Builder{}.Project(one, []rel.Item{{Column: rel.Column{Name: "x"}, Expr: e}}))
	got, err := execute(t, db, plan, relsql.Options{})
	if err != nil {
		return err.Error()
	}
	return got[0]
}

// oneColumn makes a table of one column of texts.
func oneColumn(t *testing.T, list ...string) rel.Rel {
	t.Helper()
	rows := make([][]rel.Value, len(list))
	for i, s := range list {
		rows[i] = []rel.Value{s}
	}
	return must[*rel.Values](t)(rel.Builder{}.Values(rel.Schema{{Name: "s", Type: rel.String}}, rows))
}

// golden compares with a file, or writes it under -update, a flag that the
// case runner of components declares.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
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

// shop is two tables with nulls, ties and texts that collate unlike their
// bytes.
func shop(t *testing.T) (sales, people rel.Rel) {
	t.Helper()
	sales = table(t, rel.Schema{{Name: "id", Type: rel.Integer}, {Name: "who", Type: rel.String}, {Name: "price", Type: rel.Real},
		{Name: "day", Type: rel.Date}, {Name: "cost", Type: rel.Decimal(10, 2)}},
		"1 | 'ann' | 2.5 | date '2024-01-01' | 1.10", "2 | 'bob' | 2.5 | date '2024-01-01' | 0.05", "3 | 'ann' | null | date '2024-01-03' | 2.00",
		"4 | null | 7.0 | null | null", "5 | 'Bob' | -1.0 | date '2023-12-31' | 3.33", "6 | 'ann' | 2.5 | date '2024-01-01' | 1.10",
		"7 | 'ёж' | 0.0 | date '2024-02-29' | 0.00", "8 | 'zoe' | 1e10 | date '2024-01-02' | -1.00", "9 | null | 3.0 | date '2024-01-02' | 5.00",
		"9 | null | 3.0 | date '2024-01-02' | 5.00")
	people = table(t, rel.Schema{{Name: "name", Type: rel.String}, {Name: "age", Type: rel.Integer}, {Name: "since", Type: rel.Date}},
		"'ann' | 30 | date '2024-01-01'", "'ann' | 31 | date '2024-01-02'", "'bob' | null | date '2023-01-01'",
		"null | 5 | date '2020-01-01'", "'eve' | 40 | date '2024-01-01'", "'ann' | 29 | date '2024-01-02'")
	return sales, people
}

// over compiles a formula over the columns of a table.
func over(t *testing.T, in rel.Rel, src string) rel.Expr {
	t.Helper()
	return must[rel.Expr](t)(formula.Compile(src, formula.Env{Functions: function.Catalogue(), Schema: in.Schema()}))
}

// pair compiles a condition on the rows of two tables.
func pair(t *testing.T, l, r rel.Rel, src string) rel.Expr {
	t.Helper()
	return must[rel.Expr](t)(formula.Compile(src, formula.Env{Functions: function.Catalogue(), Left: l.Schema(), Right: r.Schema()}))
}

func sortKeys(names ...string) []rel.SortKey {
	keys := make([]rel.SortKey, len(names))
	for i, n := range names {
		n, keys[i].Collation, _ = strings.Cut(n, ":")
		n, keys[i].NullsFirst = strings.CutPrefix(n, "^")
		keys[i].Column, keys[i].Desc = strings.CutPrefix(n, "-")
	}
	return keys
}

// operators are plans of every operator, alone and mixed.
func operators(t *testing.T) map[string]rel.Rel {
	t.Helper()
	b := rel.Builder{}
	sales, people := shop(t)
	project := func(in rel.Rel, pairs ...string) rel.Rel {
		var items []rel.Item
		for i := 0; i < len(pairs); i += 2 {
			items = append(items, rel.Item{Column: rel.Column{Name: pairs[i]}, Expr: over(t, in, pairs[i+1])})
		}
		return must[*rel.Project](t)(b.Project(in, items))
	}
	filter := func(in rel.Rel, cond string) rel.Rel { return must[*rel.Filter](t)(b.Filter(in, over(t, in, cond))) }
	sort := func(in rel.Rel, keys ...string) rel.Rel { return must[*rel.Sort](t)(b.Sort(in, sortKeys(keys...))) }
	limit := func(in rel.Rel, n, offset int64) rel.Rel { return b.Limit(in, n, offset) }
	join := func(l, r rel.Rel, j rel.Joining) rel.Rel { return must[*rel.Join](t)(b.Join(l, r, j)) }
	sample := func(in rel.Rel, s rel.Sample) rel.Rel { return must[*rel.Sample](t)(b.Sample(in, s)) }
	distinct := func(in rel.Rel, on []string, order ...string) rel.Rel {
		return must[*rel.Distinct](t)(b.Distinct(in, on, sortKeys(order...)))
	}
	window := func(in rel.Rel, items ...rel.WindowItem) rel.Rel { return must[*rel.Window](t)(b.Window(in, items)) }
	who := []rel.KeyPair{{Left: "who", Right: "name"}}
	named := rel.Column{Name: "x"}
	two, zero := 2, 0
	out := map[string]rel.Rel{
		"project filter":         filter(project(sales, "double", "price * 2", "who", "who"), "double > 4 or who is null"),
		"filter project filter":  filter(project(filter(sales, "price > 0"), "p", "price / 3", "q", "price + 1"), "p < q"),
		"sort":                   sort(sales, "-price", "^who"),
		"sort collated":          sort(sales, "who:ru", "id"),
		"sort nocase":            sort(sales, "-who:nocase", "id"),
		"sort rename":            project(sort(sales, "-price", "id"), "a", "id", "b", "who"),
		"sort limit":             limit(sort(sales, "price"), 3, 1),
		"limit sort":             sort(limit(sales, 5, 2), "-id"),
		"limit filter limit":     limit(filter(limit(sales, 8, 0), "id % 2 = 0"), 2, 0),
		"sort limit filter":      filter(limit(sort(sales, "-id"), 5, 0), "who is not null"),
		"distinct all":           distinct(sales, nil),
		"distinct on":            distinct(sales, []string{"who"}),
		"distinct on order":      distinct(sales, []string{"who"}, "-price", "day"),
		"distinct of sorted":     distinct(sort(sales, "-id"), []string{"who"}),
		"sample first":           sample(sales, rel.Sample{Kind: rel.SampleFirst, Count: 3}),
		"sample first by":        sample(sales, rel.Sample{Kind: rel.SampleFirst, Count: 1, By: []string{"who"}}),
		"sample every":           sample(sales, rel.Sample{Kind: rel.SampleEvery, Count: 3}),
		"sample every by":        sample(sales, rel.Sample{Kind: rel.SampleEvery, Count: 2, By: []string{"who"}}),
		"sample share":           sample(sales, rel.Sample{Kind: rel.SampleShare, Share: 0.5, Seed: 7}),
		"sample share of sorted": sample(sort(sales, "-id"), rel.Sample{Kind: rel.SampleShare, Share: 0.5, Seed: 7}),
		"sample count":           sample(sales, rel.Sample{Kind: rel.SampleCount, Count: 4, Seed: 7}),
		"sample count by":        sample(sales, rel.Sample{Kind: rel.SampleCount, Count: 1, Seed: 7, By: []string{"who"}}),
		"window": window(sales,
			rel.WindowItem{Column: rel.Column{Name: "n"}, Func: rel.RowNumber, Partition: []string{"who"}, Order: sortKeys("price")},
			rel.WindowItem{Column: rel.Column{Name: "r"}, Func: rel.Rank, Order: sortKeys("price")},
			rel.WindowItem{Column: rel.Column{Name: "before"}, Func: rel.Lag, Arg: over(t, sales, "id * 10"), Offset: 1, Order: sortKeys("id")},
			rel.WindowItem{Column: rel.Column{Name: "total"}, Func: "sum", Arg: over(t, sales, "price"), Partition: []string{"who"}},
			rel.WindowItem{Column: rel.Column{Name: "moving"}, Func: "sum", Arg: over(t, sales, "id"), Order: sortKeys("id"), Frame: &rel.Frame{Preceding: &two, Following: &zero}}),
		"window filter": filter(window(filter(sales, "id > 1"), rel.WindowItem{Column: named, Func: rel.RowNumber}), "x <= 3"),
		"window twice":  window(window(sales, rel.WindowItem{Column: named, Func: rel.RowNumber}), rel.WindowItem{Column: rel.Column{Name: "y"}, Func: rel.Lead, Arg: over(t, sales, "id"), Offset: 2}),
		"cross":         join(limit(sales, 2, 0), people, rel.Joining{Kind: rel.CrossJoin}),
		"join nulls": join(sales, people, rel.Joining{Kind: rel.InnerJoin, Keys: who, NullsEqual: true,
			Extra: pair(t, sales, people, "left.id > right.age - 30")}),
		"join computed": join(project(sales, "k", "lower(who)", "id", "id"), filter(people, "age > 0"), rel.Joining{Kind: rel.LeftJoin, Keys: []rel.KeyPair{{Left: "k", Right: "name"}}}),
		"join types":    join(sales, project(people, "years", "age - 23", "age", "age"), rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "price", Right: "years"}}}),
		"join twice": join(join(sales, people, rel.Joining{Kind: rel.LeftJoin, Keys: who}), people,
			rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "name", Right: "name"}}}),
		"asof extra": join(sales, people, rel.Joining{Kind: rel.AsOfJoin, Keys: who, AsOf: &rel.AsOf{Left: "day", Right: "since", Outer: true},
			Extra: pair(t, sales, people, "right.age < 31")}),
		"asof nulls":           join(sales, people, rel.Joining{Kind: rel.AsOfJoin, Keys: who, NullsEqual: true, AsOf: &rel.AsOf{Left: "day", Right: "since"}}),
		"asof after":           join(sales, people, rel.Joining{Kind: rel.AsOfJoin, AsOf: &rel.AsOf{Left: "day", Right: "since", After: true, Strict: true}}),
		"group of joined":      groupAll(t, join(sales, people, rel.Joining{Kind: rel.LeftJoin, Keys: who}), "who"),
		"group":                groupAll(t, sales, "who"),
		"group all":            groupAll(t, sales),
		"group none":           groupAll(t, filter(sales, "id > 100")),
		"group projected away": project(groupAll(t, sales), "one", "1"),
		"group of limited":     groupAll(t, limit(sort(sales, "price"), 4, 0), "who"),
		"group sort limit":     limit(sort(groupAll(t, sales, "who"), "-n", "who"), 2, 0),
	}
	for _, k := range []rel.JoinKind{rel.InnerJoin, rel.LeftJoin, rel.RightJoin, rel.FullJoin, rel.SemiJoin, rel.AntiJoin} {
		out["join "+k.String()] = join(sales, people, rel.Joining{Kind: k, Keys: who})
		out["join extra "+k.String()] = join(sales, people, rel.Joining{Kind: k, Keys: who, NullsEqual: true, Extra: pair(t, sales, people, "left.day > right.since")})
	}
	shared := groupAll(t, sales, "who")
	out["shared"] = join(shared, sort(shared, "n"), rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "who", Right: "who"}}, NullsEqual: true})
	numbered := window(sales, rel.WindowItem{Column: named, Func: rel.RowNumber, Order: sortKeys("-id")})
	out["shared order"] = limit(project(join(numbered, numbered, rel.Joining{Kind: rel.SemiJoin, Keys: []rel.KeyPair{{Left: "x", Right: "x"}}}), "x", "x"), 20, 0)
	return out
}

func groupAll(t *testing.T, in rel.Rel, keys ...string) rel.Rel {
	t.Helper()
	var items []rel.Item
	for _, k := range keys {
		items = append(items, rel.Item{Column: rel.Column{Name: k}, Expr: over(t, in, k)})
	}
	measure := func(name string, f rel.AggregateFunc, arg string, order ...string) rel.Measure {
		return rel.Measure{Column: rel.Column{Name: name}, Func: f, Arg: over(t, in, arg), Order: sortKeys(order...), Text: "+", Fraction: 0.25}
	}
	different := measure("different", rel.Sum, "price")
	different.Distinct = true
	return must[*rel.Aggregate](t)(rel.Builder{}.Aggregate(in, items, []rel.Measure{
		{Column: rel.Column{Name: "n"}, Func: rel.CountRows}, measure("known", rel.CountRows, "price"), measure("kinds", rel.CountDistinct, "price"),
		measure("isum", rel.Sum, "id"), measure("rsum", rel.Sum, "price"), measure("dsum", rel.Sum, "cost"), different,
		measure("imean", rel.Mean, "id"), measure("dmean", rel.Mean, "cost"), measure("least", rel.Min, "day"), measure("most", rel.Max, "who"),
		measure("median", rel.Median, "price"), measure("q", rel.Percentile, "cost"), measure("iq", rel.Percentile, "id"), measure("dev", rel.StdDev, "id"),
		measure("first", rel.First, "price", "-day"), measure("last", rel.Last, "who", "price", "id"), measure("all", rel.Concat, "id", "-id"), measure("names", rel.Concat, "who"),
	}))
}

// TestOperators executes plans of every operator. The rows stand in a golden
// file, those of a plan without an order sorted.
func TestOperators(t *testing.T) {
	db := open(t)
	plans := operators(t)
	var s strings.Builder
	for _, name := range slices.Sorted(maps.Keys(plans)) {
		rows, err := execute(t, db, plans[name], relsql.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !plans[name].Ordering().Known() {
			slices.Sort(rows)
		}
		fmt.Fprintf(&s, "-- %s --\n%s\n\n", name, strings.Join(rows, "\n"))
	}
	golden(t, "testdata/operators.txt", s.String())
}

// TestFusedIsMaterialised holds that a plan in one query gives what it gives
// with a table after every operator.
func TestFusedIsMaterialised(t *testing.T) {
	db := open(t)
	for name, plan := range operators(t) {
		t.Run(name, func(t *testing.T) {
			fused, err := execute(t, db, plan, relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			apart, err := execute(t, db, materialise(t, db, plan, map[rel.Rel]rel.Rel{}), relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !plan.Ordering().Known() {
				slices.Sort(fused)
				slices.Sort(apart)
			}
			if diff := cmp.Diff(apart, fused); diff != "" {
				t.Errorf("(-materialised +fused)\n%s", diff)
			}
		})
	}
}

// materialise returns a plan that reads the inputs of plan's last operator
// from tables.
func materialise(t *testing.T, db *sql.DB, plan rel.Rel, done map[rel.Rel]rel.Rel) rel.Rel {
	t.Helper()
	in := slices.Clone(plan.Inputs())
	for i, x := range in {
		if done[x] == nil {
			query, err := relsql.DuckDB().Query(materialise(t, db, x, done), relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s %d", t.Name(), len(done))
			if _, err := db.ExecContext(t.Context(), relsql.DuckDB().CreateTable(name, query)); err != nil {
				t.Fatalf("%v\n%s", err, query)
			}
			scan := must[*rel.Scan](t)(rel.Builder{}.Scan(&rel.Stored{Address: name, Rows: -1}, x.Schema(), x.Ordering().Known()))
			done[x] = scan
		}
		in[i] = done[x]
	}
	if len(in) == 0 {
		return plan
	}
	return rel.WithInputs(plan, in)
}

// TestSampleHash holds that the engine draws the rows that rel's own hash
// draws.
func TestSampleHash(t *testing.T) {
	db := open(t)
	const rows = 5000
	cells := make([][]rel.Value, rows)
	for i := range cells {
		cells[i] = []rel.Value{int64(i + 1)}
	}
	in := must[*rel.Values](t)(rel.Builder{}.Values(rel.Schema{{Name: "n", Type: rel.Integer}}, cells))
	for _, seed := range []int64{0, -1, 42, math.MaxInt64} {
		share := must[*rel.Sample](t)(rel.Builder{}.Sample(in, rel.Sample{Kind: rel.SampleShare, Share: 0.1, Seed: seed}))
		got, err := execute(t, db, share, relsql.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		numbers := make([]int64, rows)
		for i := range int64(rows) {
			if numbers[i] = i + 1; rel.SampleHash(i+1, seed) < rel.SampleBound(0.1) {
				want = append(want, fmt.Sprint(i+1))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("share, seed %d: (-want +got)\n%s", seed, diff)
		}
		count := must[*rel.Sample](t)(rel.Builder{}.Sample(in, rel.Sample{Kind: rel.SampleCount, Count: 100, Seed: seed}))
		if got, err = execute(t, db, count, relsql.Options{}); err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(numbers, func(a, b int64) int { return int(rel.SampleHash(a, seed) - rel.SampleHash(b, seed)) })
		slices.Sort(numbers[:100])
		want = want[:0]
		for _, n := range numbers[:100] {
			want = append(want, fmt.Sprint(n))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("count, seed %d: (-want +got)\n%s", seed, diff)
		}
	}
}

// csv makes a scan of a text file of two fields, a and b.
func csv(t *testing.T, content string, change ...func(*rel.TextFile)) rel.Rel {
	t.Helper()
	file := filepath.Join(t.TempDir(), "odd [1]*.csv")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	src := &rel.TextFile{Files: []string{file}, Delimiter: ",", Quote: `"`, Header: true, Nulls: []string{"NA"}, Fields: []string{"a", "b"}}
	for _, f := range change {
		f(src)
	}
	return must[*rel.Scan](t)(rel.Builder{}.Scan(src, rel.Schema{
		{Name: "a", Type: rel.String, Nullable: true}, {Name: "b", Type: rel.String, Nullable: true},
	}, true))
}

// TestTextFiles reads text files as DESIGN.md of rel/sql says.
func TestTextFiles(t *testing.T) {
	db := open(t)
	for _, c := range []struct {
		name, content string
		change        func(*rel.TextFile)
		want          []string
		fails         string
	}{
		{name: "nulls", content: "x,y\n1,\nNA,\"NA\"\n\"\",x\n", want: []string{"'1' | null", "null | 'NA'", "'' | 'x'"}},
		{name: "quotes", content: "x,y\r\n1,\"p\"\"q\"\r\n2,\"two\r\nlines\"\r\n", want: []string{"'1' | 'p\"q'", "'2' | 'two\r\nlines'"}},
		{name: "spaces stay", content: "x,y\n 1 ,\" \"\n", want: []string{"' 1 ' | ' '"}},
		{name: "no line end", content: "x,y\n1,2", want: []string{"'1' | '2'"}},
		{name: "blank line", content: "x,y\n1,2\n\n3,4\n", want: []string{"'1' | '2'", "'3' | '4'"}},
		{name: "mark", content: "\ufeffx,y\n1,2\n", want: []string{"'1' | '2'"}},
		{name: "no rows", content: "x,y\n", want: nil},
		{name: "skip", content: "made by hand\nx,y\n1,2\n", change: func(f *rel.TextFile) { f.Skip = 1 }, want: []string{"'1' | '2'"}},
		{name: "no header", content: "1;2\n", change: func(f *rel.TextFile) { f.Header, f.Delimiter = false, ";" }, want: []string{"'1' | '2'"}},
		{name: "no quotes", content: "x,y\n\"1,2\n", change: func(f *rel.TextFile) { f.Quote = "" }, want: []string{"'\"1' | '2'"}},
		{name: "tab", content: "x\ty\n1\t2\n", change: func(f *rel.TextFile) { f.Delimiter = "\t" }, want: []string{"'1' | '2'"}},
		{name: "too many", content: "x,y\n1,2\n3,4,5\n", fails: "Line: 3"},
		{name: "too few", content: "x,y\n1,2\n3\n", fails: "Line: 3"},
		{name: "open quote", content: "x,y\n1,2\n3,\"4\n5,6\n", fails: "Line: 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var change []func(*rel.TextFile)
			if c.change != nil {
				change = append(change, c.change)
			}
			in := csv(t, c.content, change...)
			got, err := execute(t, db, in, relsql.Options{})
			if c.fails != "" {
				one := must[*rel.Project](t)(rel.Builder{}.Project(in, []rel.Item{{Column: rel.Column{Name: "a"}, Expr: rel.Col(in.Schema()[0])}}))
				_, fewer := execute(t, db, one, relsql.Options{})
				for _, err := range []error{err, fewer} {
					if err == nil || !strings.Contains(err.Error(), c.fails) {
						t.Errorf("error %v, want one with %q", err, c.fails)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestTextFileCap reads the head of a file, whatever is broken behind it.
func TestTextFileCap(t *testing.T) {
	db := open(t)
	in := csv(t, "x,y\n1,2\n3,4\n5,6\n").(*rel.Scan)
	plan := must[*rel.Filter](t)(rel.Builder{}.Filter(in, over(t, in, "a > '1'")))
	got, err := execute(t, db, plan, relsql.Options{Cap: map[*rel.Scan]int64{in: 2}})
	if err != nil || !cmp.Equal(got, []string{"'3' | '4'"}) {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestTextCopy writes text files, with labels in their first line.
func TestTextCopy(t *testing.T) {
	db := open(t)
	sales, _ := shop(t)
	plan := rel.Builder{}.Limit(must[*rel.Sort](t)(rel.Builder{}.Sort(sales, sortKeys("-id"))), 3, 0)
	query, err := relsql.DuckDB().Query(plan, relsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		labels []string
		header string
	}{
		{"labels", []string{"Id", `who, "me"`, "Цена", "day", "cost"}, "Id,\"who, \"\"me\"\"\",Цена,day,cost\n"},
		{"labels twice", []string{"id", "ID", "NA", "day", "cost"}, "id,ID,\"NA\",day,cost\n"},
		{"no header", nil, ""},
	} {
		file := filepath.Join(t.TempDir(), "out's.csv")
		how := rel.FileFormat{Delimiter: ",", Quote: `"`, Header: c.labels != nil, Labels: c.labels, Null: "NA"}
		texts := "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + query + ")"
		if _, err := db.ExecContext(t.Context(), relsql.DuckDB().Copy(texts, file, how)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := c.header + "9,NA,3.0,2024-01-02,5.00\n9,NA,3.0,2024-01-02,5.00\n8,zoe,10000000000.0,2024-01-02,-1.00\n"
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestParquet reads columns of every type of the engine's as rel types.
func TestParquet(t *testing.T) {
	db := open(t)
	file := filepath.Join(t.TempDir(), "types.parquet")
	made := `SELECT 1::TINYINT AS "Tiny one", 2::UBIGINT AS ubig, 3::HUGEINT AS huge, 'NaN'::FLOAT AS f, 'inf'::DOUBLE AS d, 1.5::DECIMAL(5,2) AS e,
		TIMESTAMP_NS '2024-01-02 03:04:05.123456789' AS ns, TIMESTAMP_S '2024-01-02 03:04:05' AS s, TIMESTAMPTZ '2024-01-02 03:04:05+03' AS tz,
		TIME '01:02:03' AS t, DATE '2024-01-02' AS day, true AS b, 'x'::BLOB AS bytes, uuid_blank AS id, [1, 2] AS list, {'k': 1} AS nested
		FROM (SELECT '00000000-0000-0000-0000-000000000001'::UUID AS uuid_blank)`
	if _, err := db.ExecContext(t.Context(), relsql.DuckDB().Copy(made, file, rel.FileFormat{Parquet: true, Compression: "zstd"})); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), "DESCRIBE "+relsql.DuckDB().DescribeParquet([]string{file}))
	if err != nil {
		t.Fatal(err)
	}
	src := &rel.ParquetFile{Files: []string{file}}
	var schema rel.Schema
	for rows.Next() {
		var name, typ string
		var rest [4]any
		if err := rows.Scan(&name, &typ, &rest[0], &rest[1], &rest[2], &rest[3]); err != nil {
			t.Fatal(err)
		}
		to, _ := relsql.ParseType(typ)
		src.Columns = append(src.Columns, rel.EngineColumn{Name: name, Type: typ})
		schema = append(schema, rel.Column{Name: strings.ReplaceAll(name, " ", "_"), Type: to, Nullable: true})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	got, err := execute(t, db, must[*rel.Scan](t)(rel.Builder{}.Scan(src, schema, true)), relsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "1 | 2 | 3.0 | null | null | 1.50 | timestamp '2024-01-02 03:04:05.123456' | timestamp '2024-01-02 03:04:05' | " +
		"timestamptz '2024-01-02 00:04:05Z' | time '01:02:03' | date '2024-01-02' | true | 'x' | '00000000-0000-0000-0000-000000000001' | '[1, 2]' | '{''k'': 1}'"
	if diff := cmp.Diff([]string{want}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestManyNodes runs a chain of 500 operators.
func TestManyNodes(t *testing.T) {
	db := open(t)
	sales, _ := shop(t)
	b := rel.Builder{}
	r := sales
	for i := range 125 {
		before, name := "id", fmt.Sprintf("x%d", i)
		if i > 0 {
			before = fmt.Sprintf("x%d", i-1)
		}
		items := make([]rel.Item, 0, len(r.Schema())+1)
		for _, c := range r.Schema() {
			items = append(items, rel.Item{Column: c, Expr: rel.Col(c)})
		}
		items = append(items, rel.Item{Column: rel.Column{Name: name}, Expr: over(t, r, before+" + 1")})
		r = must[*rel.Project](t)(b.Project(r, items))
		r = must[*rel.Filter](t)(b.Filter(r, over(t, r, name+" > 2")))
		r = must[*rel.Sort](t)(b.Sort(r, sortKeys("-"+name)))
		if i%25 == 0 {
			r = b.Limit(r, int64(1000-i), 0)
		}
	}
	begin := time.Now()
	got, err := execute(t, db, r, relsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", time.Since(begin))
	if len(got) != 9 || !strings.HasPrefix(got[0], "9 | ") || !strings.HasSuffix(got[0], " | 134") {
		t.Errorf("%d rows, the first %s", len(got), got[0])
	}
}

// TestParquetZeros finds both zeros in a file that the engine wrote.
func TestParquetZeros(t *testing.T) {
	db := open(t)
	file := filepath.Join(t.TempDir(), "zeros.parquet")
	made := "SELECT CASE WHEN i % 3 = 0 THEN '-0.0'::DOUBLE WHEN i % 3 = 1 THEN 0e0 END AS x FROM range(36) t(i)"
	if _, err := db.ExecContext(t.Context(), relsql.DuckDB().Copy(made, file, rel.FileFormat{Parquet: true})); err != nil {
		t.Fatal(err)
	}
	in := must[*rel.Scan](t)(rel.Builder{}.Scan(&rel.Stored{Files: []string{file}}, rel.Schema{{Name: "x", Type: rel.Real, Nullable: true}}, true))
	for _, cond := range []string{"x = 0.0", "x = -0.0"} {
		got, err := execute(t, db, must[*rel.Filter](t)(rel.Builder{}.Filter(in, over(t, in, cond))), relsql.Options{})
		if err != nil || len(got) != 24 {
			t.Errorf("%s: %d rows, want 24, %v", cond, len(got), err)
		}
	}
}
