package sql

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// DuckDB is the dialect of the embedded engine, DuckDB 1.5.
func DuckDB() Dialect {
	return Dialect{
		name:      "DuckDB",
		typeName:  duckType,
		literal:   duckLiteral,
		cast:      duckCast,
		once:      duckOnce,
		finite:    duckFinite,
		let:       duckLet,
		collate:   func(e, c string) string { return e + " COLLATE " + ident(c) },
		functions: duckFunctions(),
		aggregate: duckAggregate,
		scan:      duckScan,
		hash:      duckHash,
	}
}

// duckType is the engine's name of a type. A bare null is an integer there,
// as in DuckDB's own tables.
func duckType(t rel.Type) string {
	switch t.ID {
	case rel.BooleanID:
		return "BOOLEAN"
	case rel.IntegerID:
		return "BIGINT"
	case rel.RealID:
		return "DOUBLE"
	case rel.DecimalID:
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
	case rel.StringID:
		return "VARCHAR"
	case rel.DateID:
		return "DATE"
	case rel.TimeID:
		return "TIME"
	case rel.TimestampID:
		return "TIMESTAMP"
	case rel.TimestampTZID:
		return "TIMESTAMP WITH TIME ZONE"
	default:
		return "INTEGER"
	}
}

// duckLiteral spells a constant so that it has exactly its type and value.
func duckLiteral(v rel.Value, t rel.Type) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64:
		if t.ID == rel.RealID || t.ID == rel.DecimalID {
			return "CAST(" + strconv.FormatInt(v, 10) + " AS " + duckType(t) + ")"
		}
		if v < 0 {
			return "(" + strconv.FormatInt(v, 10) + ")::BIGINT"
		}
		return strconv.FormatInt(v, 10) + "::BIGINT"
	case float64:
		return duckReal(v)
	case rel.Dec:
		return "CAST('" + v.String() + "' AS " + duckType(t) + ")"
	case string:
		return text(v)
	case rel.Day:
		if !plainYear(int64(v) * 86400) {
			return fmt.Sprintf("(DATE '1970-01-01' + (%d))", int32(v))
		}
		return "DATE '" + v.String() + "'"
	case rel.Clock:
		return "TIME '" + v.String() + "'"
	case rel.Stamp:
		if !plainYear(int64(v) / 1e6) {
			return fmt.Sprintf("make_timestamp((%d)::BIGINT)", int64(v))
		}
		return "TIMESTAMP '" + v.String() + "'"
	case rel.Instant:
		if !plainYear(int64(v) / 1e6) {
			return fmt.Sprintf("make_timestamptz((%d)::BIGINT)", int64(v))
		}
		return "TIMESTAMPTZ '" + rel.Stamp(v).String() + "+00'"
	default:
		return "NULL"
	}
}

// plainYear reports whether a second since 1970 lies in the years 1 to 9998,
// whose dates need no sign and no fifth digit.
func plainYear(seconds int64) bool { return seconds > -62135596800 && seconds < 253370764800 }

// duckReal spells a real with an exponent: without one it would be a decimal.
func duckReal(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "CAST(NULL AS DOUBLE)"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.Contains(s, "e") {
		s += "e0"
	}
	if math.Signbit(f) {
		return "(" + s + ")"
	}
	return s
}

func duckFinite(v string) string { return "CASE WHEN isfinite(" + v + ") THEN " + v + " END" }

// duckLet uses a value several times. A long one is bound by a lambda, since
// its text would double at each level.
func duckLet(x *exprs, value string, body func(v string) string) string {
	const long = 600
	if len(value) <= long {
		return body(value)
	}
	v := x.name()
	return "list_transform([" + value + "], lambda " + v + ": " + body(v) + ")[1]"
}

// duckHash is rel.SampleHash in 64-bit integers.
func duckHash(row string, seed int64) string {
	k1, k2 := rel.SampleKeys(seed)
	mix := func(x string) string { return "xor(" + x + ", " + x + " >> 16)" }
	step := func(x string) string { return "((" + mix(x) + " * 73244475) & 4294967295)" }
	x := fmt.Sprintf("((%s + %d) & 4294967295)", row, k1)
	x = fmt.Sprintf("xor(%s, %d)", step(x), k2)
	return mix(step(x))
}

// duckAggregate spells an aggregate with the type that rel gives it.
func duckAggregate(x *exprs, a aggregation) string {
	arg := a.arg
	if a.distinct {
		arg = "DISTINCT " + arg
	}
	as := func(s string) string { return "CAST(" + s + " AS " + duckType(a.result) + ")" }
	if a.bare {
		as = func(s string) string { return s }
	}
	real := func(s string) string { return s }
	if !a.bare && a.of.ID == rel.RealID {
		real = func(s string) string { return x.d.let(x, s, x.d.finite) }
	}
	switch a.f {
	case rel.CountRows:
		if a.arg == "" {
			return "count(*)"
		}
		return "count(" + arg + ")"
	case rel.CountDistinct:
		return "count(DISTINCT " + a.arg + ")"
	case rel.Sum:
		if a.of.ID == rel.RealID {
			return real("sum(" + arg + ")")
		}
		return as("sum(" + arg + ")")
	case rel.Mean:
		return real("avg(" + arg + ")")
	case rel.Min, rel.Max:
		return string(a.f) + "(" + a.arg + ")"
	case rel.Median, rel.Percentile:
		f := a.fraction
		if a.f == rel.Median {
			f = 0.5
		}
		if a.of.ID != rel.RealID {
			arg = strings.Replace(arg, a.arg, "CAST("+a.arg+" AS DOUBLE)", 1)
		}
		return "quantile_cont(" + arg + ", " + strconv.FormatFloat(f, 'f', -1, 64) + ")"
	case rel.StdDev:
		return "stddev_samp(" + arg + ")"
	case rel.First, rel.Last:
		return string(a.f) + "(" + a.arg + a.order + ")"
	default:
		return "string_agg(" + arg + ", " + a.sep + a.order + ")"
	}
}
