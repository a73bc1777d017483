package sql

import (
	"maps"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// duckFunctions are the templates of every function of the catalogue.
func duckFunctions() map[string]template {
	all := map[string]template{}
	for _, m := range []map[string]template{duckOperators(), duckLogic(), duckMath(), duckTexts(), duckDates()} {
		maps.Copy(all, m)
	}
	return all
}

// pattern makes a template of a text in which $1, $2 … are the arguments and
// $* is all of them.
func pattern(p string) template {
	return func(_ *exprs, _ *rel.Call, args []string) string { return fill(p, args) }
}

// typed is pattern with a cast to the result's type around it.
func typed(p string) template {
	return func(x *exprs, c *rel.Call, args []string) string {
		return "CAST(" + fill(p, args) + " AS " + x.d.typeName(c.As) + ")"
	}
}

// finitely is pattern for a real that may not be finite, which is null then.
func finitely(p string) template {
	return func(x *exprs, _ *rel.Call, args []string) string { return x.d.let(x, fill(p, args), x.d.finite) }
}

// bound is pattern for templates that write their first argument several times.
func bound(p string) template {
	return func(x *exprs, _ *rel.Call, args []string) string {
		return x.d.let(x, args[0], func(v string) string { return fill(p, append([]string{v}, args[1:]...)) })
	}
}

func fill(p string, args []string) string {
	pairs := make([]string, 0, 2*len(args)+2)
	pairs = append(pairs, "$*", strings.Join(args, ", "))
	for i, a := range args {
		pairs = append(pairs, "$"+strconv.Itoa(i+1), a)
	}
	return strings.NewReplacer(pairs...).Replace(p)
}

// kept is for functions that keep the type of their argument; the engine
// loses that of a constant decimal null.
func kept(p string) template {
	return func(x *exprs, c *rel.Call, args []string) string {
		if c.As.ID == rel.DecimalID {
			return typed(p)(x, c, args)
		}
		return fill(p, args)
	}
}

func duckOperators() map[string]template {
	out := map[string]template{
		"+": duckAdd, "-": duckSubtract, "*": duckMultiply, "%": duckModulo,
		"/":   finitely("($1 / nullif($2, 0))"),
		"neg": kept("(-$1)"),
		"||":  duckJoin,
		"and": chained(" AND "), "or": chained(" OR "), "not": pattern("(NOT $1)"),
		"in": func(_ *exprs, _ *rel.Call, args []string) string {
			return "(" + args[0] + " IN (" + strings.Join(args[1:], ", ") + "))"
		},
		"between": pattern("($1 BETWEEN $2 AND $3)"),
		"like":    pattern("($1 LIKE $2)"), "ilike": pattern("($1 ILIKE $2)"),
		"is_null": pattern("($1 IS NULL)"), "is_not_null": pattern("($1 IS NOT NULL)"),
	}
	for _, op := range []string{"=", "<>", "<", "<=", ">", ">="} {
		out[op] = pattern("($1 " + op + " $2)")
	}
	return out
}

func chained(op string) template {
	return func(_ *exprs, _ *rel.Call, args []string) string { return "(" + strings.Join(args, op) + ")" }
}

// duckJoin joins texts. The engine gives an integer null for a text and a
// null that it can compute without rows.
func duckJoin(x *exprs, c *rel.Call, args []string) string {
	for _, a := range c.Args {
		if a.Nullable() && !rowwise(a) {
			return "CAST(" + chained(" || ")(x, c, args) + " AS VARCHAR)"
		}
	}
	return chained(" || ")(x, c, args)
}

// rowwise reports whether e takes something of the row.
func rowwise(e rel.Expr) bool {
	found := false
	rel.Walk(e, func(e rel.Expr) bool {
		_, ok := e.(*leaf)
		found = found || ok
		return !found
	})
	return found
}

// duckAdd spells a sum that is not of reals, which is arithmetic.
func duckAdd(x *exprs, c *rel.Call, args []string) string {
	a, b := c.Args[0].Type(), c.Args[1].Type()
	switch {
	case a.Temporal():
		return moved(a, args[0], "+", args[1], b)
	case b.Temporal():
		return moved(b, args[1], "+", args[0], a)
	case c.As.ID == rel.DecimalID:
		return typed("($1 + $2)")(x, c, wide(c, args))
	default:
		return "(" + args[0] + " + " + args[1] + ")"
	}
}

// wide has the engine compute sums and products of decimals with as many digits
// as the result has: of two that each fit into 64 bits it makes one that must
// fit as well.
func wide(c *rel.Call, args []string) []string {
	const short = 18
	a, b := c.Args[0].Type(), c.Args[1].Type()
	if c.As.Precision <= short || a.Precision > short || b.Precision > short {
		return args
	}
	return []string{"CAST(" + args[0] + " AS " + duckType(rel.Decimal(short+1, int(a.Scale))) + ")", args[1]}
}

func duckSubtract(x *exprs, c *rel.Call, args []string) string {
	a, b := c.Args[0].Type(), c.Args[1].Type()
	switch {
	case a == rel.Date && b == rel.Date:
		return "(" + args[0] + " - " + args[1] + ")"
	case a.Temporal() && b.Temporal():
		return fill("(CAST(epoch_us($1) - epoch_us($2) AS DOUBLE) / 86400000000e0)", args)
	case a.Temporal():
		return moved(a, args[0], "-", args[1], b)
	case c.As.ID == rel.DecimalID:
		return typed("($1 - $2)")(x, c, wide(c, args))
	default:
		return "(" + args[0] + " - " + args[1] + ")"
	}
}

// moved spells a moment moved by days, whole ones or with a fraction.
func moved(moment rel.Type, m, op, days string, by rel.Type) string {
	if moment == rel.Date {
		return "(" + m + " " + op + " CAST(" + days + " AS INTEGER))"
	}
	micros := "(" + days + " * 86400000000)"
	if by.ID == rel.RealID {
		micros = "CAST(round(" + days + " * 86400000000e0) AS BIGINT)"
	}
	return "(" + m + " " + op + " to_microseconds(" + micros + "))"
}

func duckMultiply(x *exprs, c *rel.Call, args []string) string {
	if c.As.ID == rel.DecimalID {
		return typed("($1 * $2)")(x, c, wide(c, args))
	}
	return "(" + args[0] + " * " + args[1] + ")"
}

// duckModulo spells a remainder. The engine gives null for a division by an
// integer zero, NaN for a real one, and overflows for the least integer by -1.
func duckModulo(x *exprs, c *rel.Call, args []string) string {
	switch c.As.ID {
	case rel.RealID:
		return x.d.let(x, "("+args[0]+" % nullif("+args[1]+", 0))", x.d.finite)
	case rel.DecimalID:
		return typed("($1 % nullif($2, 0))")(x, c, args)
	}
	if l, ok := c.Args[1].(*rel.Literal); ok && l.Value != int64(-1) {
		return "(" + args[0] + " % " + args[1] + ")"
	}
	return fill("CASE WHEN $2 = -1 THEN $1 - $1 ELSE $1 % $2 END", args)
}

func duckLogic() map[string]template {
	return map[string]template{
		"if": func(_ *exprs, _ *rel.Call, args []string) string {
			if len(args) < 3 {
				return fill("CASE WHEN $1 THEN $2 END", args)
			}
			return fill("CASE WHEN $1 THEN $2 ELSE $3 END", args)
		},
		"coalesce": pattern("coalesce($*)"),
		"nullif":   pattern("nullif($1, $2)"),
		"xor":      pattern("($1 <> $2)"),
		"to_text": func(x *exprs, c *rel.Call, _ []string) string {
			return duckCast(x, &rel.Cast{X: c.Args[0], To: rel.String})
		},
	}
}

func duckMath() map[string]template {
	positive := func(f string) template {
		return bound("CASE WHEN $1 > 0 THEN " + f + "($1) END")
	}
	within := func(f string) template {
		return bound("CASE WHEN $1 BETWEEN -1 AND 1 THEN " + f + "($1) END")
	}
	return map[string]template{
		"abs": kept("abs($1)"), "sign": typed("sign($1)"), "pi": pattern("pi()"),
		"round": duckRound, "floor": whole("floor"), "ceil": whole("ceil"), "trunc": whole("trunc"),
		"sqrt": bound("CASE WHEN $1 >= 0 THEN sqrt($1) END"),
		"exp":  finitely("exp($1)"), "ln": positive("ln"), "log10": positive("log10"), "log2": positive("log2"),
		"sin": pattern("sin($1)"), "cos": pattern("cos($1)"), "tan": finitely("tan($1)"),
		"asin": within("asin"), "acos": within("acos"), "atan": pattern("atan($1)"), "atan2": pattern("atan2($1, $2)"),
		"degrees": finitely("degrees($1)"), "radians": pattern("radians($1)"),
		"log":      bound("CASE WHEN $1 > 0 AND $1 <> 1 THEN ln(CASE WHEN $2 > 0 THEN $2 END) / ln($1) END"),
		"power":    finitely("power($1, $2)"),
		"greatest": extreme("greatest"), "least": extreme("least"),
	}
}

// whole drops fractions; an integer has none.
func whole(f string) template {
	return func(x *exprs, c *rel.Call, args []string) string {
		switch c.As.ID {
		case rel.IntegerID:
			return args[0]
		case rel.RealID:
			return f + "(" + args[0] + ")"
		default:
			return "CAST(" + f + "(" + args[0] + ") AS " + x.d.typeName(c.As) + ")"
		}
	}
}

func duckRound(x *exprs, c *rel.Call, args []string) string {
	s := "round(" + args[0] + ")"
	if c.As.ID == rel.IntegerID && len(args) > 1 {
		// Rounding up to tens wraps around in the engine's 64 bits.
		s = "round(CAST(" + args[0] + " AS HUGEINT), CAST(" + args[1] + " AS INTEGER))"
	} else if len(args) > 1 {
		s = "round(" + args[0] + ", CAST(" + args[1] + " AS INTEGER))"
	}
	switch c.As.ID {
	case rel.RealID:
		return x.d.let(x, s, x.d.finite)
	case rel.IntegerID:
		if len(args) == 1 {
			return args[0]
		}
	}
	return "CAST(" + s + " AS " + x.d.typeName(c.As) + ")"
}

// extreme is greatest or least, null where any argument is.
func extreme(f string) template {
	return func(_ *exprs, c *rel.Call, args []string) string {
		s := f + "(" + strings.Join(args, ", ") + ")"
		var known []string
		for i, a := range c.Args {
			if a.Nullable() {
				known = append(known, args[i]+" IS NOT NULL")
			}
		}
		if len(known) == 0 {
			return s
		}
		return "CASE WHEN " + strings.Join(known, " AND ") + " THEN " + s + " END"
	}
}

func duckTexts() map[string]template {
	trim := func(f string) template {
		return func(_ *exprs, _ *rel.Call, args []string) string {
			if len(args) == 1 {
				args = append(args, text(function.Spaces))
			}
			return f + "(" + strings.Join(args, ", ") + ")"
		}
	}
	pad := func(f string) template {
		return func(_ *exprs, _ *rel.Call, args []string) string {
			if len(args) == 2 {
				args = append(args, "' '")
			}
			return fill("CASE WHEN $3 = '' THEN left($1, CASE WHEN $2 < 0 THEN 0 ELSE $2 END) ELSE "+f+"($1, CAST(CASE WHEN $2 < 0 THEN 0 ELSE $2 END AS INTEGER), $3) END", args)
		}
	}
	return map[string]template{
		"length": pattern("length($1)"), "lower": pattern("lower($1)"), "upper": pattern("upper($1)"),
		"trim": trim("trim"), "ltrim": trim("ltrim"), "rtrim": trim("rtrim"),
		"left": pattern("left($1, $2)"), "right": pattern("right($1, $2)"),
		"substring": duckSubstring,
		"position":  pattern("instr($1, $2)"),
		"replace":   pattern("replace($1, $2, $3)"),
		"concat": func(_ *exprs, _ *rel.Call, args []string) string {
			return "concat(" + strings.Join(args, ", ") + ", '')"
		},
		"starts_with": pattern("starts_with($1, $2)"), "ends_with": pattern("ends_with($1, $2)"), "contains": pattern("contains($1, $2)"),
		"repeat": pattern("repeat($1, CASE WHEN $2 < 0 THEN 0 ELSE $2 END)"), "lpad": pad("lpad"), "rpad": pad("rpad"),
		"split_part": bound("CASE WHEN $2 = '' THEN CASE WHEN $3 IN (1, -1) THEN $1 WHEN $3 IS NOT NULL THEN left($1, 0) END " +
			"ELSE split_part($1, $2, $3) END"),
		"regexp_matches": pattern("regexp_matches($1, $2)"),
		"regexp_replace": pattern("regexp_replace($1, $2, $3, 'g')"),
		"regexp_extract": func(x *exprs, _ *rel.Call, args []string) string {
			if len(args) == 2 {
				args = append(args, "0")
			}
			return bound("CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2, CAST($3 AS INTEGER)) END")(x, nil, args)
		},
		"regexp_count": pattern("CAST(len(regexp_extract_all($1, $2)) AS BIGINT)"),
		"md5":          pattern("md5($1)"),
	}
}

func duckSubstring(_ *exprs, _ *rel.Call, args []string) string {
	if len(args) == 2 {
		return fill("substring($1, $2)", args)
	}
	return fill("substring($1, $2, CASE WHEN $3 < 0 THEN 0 ELSE $3 END)", args)
}

// duckDates are the functions of dates. A word is a literal that the catalogue
// has checked, so its text is known here.
func duckDates() map[string]template {
	count := func(unit string) template {
		return func(_ *exprs, c *rel.Call, args []string) string {
			return apart(unit, c.Args[0].Type(), args[0], args[1])
		}
	}
	add := func(unit string) template {
		return func(x *exprs, c *rel.Call, args []string) string { return later(x, c, unit, args[1], args[0]) }
	}
	out := map[string]template{
		"date_trunc": typed("date_trunc($1, $2)"),
		"date_add": func(x *exprs, c *rel.Call, args []string) string {
			return later(x, c, word(c.Args[0]), args[1], args[2])
		},
		"add_days": add("day"), "add_months": add("month"), "add_years": add("year"),
		"date_diff": func(_ *exprs, c *rel.Call, args []string) string {
			return apart(word(c.Args[0]), c.Args[1].Type(), args[1], args[2])
		},
		"days_between": count("day"), "months_between": count("month"), "years_between": count("year"),
		"make_date":       pattern("TRY(make_date($1, $2, $3))"),
		"last_day":        typed("last_day($1)"),
		"parse_date":      pattern("CAST(try_strptime($1, $2) AS DATE)"),
		"parse_timestamp": pattern("CAST(try_strptime($1, $2) AS TIMESTAMP)"),
		"format_date":     pattern("strftime($1, $2)"),
		"today":           pattern("CAST(now() AS DATE)"), "now": pattern("CAST(now() AS TIMESTAMP)"),
	}
	for name, part := range map[string]string{
		"year": "year", "quarter": "quarter", "month": "month", "day": "day", "day_of_year": "dayofyear", "day_of_week": "isodow",
		"week": "week", "hour": "hour", "minute": "minute", "second": "second",
	} {
		out[name] = pattern(part + "($1)")
	}
	return out
}

// word is the value of a literal text.
func word(e rel.Expr) string {
	l, _ := e.(*rel.Literal)
	if l == nil {
		return ""
	}
	s, _ := l.Value.(string)
	return s
}

// later spells a moment moved by a count of units.
func later(x *exprs, c *rel.Call, unit, count, moment string) string {
	if unit == "quarter" {
		unit, count = "month", count+" * 3"
	}
	if unit == "year" || unit == "month" || unit == "week" || unit == "day" {
		count = "CAST(" + count + " AS INTEGER)"
	}
	return "CAST(" + moment + " + to_" + unit + "s(" + count + ") AS " + x.d.typeName(c.As) + ")"
}

// apart spells the full units from one moment to another. Between dates the
// engine counts no hours.
func apart(unit string, of rel.Type, from, to string) string {
	if of == rel.Date {
		from, to = "CAST("+from+" AS TIMESTAMP)", "CAST("+to+" AS TIMESTAMP)"
	}
	return "datesub(" + text(unit) + ", " + from + ", " + to + ")"
}
