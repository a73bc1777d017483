package rel

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
)

// Value is a constant: nil for null, else one of
//
//	bool       boolean
//	int64      integer
//	float64    real
//	Dec        decimal
//	string     string
//	Day        date
//	Clock      time
//	Stamp      timestamp
//	Instant    timestamptz
type Value any

// Dec is an exact number: Unscaled / 10^Scale.
type Dec struct {
	Unscaled *big.Int
	Scale    int
}

// Day counts days from 1970-01-01.
type Day int32

// Clock counts microseconds from midnight.
type Clock int64

// Stamp counts microseconds from 1970-01-01 00:00:00, with no zone.
type Stamp int64

// Instant counts microseconds from 1970-01-01 00:00:00 UTC.
type Instant int64

// String spells the number in full, with Scale digits after the point.
func (d Dec) String() string {
	s := new(big.Int).Abs(d.Unscaled).String()
	if d.Scale > 0 {
		for len(s) <= d.Scale {
			s = "0" + s
		}
		s = s[:len(s)-d.Scale] + "." + s[len(s)-d.Scale:]
	}
	if d.Unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// Time returns midnight of the day in UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String spells the day as 2006-01-02; years outside 0 to 9999 get a sign.
func (d Day) String() string { return isoDate(d.Time()) }

// String spells the time of day with as many decimals as it has, by threes.
func (c Clock) String() string {
	return time.UnixMicro(int64(c)).UTC().Format("15:04:05") + fraction(int64(c))
}

// String spells the timestamp as 2006-01-02 15:04:05[.000[000]].
func (s Stamp) String() string {
	t := time.UnixMicro(int64(s)).UTC()
	return isoDate(t) + t.Format(" 15:04:05") + fraction(int64(s))
}

// String spells the instant in UTC, with the suffix Z.
func (i Instant) String() string { return Stamp(i).String() + "Z" }

func isoDate(t time.Time) string {
	if y := t.Year(); y < 0 || y > 9999 {
		return fmt.Sprintf("%+05d-%02d-%02d", y, t.Month(), t.Day())
	}
	return t.Format("2006-01-02")
}

func fraction(micros int64) string {
	f := ((micros % 1_000_000) + 1_000_000) % 1_000_000
	switch {
	case f == 0:
		return ""
	case f%1000 == 0:
		return fmt.Sprintf(".%03d", f/1000)
	default:
		return fmt.Sprintf(".%06d", f)
	}
}

// TypeOf returns the type of a constant. A decimal has the smallest type that
// holds it.
func TypeOf(v Value) Type {
	switch v := v.(type) {
	case nil:
		return Null
	case bool:
		return Boolean
	case int64:
		return Integer
	case float64:
		return Real
	case Dec:
		return Decimal(max(len(new(big.Int).Abs(v.Unscaled).String()), v.Scale), v.Scale)
	case string:
		return String
	case Day:
		return Date
	case Clock:
		return Time
	case Stamp:
		return Timestamp
	case Instant:
		return TimestampTZ
	default:
		panic(fmt.Sprintf("rel: no type for a constant of Go type %T", v))
	}
}

// FormatValue spells a constant for plan texts and help: text in single
// quotes, null as null, everything else as its String.
func FormatValue(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return quoteText(v)
	case float64:
		return FormatReal(v)
	case Day, Clock, Stamp, Instant:
		return fmt.Sprintf("%s '%v'", TypeOf(v), v)
	default:
		return fmt.Sprint(v)
	}
}

// FormatReal spells a real so that it reads back as the same real and is not
// taken for an integer.
func FormatReal(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return s
}

func quoteText(s string) string {
	out := make([]byte, 0, len(s)+2)
	out = append(out, '\'')
	for i := range len(s) {
		if s[i] == '\'' {
			out = append(out, '\'')
		}
		out = append(out, s[i])
	}
	return string(append(out, '\''))
}
