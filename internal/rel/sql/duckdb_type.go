package sql

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// ParseType reads a type as DuckDB spells it in DESCRIBE and returns the
// rel type that a scan gives its columns. ok is false where there is a type
// only by spelling the values as text: enumerations, identifiers, bytes,
// intervals and everything nested; t is string then.
func ParseType(engineType string) (t rel.Type, ok bool) {
	name := strings.ToUpper(strings.TrimSpace(engineType))
	if rest, found := strings.CutPrefix(name, "DECIMAL("); found && strings.HasSuffix(rest, ")") {
		p, s, _ := strings.Cut(strings.TrimSuffix(rest, ")"), ",")
		precision, err1 := strconv.Atoi(strings.TrimSpace(p))
		scale, err2 := strconv.Atoi(strings.TrimSpace(s))
		if err1 == nil && err2 == nil {
			return rel.Decimal(precision, scale), true
		}
	}
	switch name {
	case "BOOLEAN":
		return rel.Boolean, true
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER":
		return rel.Integer, true
	case "UBIGINT":
		return rel.Decimal(20, 0), true
	case "HUGEINT", "UHUGEINT":
		return rel.Decimal(38, 0), true
	case "FLOAT", "DOUBLE":
		return rel.Real, true
	case "VARCHAR", "TEXT", "STRING":
		return rel.String, true
	case "DATE":
		return rel.Date, true
	case "TIME", "TIME_NS":
		return rel.Time, true
	case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_US", "DATETIME":
		return rel.Timestamp, true
	case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ":
		return rel.TimestampTZ, true
	default:
		return rel.String, false
	}
}
