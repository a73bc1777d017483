package formula_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
)

// leaves are what random formulas are built of, by the family of their type.
var leaves = map[string][]string{
	"number": {"i", "n", "r", "price", "[end]", "0", "-1", "2.5", "1e300", "9223372036854775807", "1.50::decimal(5,2)", "null", "pi()"},
	"text":   {"name", "город", "'a'", "''", "'it''s'", "'é😀'", "null"},
	"bool":   {"ok", "true", "false", "null"},
	"date":   {"d", "date", "date '2020-02-29'", "today()", "null::date"},
	"stamp":  {"ts", "timestamp '1999-12-31 23:59:59.5'", "now()", "null::timestamp"},
}

// shapes are the ways to build one family of others.
var shapes = map[string][]string{
	"number": {
		"number + number", "(number - number)", "number * number", "number / number", "number % number", "-number", "abs(number)",
		"round(number, 1)", "greatest(number, number)", "coalesce(number, number)", "length(text)", "year(date)", "date - date",
		"case when bool then number else number end", "case number when number then number end", "cast(number as real)",
		"number::decimal(20,3)", "if(bool, number)", "date_diff('month', date, stamp)", "sqrt(number)", "floor(number)", "sign(number)",
	},
	"text": {
		"text || number", "(text || text) || date", "concat(text, bool)", "upper(text)", "substring(text, 2, 3)", "replace(text, text, text)",
		"cast(stamp as string)", "regexp_replace(text, '[a-z]', text)", "format_date(date, '%d.%m.%Y')", "nullif(text, text)", "lpad(text, 4, text)",
	},
	"bool": {
		"bool and bool", "(bool or bool) and bool", "not bool", "number = number", "text < text", "date >= stamp", "number between number and number",
		"number not in (number, number)", "text is null", "text is not null", "text like text", "contains(text, text)", "(bool = bool)", "not(bool)",
	},
	"date":  {"date + 1", "add_months(date, 1)", "date_trunc('month', date)", "cast(stamp as date)", "last_day(date)", "if(bool, date, date)"},
	"stamp": {"date + 0.5", "date_add('hour', 3, date)", "cast(date as timestamp)", "greatest(date, stamp)"},
}

// draw makes a random formula of a family.
func draw(t *rapid.T, family string, depth int) string {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		return rapid.SampledFrom(leaves[family]).Draw(t, family)
	}
	return fill(t, rapid.SampledFrom(shapes[family]).Draw(t, "shape"), depth-1)
}

// fill replaces the names of families in a shape by formulas.
func fill(t *rapid.T, shape string, depth int) string {
	var b strings.Builder
	for shape != "" {
		i := strings.IndexFunc(shape, letter)
		if i < 0 {
			i = len(shape)
		}
		b.WriteString(shape[:i])
		shape = shape[i:]
		end := strings.IndexFunc(shape, func(r rune) bool { return !letter(r) })
		if end < 0 {
			end = len(shape)
		}
		if word := shape[:end]; leaves[word] != nil && word != "date" || word == "date" && !strings.HasPrefix(shape[end:], " '") && !strings.HasSuffix(b.String(), "as ") {
			b.WriteString("(" + draw(t, word, depth) + ")")
		} else {
			b.WriteString(word)
		}
		shape = shape[end:]
	}
	return b.String()
}

func letter(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' }

// TestRoundTrip holds that the text of an expression reads back as the same
// expression: plan texts tell all.
func TestRoundTrip(t *testing.T) {
	e := env()
	compiled := 0
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SampledFrom([]string{"number", "text", "bool", "date", "stamp"}).Draw(t, "family")
		src := draw(t, family, 5)
		first, err := formula.Compile(src, e)
		if err != nil {
			if !foldingFailed(err) {
				t.Fatalf("%s: %v", src, err)
			}
			return
		}
		compiled++
		roundTrip(t, src, first, e)
	})
	if compiled == 0 {
		t.Error("no formula compiled")
	}
}

type failer interface{ Fatalf(string, ...any) }

func roundTrip(t failer, src string, first rel.Expr, e formula.Env) {
	text := rel.FormatExpr(first)
	second, err := formula.Compile(text, e)
	if err != nil {
		if limited(err) {
			return
		}
		t.Fatalf("%s became %s: %v", src, text, err)
	}
	if again := rel.FormatExpr(second); again != text || first.Type() != second.Type() {
		t.Fatalf("%s became %s, and then %s (%s, %s)", src, text, again, first.Type(), second.Type())
	}
}

// foldingFailed reports whether all that is wrong is a constant that cannot be
// computed: random numbers do overflow.
func foldingFailed(err error) bool {
	return !slices.ContainsFunc(errs.All(err), func(e *errs.Error) bool {
		return e.Message.ID != "function.overflow" && e.Message.ID != "function.cast"
	})
}

// limited reports whether an error is one of size, which the brackets of full
// texts may run into.
func limited(err error) bool {
	return oneOf(err, "formula.too_deep", "formula.too_long", "formula.too_large")
}

func oneOf(err error, ids ...string) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && slices.Contains(ids, e.Message.ID)
}

// FuzzCompile holds that no text ends the process, that errors have a place
// within the text, and that what compiles reads back.
func FuzzCompile(f *testing.F) {
	for _, fn := range env().Functions.All() {
		for _, c := range fn.Cases {
			f.Add(c.Formula)
		}
	}
	for _, s := range []string{"case i when 1 then [Full name] else left.a end", "$rate{", "((((", "/* */ -- x\n'", "i = = 1"} {
		f.Add(s)
	}
	e := env()
	f.Fuzz(func(t *testing.T, src string) {
		x, err := formula.Compile(src, e)
		for _, one := range errs.All(err) {
			if one.Kind != errs.Invalid {
				t.Fatalf("%q: %v", src, one)
			}
			if n := len([]rune(src)); one.Place.Offset < 0 || one.Place.Offset+one.Place.Length > n {
				t.Fatalf("%q: the place %+v lies outside", src, one.Place)
			}
		}
		if err == nil && !strings.Contains(src, "$") {
			roundTrip(t, src, x, e)
		}
		if _, err := formula.Canonical(src, e.Schema); err == nil {
			if _, err := formula.Rename(src, "i", "j"); err != nil {
				t.Fatalf("%q can be made canonical, but not renamed: %v", src, err)
			}
		}
	})
}
