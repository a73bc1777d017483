package function

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var errCast = errs.Message{
	ID: "function.cast",
	En: "{value} cannot be converted to {type}. try_cast gives null instead.",
	Ru: "{value} нельзя преобразовать в тип {type}. try_cast в таком случае даёт null.",
}

var (
	numberPattern = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$`)
	momentPattern = regexp.MustCompile(`^(?:([+-]\d{4,6}|\d{4})-(\d\d)-(\d\d))?` + // date
		`(?:(?:^|[ T])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?` + // time
		`(Z|[+-]\d\d(?::?\d\d)?)?$`) // offset
)

var errNoCast = errs.Message{
	ID: "function.no_cast",
	En: "There is no conversion from {found} to {type}.",
	Ru: "Преобразования из типа {found} в {type} нет.",
}

// CheckCast refuses conversions that no value can take.
func CheckCast(from, to rel.Type) error {
	if castable(from, to) {
		return nil
	}
	return errs.New(errs.Invalid, errNoCast, errs.P{"found": from, "type": to})
}

// castable is the table of conversions: anything to and from text, within
// numbers and booleans, within dates and times.
func castable(from, to rel.Type) bool {
	number := func(t rel.Type) bool { return t.Numeric() || t == rel.Boolean }
	switch {
	case from.ID == to.ID, from == rel.Null, from == rel.String, to == rel.String:
		return true
	case number(from) && number(to), from.Temporal() && to.Temporal():
		return true
	default:
		return to == rel.Time && (from == rel.Timestamp || from == rel.TimestampTZ)
	}
}

// CastValue converts a value to a type. A value that does not convert is an
// *errs.Error; where the engine or the session's zone decides, the error is
// rel.ErrNotFolded.
func CastValue(v rel.Value, to rel.Type) (rel.Value, error) {
	if v == nil {
		return nil, nil
	}
	if s, ok := v.(string); ok && to != rel.String {
		return parse(s, to)
	}
	out, err := convertValue(v, to)
	if out == nil && err == nil {
		return nil, castError(v, to)
	}
	return out, err
}

func castError(v rel.Value, to rel.Type) error { return Misfit(rel.FormatValue(v), to) }

// Misfit is the error of a value, as it is spelled, that does not convert.
func Misfit(value string, to rel.Type) error {
	return errs.New(errs.Invalid, errCast, errs.P{"value": value, "type": to})
}

// convertValue returns nil where the value does not convert.
func convertValue(v rel.Value, to rel.Type) (rel.Value, error) {
	switch to.ID {
	case rel.StringID:
		return spell(v)
	case rel.BooleanID:
		return isNotZero(v), nil
	case rel.IntegerID:
		return toInteger(v), nil
	case rel.RealID:
		return toFloat(v), nil
	case rel.DecimalID:
		return toDecimal(v, to)
	default:
		return toMoment(v, to)
	}
}

func isNotZero(v rel.Value) rel.Value {
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case rel.Dec:
		return v.Unscaled.Sign() != 0
	default:
		return nil
	}
}

func toInteger(v rel.Value) rel.Value {
	switch v := v.(type) {
	case bool:
		return bit(v)
	case int64:
		return v
	case float64:
		if f := math.Round(v); f >= -1<<63 && f < 1<<63 {
			return int64(f)
		}
	case rel.Dec:
		if z := rescale(v, 0).Unscaled; z.IsInt64() {
			return z.Int64()
		}
	}
	return nil
}

func toFloat(v rel.Value) rel.Value {
	switch v := v.(type) {
	case bool:
		return float64(bit(v))
	case int64:
		return float64(v)
	case float64:
		return v
	case rel.Dec:
		return toReal(v)
	default:
		return nil
	}
}

// toDecimal leaves reals that are no short decimal to the engine: there,
// halves depend on how the real is multiplied.
func toDecimal(v rel.Value, to rel.Type) (rel.Value, error) {
	var d rel.Dec
	switch v := v.(type) {
	case bool:
		d = rel.Dec{Unscaled: big.NewInt(bit(v))}
	case int64:
		d = rel.Dec{Unscaled: big.NewInt(v)}
	case rel.Dec:
		d = v
	case float64:
		exact, ok := ParseDecimal(strconv.FormatFloat(v, 'f', -1, 64))
		if !ok || exact.Scale > int(to.Scale) || len(exact.Unscaled.String()) > 15 {
			return nil, rel.ErrNotFolded
		}
		d = exact
	default:
		return nil, nil
	}
	if d = rescale(d, int(to.Scale)); !holds(to, d) {
		return nil, nil
	}
	return d, nil
}

func toMoment(v rel.Value, to rel.Type) (rel.Value, error) {
	if rel.TypeOf(v) == to {
		return v, nil
	}
	t, ok := clock(v)
	if !ok || to == rel.TimestampTZ {
		return nil, rel.ErrNotFolded
	}
	switch to {
	case rel.Date:
		return rel.Day(floorDiv(t.Unix(), 86400)), nil
	case rel.Timestamp:
		if t.Year() < -290000 || t.Year() > 290000 {
			return nil, nil
		}
		return rel.Stamp(t.UnixMicro()), nil
	default:
		s := micros(v)
		return rel.Clock(s - floorDiv(s, microsPerDay)*microsPerDay), nil
	}
}

// spell writes a value as text where all engines write it alike.
func spell(v rel.Value) (rel.Value, error) {
	switch x := v.(type) {
	case string:
		return x, nil
	case bool:
		return strconv.FormatBool(x), nil
	case int64:
		return strconv.FormatInt(x, 10), nil
	case rel.Dec:
		return x.String(), nil
	case float64:
		if a := math.Abs(x); a == 0 || a >= 1e-4 && a < 1e15 {
			return plainReal(x), nil
		}
	case rel.Day:
		if y := x.Time().Year(); y > 0 && y <= 9999 {
			return x.String(), nil
		}
	case rel.Clock:
		return x.String(), nil
	case rel.Stamp:
		if plainYear(int64(x)) {
			return x.String(), nil
		}
	case rel.Instant:
		if plainYear(int64(x)) {
			return x.String(), nil
		}
	}
	return nil, rel.ErrNotFolded
}

// plainReal writes a real without an exponent, with at least one digit behind
// the point.
func plainReal(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// plainYear reports whether a timestamp lies in the years 1 to 9999, which
// are written without a sign.
func plainYear(micros int64) bool {
	y := time.UnixMicro(micros).UTC().Year()
	return y > 0 && y <= 9999
}

// isNumber knows a number as text: sign, digits with a point, exponent.
func isNumber(s string) bool {
	return numberPattern.MatchString(s)
}

// ParseDecimal reads digits with an optional sign, point and exponent exactly.
func ParseDecimal(s string) (rel.Dec, bool) {
	if !isNumber(s) {
		return rel.Dec{}, false
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	shift, _ := strconv.Atoi(exponent)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	z, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok || shift > 400 || shift < -400 {
		return rel.Dec{}, false
	}
	scale := len(fraction) - shift
	if scale < 0 {
		return rel.Dec{Unscaled: z.Mul(z, pow10(-scale))}, true
	}
	return rel.Dec{Unscaled: z, Scale: scale}, true
}

// parse reads a text as a value of a type: what is spelled plainly is read,
// what has no digit cannot be, and the rest is the engine's to judge.
func parse(text string, to rel.Type) (rel.Value, error) {
	s := strings.TrimSpace(text)
	v, ok := ParseValue(s, to)
	switch {
	case ok && v != nil:
		return v, nil
	case to == rel.Boolean, to == rel.Integer, ok:
		return nil, castError(text, to)
	case strings.ContainsAny(s, "0123456789"), to == rel.Real && strings.ContainsAny(s, "iInN"):
		return nil, rel.ErrNotFolded
	default:
		return nil, castError(text, to)
	}
}

// ParseValue reads the plain spelling of a value: 12, 1.5, true, 2020-01-31,
// 10:30:00, 2020-01-31 10:30:00. ok tells whether it is spelled plainly; v is
// nil where there is no such value (a 30th of February, a number too large).
func ParseValue(s string, to rel.Type) (v rel.Value, ok bool) {
	switch to.ID {
	case rel.BooleanID:
		v, ok := map[string]bool{"true": true, "t": true, "1": true, "false": false, "f": false, "0": false}[strings.ToLower(s)]
		return v, ok
	case rel.IntegerID:
		if !isNumber(s) || strings.ContainsAny(s, ".eE") {
			return nil, false
		}
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, true
		}
		return n, true
	case rel.RealID:
		if !isNumber(s) {
			return nil, false
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, true
		}
		return f, true
	case rel.DecimalID:
		d, ok := ParseDecimal(s)
		if !ok {
			return nil, false
		}
		if d = rescale(d, int(to.Scale)); !holds(to, d) {
			return nil, true
		}
		return d, true
	default:
		return parseMoment(s, to)
	}
}

// parseMoment reads ISO 8601, with a blank or T before the time.
func parseMoment(s string, to rel.Type) (rel.Value, bool) {
	m := momentPattern.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	hasDate, hasTime, hasZone := m[1] != "", m[4] != "", m[8] != ""
	n := make([]int, len(m))
	for i := 1; i <= 6; i++ {
		n[i], _ = strconv.Atoi(m[i])
	}
	fraction, _ := strconv.ParseInt((m[7] + "000000")[:6], 10, 64)
	if n[4] > 23 || n[5] > 59 || n[6] > 59 {
		return nil, true
	}
	clock := int64(n[4]*3600+n[5]*60+n[6])*microsPerSecond + fraction
	var d rel.Value
	if hasDate {
		if d = dateOrNull(n[1], n[2], int64(n[3])); d == nil {
			return nil, true
		}
	}
	switch {
	case to == rel.Time && !hasDate && hasTime && !hasZone:
		return rel.Clock(clock), true
	case to == rel.Date && hasDate && !hasTime && !hasZone:
		return d, true
	case !hasDate || n[1] > 290000 || n[1] < -290000:
		return nil, false
	case to == rel.Timestamp && !hasZone:
		return rel.Stamp(int64(d.(rel.Day))*microsPerDay + clock), true
	case to == rel.TimestampTZ && hasTime && hasZone:
		return rel.Instant(int64(d.(rel.Day))*microsPerDay + clock - zoneOffset(m[8])), true
	default:
		return nil, false
	}
}

// zoneOffset reads Z, +03 or +05:30 as microseconds.
func zoneOffset(s string) int64 {
	if s == "Z" {
		return 0
	}
	digits := strings.ReplaceAll(s[1:], ":", "") + "00"
	h, _ := strconv.ParseInt(digits[:2], 10, 64)
	m, _ := strconv.ParseInt(digits[2:4], 10, 64)
	out := (h*3600 + m*60) * microsPerSecond
	if s[0] == '-' {
		return -out
	}
	return out
}
