package formula_test

import (
	"errors"
	"flag"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// env is a table with a column of each type, as formulas of the tests see it.
func env() formula.Env {
	return formula.Env{
		Functions: function.Catalogue(),
		Schema: rel.Schema{
			{Name: "i", Type: rel.Integer},
			{Name: "n", Type: rel.Integer, Nullable: true, Label: "Number of people"},
			{Name: "r", Type: rel.Real, Nullable: true, Label: "Reading"},
			{Name: "price", Type: rel.Decimal(10, 2), Label: "Цена, ₽"},
			{Name: "name", Type: rel.String, Nullable: true, Label: "Full name"},
			{Name: "ok", Type: rel.Boolean},
			{Name: "d", Type: rel.Date, Label: "Day"},
			{Name: "t", Type: rel.Time},
			{Name: "ts", Type: rel.Timestamp, Label: "Day of arrival"},
			{Name: "tz", Type: rel.TimestampTZ},
			{Name: "город", Type: rel.String, Label: "a]b"},
			{Name: "end", Type: rel.Integer, Label: "End"},
			{Name: "date", Type: rel.Date, Label: "Twice"},
			{Name: "left", Type: rel.Integer, Label: "Twice"},
		},
		Variables: map[string]rel.Param{
			"min_delay": {Name: "min_delay", Value: int64(15), As: rel.Integer},
			"rate":      {Name: "rate", Value: rel.Dec{Unscaled: big.NewInt(125), Scale: 2}, As: rel.Decimal(5, 2)},
		},
	}
}

// joinEnv is the condition of a join.
func joinEnv() formula.Env {
	e := env()
	e.Left = rel.Schema{{Name: "id", Type: rel.Integer}, {Name: "a", Type: rel.String, Label: "Left label"}}
	e.Right = rel.Schema{{Name: "id", Type: rel.Integer}, {Name: "b", Type: rel.String, Label: "Right label"}}
	return e
}

// TestExpressions holds what formulas become: their full text and type.
func TestExpressions(t *testing.T) {
	golden(t, "testdata/expressions.txt", env())
	golden(t, "testdata/joins.txt", joinEnv())
}

// TestErrors holds each error with its id, the marked place and its text.
func TestErrors(t *testing.T) {
	golden(t, "testdata/errors.txt", env())
}

// golden compiles the formulas of a file, the lines that begin with >, and
// compares the lines below each.
func golden(t *testing.T, path string, env formula.Env) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(old)) {
		src, isFormula := strings.CutPrefix(line, "> ")
		switch {
		case isFormula:
			src = strings.TrimSuffix(src, "\n")
			out.WriteString("> " + src + "\n" + describe(src, env))
		case strings.HasPrefix(line, "#"), line == "\n":
			out.WriteString(line)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), out.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func describe(src string, env formula.Env) string {
	e, err := formula.Compile(src, env)
	if err == nil {
		null := ""
		if e.Nullable() {
			null = "?"
		}
		return fmt.Sprintf("  %s :: %s%s\n", rel.FormatExpr(e), e.Type(), null)
	}
	var b strings.Builder
	for _, e := range errs.All(err) {
		mark := strings.Repeat(" ", e.Place.Offset) + strings.Repeat("^", max(e.Place.Length, 1))
		fmt.Fprintf(&b, "  %s\n  %s: %s\n", mark, e.Message.ID, e.Text("en"))
	}
	return b.String()
}

// TestErrorsInRussian holds that every error is worded in both languages and
// leaves no parameter open.
func TestErrorsInRussian(t *testing.T) {
	file, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		src, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> ")
		if !ok {
			continue
		}
		_, err := formula.Compile(src, env())
		if err == nil {
			t.Errorf("%s: no error", src)
			continue
		}
		for _, e := range errs.All(err) {
			if e.Kind != errs.Invalid {
				t.Errorf("%s: kind %v", src, e.Kind)
			}
			for name := range e.Params {
				if strings.Contains(e.Text("ru"), "{"+name+"}") || strings.Contains(e.Text("en"), "{"+name+"}") {
					t.Errorf("%s: {%s} is not filled in: %s", src, name, e.Text("ru"))
				}
			}
			if e.Text("ru") == e.Text("en") {
				t.Errorf("%s: no Russian: %s", src, e.Text("ru"))
			}
		}
	}
}

// TestLongFormulas holds the limits, and that no size ends the process.
func TestLongFormulas(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat("1,", 12_000), ",")
	for name, c := range map[string]struct{ src, id string }{
		"mebibyte of brackets": {strings.Repeat("(", 1<<20), "formula.too_long"},
		"brackets":             {strings.Repeat("(", 60_000), "formula.too_deep"},
		"minus":                {strings.Repeat("- ", 30_000) + "i", "formula.too_deep"},
		"not":                  {strings.Repeat("not ", 15_000) + "ok", "formula.too_deep"},
		"case":                 {strings.Repeat("case when ", 5_000), "formula.too_deep"},
		"calls":                {strings.Repeat("abs(", 15_000), "formula.too_deep"},
		"sum":                  {"i" + strings.Repeat("+i", 30_000), "formula.too_deep"},
		"casts":                {"i" + strings.Repeat("::real::integer", 3_000), "formula.too_deep"},
		"list":                 {"i in (" + list + ")", "formula.too_large"},
		"conditions":           {"ok" + strings.Repeat(" and ok", 9_000), ""},
		"sum of 200":           {"i" + strings.Repeat(" + i", 200), ""},
		"shared operand":       {"case " + "i + i" + strings.Repeat(" when n then 1", 3_000) + " end", "formula.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := formula.Compile(c.src, env())
			id := ""
			if e, ok := errors.AsType[*errs.Error](err); ok {
				id = e.Message.ID
			}
			if id != c.id {
				t.Errorf("error %q (%.200v), want %q", id, err, c.id)
			}
		})
	}
}

// TestLines holds that blanks, comments and lines don't count, and that places
// count characters.
func TestLines(t *testing.T) {
	e, err := formula.Compile("-- the sum\ni /* an\ninteger */ +\n\t1 -- one", env())
	if err != nil || rel.FormatExpr(e) != "(i + 1)" {
		t.Errorf("%v, %v", rel.FormatExpr(e), err)
	}
	_, err = formula.Compile("'щи' ||\n  нет", env())
	at, _ := errors.AsType[*errs.Error](err)
	if at == nil || at.Place.Offset != 10 || at.Place.Length != 3 {
		t.Errorf("%v at %+v, want 10 and 3", err, at)
	}
	_, err = formula.Compile("i + \xff", env())
	at, _ = errors.AsType[*errs.Error](err)
	if at == nil || at.Message.ID != "formula.not_utf8" || at.Place.Offset != 4 {
		t.Errorf("%v", err)
	}
}
