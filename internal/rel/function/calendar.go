package function

import (
	"math"
	"math/big"
	"time"

	"github.com/weftworks/weft/internal/rel"
)

// moments is a date, a time or a timestamp as the calendar sees it, in UTC.
type moments struct{ time.Time }

const (
	microsPerSecond = int64(1_000_000)
	microsPerDay    = 86400 * microsPerSecond
)

// moment reports whether a value is a date or a timestamp.
func moment(v rel.Value) bool {
	switch v.(type) {
	case rel.Day, rel.Stamp, rel.Instant:
		return true
	default:
		return false
	}
}

// clock returns a value as calendar time. ok is false for instants: their
// calendar is the session's zone's, which is not known here.
func clock(v rel.Value) (t time.Time, ok bool) {
	switch v := v.(type) {
	case rel.Day:
		return v.Time(), true
	case rel.Clock:
		return time.UnixMicro(int64(v)).UTC(), true
	case rel.Stamp:
		return time.UnixMicro(int64(v)).UTC(), true
	default:
		return time.Time{}, false
	}
}

// sameType returns t as a value of the type of v.
func sameType(t time.Time, v rel.Value) (rel.Value, error) {
	if _, ok := v.(rel.Day); ok {
		if y := t.Year(); y < -290000 || y > 290000 {
			return nil, rel.ErrNotFolded // engines reckon dates by timestamps, which end about there
		}
		return day(floorDiv(t.Unix(), 86400), "date")
	}
	const most = math.MaxInt64 / int64(1_000_000)
	if s := t.Unix(); s >= most || s <= -most {
		return nil, overflow("date", rel.Timestamp)
	}
	return rel.Stamp(t.UnixMicro()), nil
}

// day checks the range of a date.
func day(n int64, function string) (rel.Value, error) {
	if n != int64(int32(n)) {
		return nil, overflow(function, rel.Date)
	}
	return rel.Day(n), nil
}

func partOf(read func(moments) int64) eval {
	return func(args []rel.Value) (rel.Value, error) {
		t, ok := clock(args[0])
		if !ok {
			return nil, rel.ErrNotFolded
		}
		return read(moments{t}), nil
	}
}

// micros returns a moment on the scale of microseconds.
func micros(v rel.Value) int64 {
	switch v := v.(type) {
	case rel.Day:
		return int64(v) * microsPerDay
	case rel.Stamp:
		return int64(v)
	case rel.Instant:
		return int64(v)
	default:
		return 0
	}
}

// moveDays moves a moment by a number of days, forward or back (sign -1), to
// the microsecond.
func moveDays(v, days rel.Value, sign int64) (rel.Value, error) {
	if d, ok := v.(rel.Day); ok {
		n := days.(int64)
		if n > math.MaxInt32*2 || n < -math.MaxInt32*2 {
			return nil, overflow("+", rel.Date)
		}
		return day(int64(d)+sign*n, "+")
	}
	var by *big.Int
	switch n := days.(type) {
	case int64:
		by = new(big.Int).Mul(big.NewInt(n), big.NewInt(microsPerDay))
	case float64:
		f := math.Round(n * float64(microsPerDay))
		if math.Abs(f) >= math.MaxInt64 {
			return nil, overflow("+", rel.Timestamp)
		}
		by = big.NewInt(int64(f))
	}
	sum := by.Add(by.Mul(by, big.NewInt(sign)), big.NewInt(micros(v)))
	if !sum.IsInt64() {
		return nil, overflow("+", rel.Timestamp)
	}
	if _, ok := v.(rel.Instant); ok {
		return rel.Instant(sum.Int64()), nil
	}
	return rel.Stamp(sum.Int64()), nil
}

// daysApart is a minus b: whole days of dates, real ones of timestamps.
func daysApart(a, b rel.Value) (rel.Value, error) {
	if x, ok := a.(rel.Day); ok {
		return int64(x) - int64(b.(rel.Day)), nil
	}
	x, y := micros(a), micros(b)
	if d := x - y; (d < 0) == (x < y) {
		return float64(d) / float64(microsPerDay), nil
	}
	return nil, rel.ErrNotFolded
}

