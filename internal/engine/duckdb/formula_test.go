package duckdb_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
	relsql "github.com/weftworks/weft/internal/rel/sql"
)

// constants are what random formulas are built of, by the family of their
// type.
var constants = map[string][]string{
	"num": {"0", "1", "-1", "2.5", "-2.5", "7", "1e300", "9223372036854775807", "-9223372036854775808", "1.50::decimal(5,2)",
		"-0.05::decimal(38,20)", "null::integer", "pi()", "0.1", "1234567.891", "null::decimal(10,2)", "3"},
	"int": {"0", "1", "-1", "3", "-3", "12", "100", "null::integer", "-13", "2"},
	"txt": {"'a'", "''", "'it''s'", "'é😀x'", "null::string", "'  pad '", "'Abc,Def'", "'12'", "'1.5'", "'ПРИВЕТ мир'", "'a.b*c'", "'-7'", "'2020-02-29'"},
	"boo": {"true", "false", "null::boolean"},
	"dat": {"date '2020-02-29'", "date '1969-12-31'", "date '0001-01-01'", "date '9999-12-31'", "null::date", "date '2021-01-31'", "date '2024-12-30'"},
	"sta": {"timestamp '1999-12-31 23:59:59.5'", "timestamp '2020-02-29 12:30:00'", "timestamp '1950-06-15 00:00:00.000001'", "null::timestamp"},
}

// shapes are the ways to build one family of others.
var shapes = map[string][]string{
	"num": {
		"num + num", "num - num", "num * num", "num / num", "num % num", "-num", "abs(num)", "round(num, int)", "round(num)", "round(num, 2)",
		"greatest(num, num)", "least(num, num)", "coalesce(num, num)", "int", "case when boo then num else num end", "cast(num as real)",
		"num::decimal(20,3)", "if(boo, num)", "sqrt(num)", "floor(num)", "ceil(num)", "trunc(num)", "nullif(num, num)", "sta - sta", "sta - dat",
	},
	"int": {
		"length(txt)", "year(dat)", "week(dat)", "day_of_week(dat)", "day_of_year(dat)", "quarter(sta)", "second(sta)", "hour(sta)", "dat - dat",
		"date_diff('month', dat, sta)", "date_diff('week', sta, sta)", "date_diff('year', dat, dat)", "date_diff('hour', sta, dat)",
		"sign(num)", "position(txt, txt)", "regexp_count(txt, '[a-z]')", "int + int", "int * int", "int % int", "int - int",
		"cast(num as integer)", "try_cast(txt as integer)",
	},
	"txt": {
		"txt || num", "txt || boo", "txt || dat", "txt || sta", "concat(txt, boo, int)", "upper(txt)", "lower(txt)", "substring(txt, 2, int)",
		"substring(txt, -2)", "left(txt, int)", "right(txt, int)", "replace(txt, txt, txt)", "repeat(txt, 3)", "lpad(txt, 12, txt)", "rpad(txt, 3, txt)",
		"trim(txt)", "ltrim(txt, txt)", "rtrim(txt, txt)", `regexp_replace(txt, '[a-z]', '<\0>')`, "regexp_extract(txt, '([a-z])(.)', 2)",
		"format_date(dat, '%d.%m.%Y %j %a %b')", "format_date(sta, '%H:%M:%S.%f %I %p %-d')", "nullif(txt, txt)", "split_part(txt, txt, int)", "md5(txt)", "to_text(num)",
	},
	"boo": {
		"boo and boo", "boo or boo", "not boo", "num = num", "txt < txt", "dat >= sta", "num between num and num", "num not in (num, num)",
		"txt is null", "num is not null", "txt like txt", "txt ilike '%a%'", "contains(txt, txt)", "starts_with(txt, txt)", "boo = boo", "xor(boo, boo)",
		"regexp_matches(txt, 'a.')", "txt in (txt, txt)",
	},
	"dat": {
		"dat + int", "dat - int", "add_months(dat, int)", "add_years(dat, int)", "date_trunc('month', dat)", "date_trunc('week', dat)", "date_trunc('quarter', dat)",
		"cast(sta as date)", "last_day(dat)", "make_date(2020, int, int)", "date_add('week', int, dat)", "parse_date(txt, '%Y-%m-%d')", "try_cast(txt as date)", "greatest(dat, dat)",
	},
	"sta": {
		"dat + 0.3", "sta + num", "sta - int", "date_add('hour', int, dat)", "date_add('month', int, sta)", "date_trunc('minute', sta)", "date_trunc('week', sta)",
		"cast(dat as timestamp)", "greatest(dat, sta)", "if(boo, sta, dat)",
	},
}

// drawFormula makes a random formula of constants.
func drawFormula(t *rapid.T, family string, depth int) string {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		return rapid.SampledFrom(constants[family]).Draw(t, family)
	}
	shape := rapid.SampledFrom(shapes[family]).Draw(t, "shape")
	return regexp.MustCompile(`\b(num|int|txt|boo|dat|sta)\b`).ReplaceAllStringFunc(shape, func(family string) string {
		return "(" + drawFormula(t, family, depth-1) + ")"
	})
}

// TestFoldedIsExecuted holds that a constant formula has one value, whether it
// is computed in Go when it is compiled or by the engine.
func TestFoldedIsExecuted(t *testing.T) {
	db := open(t)
	catalogue := function.Catalogue()
	one := table(t, rel.Schema{{Name: "one", Type: rel.Integer}}, "1")
	folded := 0
	rapid.Check(t, func(r *rapid.T) {
		src := drawFormula(r, rapid.SampledFrom([]string{"num", "int", "txt", "boo", "dat", "sta"}).Draw(r, "family"), 3)
		e, err := formula.Compile(src, formula.Env{Functions: catalogue, NoFold: true})
		if err != nil {
			if strings.Contains(src, "decimal(38,20)") {
				return // a product with too many digits behind the point
			}
			r.Fatalf("%s: %v", src, err)
		}
		known, err := formula.Compile(src, formula.Env{Functions: catalogue})
		l, ok := known.(*rel.Literal)
		if err != nil || !ok {
			return // an error when compiled need not be one when run: the engine may skip the part
		}
		folded++
		plan := must[*rel.Project](t)(rel.Builder{}.Project(one, []rel.Item{{Column: rel.Column{Name: "x"}, Expr: e}}))
		got, err := execute(t, db, plan, relsql.Options{})
		if err != nil {
			r.Fatalf("%s = %s, but the engine says: %v", src, rel.FormatValue(l.Value), err)
		}
		if want := rel.FormatValue(l.Value); got[0] != want && !nearly(got[0], want) {
			r.Fatalf("%s = %s, but %s in the engine", src, want, got[0])
		}
	})
	if folded == 0 {
		t.Error("no formula was folded")
	}
}

// nearly compares two reals within 1e-9.
func nearly(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y), 1e-3)
}
