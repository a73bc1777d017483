package duckdb_test

import (
	"regexp"
	"slices"

	"github.com/weftworks/weft/internal/rel"
)

// family is a group of types that formulas are drawn for.
type family struct {
	name      string
	types     []rel.TypeID
	constants []string
	shapes    []string // words that name families stand for formulas of them
}

// drawnFamilies are the formulas that are drawn.
var drawnFamilies = []family{
	{"num", []rel.TypeID{rel.IntegerID, rel.RealID, rel.DecimalID}, []string{"0", "1", "-2.5", "3", "0.25"}, []string{
		"num + num", "num - num", "num * num", "num / num", "num % num", "-num", "abs(num)", "round(num, 1)", "floor(num)",
		"coalesce(num, num)", "greatest(num, num)", "if(boo, num, num)", "case when boo then num else num end", "nullif(num, num)",
		"length(txt)", "year(dat)", "week(dat)", "dat - dat", "date_diff('month', dat, sta)", "position(txt, txt)", "sqrt(num)", "sign(num)",
		"cast(num as real)", "try_cast(txt as integer)", "try_cast(num as decimal(9,1))", "day_of_week(sta)",
	}},
	{"txt", []rel.TypeID{rel.StringID}, []string{"''", "'a'", "'it''s'", "'Жé😀'"}, []string{
		"txt || txt", "concat(txt, num)", "concat(txt, dat)", "upper(txt)", "lower(txt)", "substring(txt, 1, 2)", "left(txt, 1)", "right(txt, 2)",
		"replace(txt, txt, txt)", "trim(txt)", "lpad(txt, 3, 'x')", "to_text(boo)", "to_text(sta)", "coalesce(txt, txt)", "format_date(dat, '%d.%m.%Y')",
		"case txt when txt then txt end", "md5(txt)", "regexp_extract(txt, '[a-z]')", "split_part(txt, ';', 1)",
	}},
	{"boo", []rel.TypeID{rel.BooleanID}, []string{"true", "false"}, []string{
		"num > num", "num = num", "num <= num", "txt = txt", "txt < txt", "txt <> txt", "dat >= dat", "sta < sta", "num between num and num", "num in (num, num)",
		"txt is null", "num is not null", "boo and boo", "boo or boo", "not boo", "txt like '%a%'", "txt ilike txt", "contains(txt, txt)", "coalesce(boo, boo)",
		"xor(boo, boo)", "txt not in (txt, txt)",
	}},
	{"dat", []rel.TypeID{rel.DateID}, []string{"date '2020-02-29'", "date '1999-12-31'"}, []string{
		"dat + 1", "add_months(dat, -1)", "date_trunc('month', dat)", "last_day(dat)", "cast(sta as date)", "coalesce(dat, dat)", "least(dat, dat)",
		"try_cast(txt as date)", "if(boo, dat)",
	}},
	{"sta", []rel.TypeID{rel.TimestampID}, []string{"timestamp '2020-02-29 12:30:00'"}, []string{
		"cast(dat as timestamp)", "date_trunc('hour', sta)", "date_add('day', 1, sta)", "coalesce(sta, sta)", "sta - 0.5",
	}},
}

func families() []string {
	out := make([]string, len(drawnFamilies))
	for i, f := range drawnFamilies {
		out[i] = f.name
	}
	return out
}

var familyWord = regexp.MustCompile(`\b(num|txt|boo|dat|sta)\b`)

// formula draws a formula of a family over the exact columns of a table.
func (d *draft) formula(in *port, name string, depth int) string {
	f := drawnFamilies[slices.IndexFunc(drawnFamilies, func(f family) bool { return f.name == name })]
	columns := in.exact(f.types...)
	if depth == 0 {
		if len(columns) == 0 || d.oneIn(4, "constant") {
			return pickOne(d, f.constants, "constant")
		}
		return "[" + pickOne(d, columnNames(columns), "column") + "]"
	}
	shape := pickOne(d, f.shapes, "shape")
	return familyWord.ReplaceAllStringFunc(shape, func(word string) string {
		next := depth - 1
		if !d.oneIn(2, "deep") {
			next = 0
		}
		return "(" + d.formula(in, word, next) + ")"
	})
}