// truncate is date_trunc.
func truncate(args []rel.Value) (rel.Value, error) {
	t, ok := clock(args[1])
	if !ok {
		return nil, rel.ErrNotFolded
	}
	y, m, d := t.Date()
	switch args[0] {
	case "year":
		m, d = 1, 1
	case "quarter":
		m, d = (m-1)/3*3+1, 1
	case "month":
		d = 1
	case "week":
		d -= (int(t.Weekday()) + 6) % 7
	}
	h, min, s := 0, 0, 0
	switch args[0] {
	case "second":
		h, min, s = t.Clock()
	case "minute":
		h, min, _ = t.Clock()
	case "hour":
		h, _, _ = t.Clock()
	}
	return sameType(time.Date(y, m, d, h, min, s, 0, time.UTC), args[1])
}

// monthsOf says how many months a unit has; 0: it is not made of months.
func monthsOf(unit string) int64 {
	return map[string]int64{"year": 12, "quarter": 3, "month": 1}[unit]
}

// secondsOf says how many seconds a unit has that is not made of months.
func secondsOf(unit string) int64 {
	return map[string]int64{"week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1}[unit]
}

// farthest bounds the counts of units that are computed here: as many
// microseconds as 64 bits hold.
const farthest = int64(9_000_000_000_000)

// addUnits moves a moment by n units.
func addUnits(unit string, n int64, v rel.Value) (rel.Value, error) {
	t, ok := clock(v)
	if !ok {
		return nil, rel.ErrNotFolded
	}
	if n > farthest || n < -farthest {
		return nil, overflow("date_add", rel.TypeOf(v))
	}
	if months := monthsOf(unit); months > 0 {
		if n *= months; n > 12_000_000 || n < -12_000_000 {
			return nil, overflow("date_add", rel.TypeOf(v))
		}
		return sameType(addMonths(t, int(n)), v)
	}
	seconds := secondsOf(unit)
	if n > farthest/seconds || n < -farthest/seconds {
		return nil, overflow("date_add", rel.TypeOf(v))
	}
	return sameType(time.Unix(t.Unix()+n*seconds, int64(t.Nanosecond())).UTC(), v)
}

// addMonths moves t by n months; the day stops at the month's last.
func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	start := time.Date(y, m+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return start.AddDate(0, 0, min(d, daysIn(start))-1)
}

// daysIn returns the number of days of t's month.
func daysIn(t time.Time) int {
	return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// unitsBetween counts the full units from one moment to another.
func unitsBetween(unit string, from, to rel.Value) (rel.Value, error) {
	a, ok := clock(from)
	b, _ := clock(to)
	if !ok {
		return nil, rel.ErrNotFolded
	}
	if a.After(b) {
		n, err := unitsBetween(unit, to, from)
		if err != nil {
			return nil, err
		}
		return -n.(int64), nil
	}
	if months := monthsOf(unit); months > 0 {
		n := int64(b.Year()-a.Year())*12 + int64(b.Month()-a.Month())
		if addMonths(a, int(n)).After(b) {
			n--
		}
		return n / months, nil
	}
	seconds := b.Unix() - a.Unix()
	if b.Nanosecond() < a.Nanosecond() {
		seconds--
	}
	return seconds / secondsOf(unit), nil
}

func makeDate(args []rel.Value) (rel.Value, error) {
	y, m, d := args[0].(int64), args[1].(int64), args[2].(int64)
	if y < -290000 || y > 290000 {
		return nil, rel.ErrNotFolded
	}
	return dateOrNull(int(y), int(m), d), nil
}

// dateOrNull returns the day, or null where the calendar has none.
func dateOrNull(y, m int, d int64) rel.Value {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return nil
	}
	t := time.Date(y, time.Month(m), int(d), 0, 0, 0, 0, time.UTC)
	if t.Day() != int(d) {
		return nil
	}
	return rel.Day(floorDiv(t.Unix(), 86400))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func lastDay(args []rel.Value) (rel.Value, error) {
	t, ok := clock(args[0])
	if !ok {
		return nil, rel.ErrNotFolded
	}
	return dateOrNull(t.Year(), int(t.Month()), int64(daysIn(t))), nil
}
