package sql

import (
	"fmt"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// Misfit begins the engine's message when a strict conversion meets a value
// that does not convert; the wanted type, a colon and the value follow.
const Misfit = "weft misfit "

// duckCast spells a conversion.
func duckCast(x *exprs, c *rel.Cast) string {
	from := c.X.Type()
	if from == c.To {
		return x.sql(c.X)
	}
	if from == rel.Null {
		return "CAST(" + x.sql(c.X) + " AS " + duckType(c.To) + ")"
	}
	if c.To.ID == rel.StringID {
		return duckSpell(x, c.X, c.How)
	}
	if from.ID == rel.StringID {
		return duckParse(x, c, duckMisfit)
	}
	v := x.sql(c.X)
	if from.ID == rel.RealID && c.To.ID == rel.IntegerID {
		v = "round(" + v + ")"
	}
	if c.Try {
		return "TRY_CAST(" + v + " AS " + duckType(c.To) + ")"
	}
	return "CAST(" + v + " AS " + duckType(c.To) + ")"
}

// duckMisfit is what a conversion gives for a text v that does not fit: a strict
// one fails with it.
func duckMisfit(c *rel.Cast, v string) string {
	if c.Try {
		return ""
	}
	return "CASE WHEN " + v + " IS NOT NULL THEN CAST(error(" + text(Misfit+c.To.String()+": ") + " || " + v + ") AS " + duckType(c.To) + ") END"
}

// duckOnce reads text where it stands. The engine moves conditions below the
// columns that they are about, which is to compute these again; but not what
// could fail, which here comes to nothing: no text is shorter than none, and
// only those that do not fit are asked.
func duckOnce(x *exprs, c *rel.Cast) string {
	return duckParse(x, c, func(c *rel.Cast, v string) string {
		return "CASE WHEN strlen(" + v + ") < 0 THEN CAST(error('') AS " + duckType(c.To) + ") END"
	})
}

// duckParse reads text; misfit is what stands for one that does not fit, or
// empty.
func duckParse(x *exprs, c *rel.Cast, misfit func(c *rel.Cast, v string) string) string {
	how := c.How
	if how == nil {
		how = &rel.TextFormat{}
	}
	for _, s := range append(append(append([]string{how.Decimal, how.Thousands}, how.Dates...), how.True...), how.False...) {
		if err := checkText(s); err != nil {
			x.fail(err)
		}
	}
	value := x.sql(c.X)
	return x.d.let(x, value, func(v string) string {
		out := duckParser(c.To, how)(plainNumber(v, c.To, how))
		if or := misfit(c, v); or != "" {
			return "coalesce(" + out + ", " + or + ")"
		}
		return out
	})
}

// plainNumber replaces the separators of numbers by what the engine reads. A
// point that is no separator becomes a character that no number has.
func plainNumber(v string, to rel.Type, how *rel.TextFormat) string {
	if !to.Numeric() {
		return v
	}
	drop := func(s string) { v = "replace(" + v + ", " + text(s) + ", '')" }
	if how.Thousands != "" {
		drop(how.Thousands)
	}
	if how.Thousands == " " {
		drop("\u00a0")
		drop("\u202f")
	}
	if how.Decimal != "" && how.Decimal != "." {
		if how.Thousands != "." {
			v = "replace(" + v + ", '.', '?')"
		}
		v = "replace(" + v + ", " + text(how.Decimal) + ", '.')"
	}
	return v
}

// duckParser returns how a text becomes a value of a type, or null.
func duckParser(to rel.Type, how *rel.TextFormat) func(v string) string {
	switch {
	case to.ID == rel.IntegerID:
		return duckInteger
	case to.ID == rel.RealID:
		return func(v string) string { return duckFinite("TRY_CAST(" + v + " AS DOUBLE)") }
	case to.ID == rel.BooleanID:
		return func(v string) string { return duckBoolean(v, how) }
	case len(how.Dates) > 0 && (to.ID == rel.DateID || to.ID == rel.TimeID || to.ID == rel.TimestampID || to.ID == rel.TimestampTZID):
		return func(v string) string { return duckPatterns(v, to, how.Dates) }
	case to.ID == rel.DateID:
		return duckDate
	case to.ID == rel.TimeID:
		return duckTime
	case to.ID == rel.TimestampID, to.ID == rel.TimestampTZID:
		return func(v string) string { return duckMoment(v, to) }
	default:
		return func(v string) string { return "TRY_CAST(" + v + " AS " + duckType(to) + ")" }
	}
}

// leastOf and mostOf are the least integer of each number of characters, and
// the greatest negative one: [0, 10, 100, …], [null, -1, -10, …].
const (
	leastOf = "[0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, " +
		"1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000]::BIGINT[]"
	mostOf = "[NULL, -1, -10, -100, -1000, -10000, -100000, -1000000, -10000000, -100000000, -1000000000, -10000000000, -100000000000, " +
		"-1000000000000, -10000000000000, -100000000000000, -1000000000000000, -10000000000000000, -100000000000000000, -1000000000000000000]::BIGINT[]"
)

// duckInteger reads an integer. The engine's own cast rounds 1.5 and takes
// 0x1F and 1_000; a result with as many digits as the text has characters is
// none of these, and what remains is looked at by a pattern.
func duckInteger(v string) string {
	n := "TRY_CAST(" + v + " AS BIGINT)"
	return "CASE WHEN " + n + " >= (" + leastOf + ")[strlen(" + v + ")] THEN " + n +
		" WHEN " + n + " <= (" + mostOf + ")[strlen(" + v + ")] THEN " + n +
		" WHEN regexp_full_match(" + v + `, '\s*[+-]?[0-9]+\s*') THEN ` + n + " END"
}

// duckBoolean reads the words given, or those that the language has.
func duckBoolean(v string, how *rel.TextFormat) string {
	if len(how.True)+len(how.False) == 0 {
		how = &rel.TextFormat{True: []string{"true", "t", "1"}, False: []string{"false", "f", "0"}}
	}
	v = "lower(trim(" + v + "))"
	in := func(words []string) string {
		lower := make([]string, len(words))
		for i, w := range words {
			lower[i] = strings.ToLower(w)
		}
		return v + " IN (" + texts(lower) + ")"
	}
	out := "CASE"
	if len(how.True) > 0 {
		out += " WHEN " + in(how.True) + " THEN true"
	}
	if len(how.False) > 0 {
		out += " WHEN " + in(how.False) + " THEN false"
	}
	return out + " END"
}

// duckDate reads an ISO date. The engine's own cast also takes a time behind
// it, and the words epoch and infinity.
func duckDate(v string) string {
	d := "TRY_CAST(" + v + " AS DATE)"
	return "CASE WHEN strlen(" + v + ") <= 10 AND " + v + " BETWEEN '0' AND ':' THEN " + d +
		" WHEN regexp_full_match(" + v + `, '\s*-?[0-9]{4,6}-[0-9]{1,2}-[0-9]{1,2}([ T]00:00(:00(\.0+)?)?)?\s*') THEN ` + d + " END"
}

// duckMoment reads an ISO timestamp. The engine's own cast also takes the words
// epoch and infinity, and no blank behind a date.
func duckMoment(v string, to rel.Type) string {
	return "CASE WHEN " + v + " BETWEEN '0' AND ':' AND NOT ends_with(" + v + ", ' ') THEN TRY_CAST(" + v + " AS " + duckType(to) + ")" +
		" WHEN regexp_full_match(" + v + `, '\s*-?[0-9].*[0-9Z]\s*') THEN TRY_CAST(trim(` + v + ") AS " + duckType(to) + ") END"
}

// duckTime reads a time of day. The engine's own cast also takes a date
// before it.
func duckTime(v string) string {
	return "CASE WHEN regexp_full_match(" + v + `, '\s*([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?\s*') THEN TRY_CAST(` +
		"CASE WHEN length(trim(" + v + ")) <= 5 THEN trim(" + v + ") || ':00' ELSE " + v + " END AS TIME) END"
}

// duckPatterns reads a date or timestamp by the patterns given, the first that
// fits.
func duckPatterns(v string, to rel.Type, patterns []string) string {
	list := text(patterns[0])
	if len(patterns) > 1 {
		list = "[" + texts(patterns) + "]"
	}
	return "CAST(try_strptime(" + v + ", " + list + ") AS " + duckType(to) + ")"
}

// duckSpell writes a value as text.
func duckSpell(x *exprs, e rel.Expr, how *rel.TextFormat) string {
	v, t := x.sql(e), e.Type()
	if how != nil && t.Temporal() && len(how.Dates) > 0 {
		return "strftime(" + v + ", " + text(how.Dates[0]) + ")"
	}
	switch t.ID {
	case rel.TimeID:
		return x.d.let(x, v, func(v string) string { return fraction(v, 9) })
	case rel.TimestampID:
		return x.d.let(x, v, func(v string) string { return fraction(v, 20) })
	case rel.TimestampTZID:
		return x.d.let(x, v, func(v string) string {
			return "(" + fraction("make_timestamp(epoch_us("+v+"))", 20) + " || 'Z')"
		})
	case rel.BooleanID:
		return duckWord(v, how)
	}
	s := "CAST(" + v + " AS VARCHAR)"
	if how != nil && how.Decimal != "" && how.Decimal != "." && t.Numeric() {
		s = "replace(" + s + ", '.', " + text(how.Decimal) + ")"
	}
	return s
}

// duckWord writes a boolean.
func duckWord(v string, how *rel.TextFormat) string {
	if how == nil || len(how.True) == 0 || len(how.False) == 0 {
		return "CAST(" + v + " AS VARCHAR)"
	}
	return "CASE WHEN " + v + " THEN " + text(how.True[0]) + " WHEN NOT " + v + " THEN " + text(how.False[0]) + " END"
}

// fraction spells a time or timestamp with its fraction of a second by threes
// of digits: the engine leaves zeros at its end out. length is that of the
// text up to the point.
func fraction(v string, length int) string {
	s, micros := "CAST("+v+" AS VARCHAR)", "epoch_us("+v+")"
	return fmt.Sprintf("CASE WHEN %s %% 1000000 = 0 THEN %s WHEN %s %% 1000 = 0 THEN rpad(%s, %d, '0') ELSE rpad(%s, %d, '0') END",
		micros, s, micros, s, length+3, s, length+6)
}
