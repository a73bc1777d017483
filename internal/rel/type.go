package rel

import (
	"fmt"
	"strconv"
	"strings"
)

// TypeID tells the families of types apart. The numbers stand in stored
// files: add only at the end.
type TypeID uint8

// The families of types.
const (
	NullID        TypeID = iota // the type of a bare null; it fits everywhere
	BooleanID                   // true, false
	IntegerID                   // signed, 64 bits
	RealID                      // IEEE 754 float64; NaN and infinity do not occur
	DecimalID                   // exact, with precision and scale
	StringID                    // Unicode text
	DateID                      // a calendar day
	TimeID                      // a time of day, microseconds
	TimestampID                 // date and time with no zone, microseconds
	TimestampTZID               // an instant, microseconds
)

// MaxPrecision is the largest number of digits of a decimal.
const MaxPrecision = 38

// Type is a column's or an expression's type. Types are compared with ==.
type Type struct {
	ID        TypeID
	Precision uint8 // decimals only: digits in all, 1 to 38
	Scale     uint8 // decimals only: digits after the point, at most Precision
}

// The types without parameters.
var (
	Null        = Type{ID: NullID}
	Boolean     = Type{ID: BooleanID}
	Integer     = Type{ID: IntegerID}
	Real        = Type{ID: RealID}
	String      = Type{ID: StringID}
	Date        = Type{ID: DateID}
	Time        = Type{ID: TimeID}
	Timestamp   = Type{ID: TimestampID}
	TimestampTZ = Type{ID: TimestampTZID}
)

// Decimal returns the exact numeric type with precision digits, scale of them
// after the point; both are brought into range.
func Decimal(precision, scale int) Type {
	precision = min(max(precision, 1), MaxPrecision)
	return Type{ID: DecimalID, Precision: uint8(precision), Scale: uint8(min(max(scale, 0), precision))}
}

var typeNames = [...]string{
	"null", "boolean", "integer", "real", "decimal", "string", "date", "time", "timestamp", "timestamptz",
}

// String spells the type as package files do: decimal(10,2), timestamptz.
func (t Type) String() string {
	if int(t.ID) >= len(typeNames) {
		return "unknown"
	}
	if t.ID == DecimalID {
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
	}
	return typeNames[t.ID]
}

// MarshalText spells the type as String does.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Type) UnmarshalText(text []byte) error {
	if string(text) == typeNames[NullID] {
		*t = Null
		return nil
	}
	parsed, ok := ParseType(string(text))
	if !ok {
		return fmt.Errorf("no type %q", text)
	}
	*t = parsed
	return nil
}

// TypeNames lists the spellings that ParseType takes, for help and completion.
func TypeNames() []string {
	return []string{"boolean", "integer", "real", "decimal(18,2)", "string", "date", "time", "timestamp", "timestamptz"}
}

// ParseType reads a type as String spells it; decimal alone is decimal(18,2).
// ok is false for anything else.
func ParseType(s string) (t Type, ok bool) {
	if s == "decimal" {
		return Decimal(18, 2), true
	}
	if rest, found := strings.CutPrefix(s, "decimal("); found {
		args, found := strings.CutSuffix(rest, ")")
		p, sc, both := strings.Cut(args, ",")
		precision, err1 := strconv.Atoi(strings.TrimSpace(p))
		scale, err2 := 0, error(nil)
		if both {
			scale, err2 = strconv.Atoi(strings.TrimSpace(sc))
		}
		ok = found && err1 == nil && err2 == nil && precision >= 1 && precision <= MaxPrecision && scale >= 0 && scale <= precision
		if !ok {
			return Type{}, false
		}
		return Decimal(precision, scale), true
	}
	for i, n := range typeNames[1:] {
		if n == s && TypeID(i+1) != DecimalID {
			return Type{ID: TypeID(i + 1)}, true
		}
	}
	return Type{}, false
}

// Numeric reports whether t is integer, decimal or real.
func (t Type) Numeric() bool { return t.ID == IntegerID || t.ID == RealID || t.ID == DecimalID }

// Temporal reports whether t is a date or a timestamp of either kind.
func (t Type) Temporal() bool {
	return t.ID == DateID || t.ID == TimestampID || t.ID == TimestampTZID
}

// Common returns the type to which values of a and b both convert without
// being asked: null to anything, integer to decimal to real, date to
// timestamp. ok is false when there is none: text never converts by itself.
func Common(a, b Type) (t Type, ok bool) {
	switch {
	case a == b, b.ID == NullID:
		return a, true
	case a.ID == NullID:
		return b, true
	case a.Numeric() && b.Numeric():
		return commonNumeric(a, b), true
	case a.ID == DateID && b.ID == TimestampID, a.ID == TimestampID && b.ID == DateID:
		return Timestamp, true
	default:
		return Type{}, false
	}
}

// commonNumeric widens: an integer has 19 digits; a real on either side makes
// a real; decimals keep all digits of both, as far as 38 allow.
func commonNumeric(a, b Type) Type {
	if a.ID == RealID || b.ID == RealID {
		return Real
	}
	a, b = asDecimal(a), asDecimal(b)
	scale := max(a.Scale, b.Scale)
	whole := max(a.Precision-a.Scale, b.Precision-b.Scale)
	return Decimal(int(whole)+int(scale), int(scale))
}

// asDecimal gives integers the decimal type that holds every one of them.
func asDecimal(t Type) Type {
	if t.ID == IntegerID {
		return Decimal(19, 0)
	}
	return t
}

// Fits reports whether a value of type t may stand where want is asked for,
// converting only as Common does.
func (t Type) Fits(want Type) bool {
	c, ok := Common(t, want)
	return ok && (c == want || c.ID == want.ID && c.ID == DecimalID)
}
