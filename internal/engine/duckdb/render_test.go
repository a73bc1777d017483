package duckdb_test

import (
	"database/sql"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
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
		true, int64(math.MinInt64), int64(math.MaxInt64), 0.1, -0.0, 1e300, 5e-324, math.MaxFloat64, 12345678901234567.0, 1e15, 3.0,
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
