package preview

import (
	"fmt"
	"math"
	"strconv"

	"github.com/weftworks/weft/internal/rel"
)

// mostBins bounds the bins of a column; ranges makes fewer, which are read more
// easily.
const (
	mostBins  = 50
	rangeBins = 20
)

// mostValues bounds the different values of a column whose values are counted
// one by one: beyond, they are names of rows more than of groups.
const mostValues = 1_000_000

// bins counts the values of a column by ranges where it has a scale, else by
// value, the most frequent first.
func (q *query) bins(c rel.Column, s Column) ([]Bin, error) {
	if s.Min == nil || s.Max == nil {
		return nil, nil
	}
	if sc, ok := scaleOf(s.Min, s.Max); ok {
		return q.ranges(c, sc)
	}
	if s.Distinct > mostValues {
		return nil, nil
	}
	return q.values(c)
}

// values counts the most frequent values.
func (q *query) values(c rel.Column) ([]Bin, error) {
	filled, err := q.filled(c)
	if err != nil {
		return nil, err
	}
	counted, err := q.build().Aggregate(filled, []rel.Item{{Column: rel.Column{Name: "value"}, Expr: rel.Col(c)}},
		[]rel.Measure{measure("count", rel.CountRows, nil)})
	if err != nil {
		return nil, err
	}
	sorted, err := q.build().Sort(counted, []rel.SortKey{{Column: "count", Desc: true}, {Column: "value"}})
	if err != nil {
		return nil, err
	}
	rows, err := q.rows(q.build().Limit(sorted, mostBins, 0))
	var out []Bin
	for _, row := range rows {
		n, _ := row[1].(int64)
		out = append(out, Bin{From: Spell(row[0]), Count: n})
	}
	return out, err
}

// filled is the table without the rows that have no value.
func (q *query) filled(c rel.Column) (rel.Rel, error) {
	there, err := q.functions.Must("is_not_null").Call(rel.Col(c))
	if err != nil {
		return nil, err
	}
	return q.build().Filter(q.table, there)
}

// ranges counts values by ranges of one width: the number of a value's range
// is its distance from the least, divided by the width.
func (q *query) ranges(c rel.Column, s scale) ([]Bin, error) {
	index, err := q.index(c, s)
	if err != nil {
		return nil, err
	}
	filled, err := q.filled(c)
	if err != nil {
		return nil, err
	}
	counted, err := q.build().Aggregate(filled, []rel.Item{{Column: rel.Column{Name: "bin"}, Expr: index}},
		[]rel.Measure{measure("count", rel.CountRows, nil)})
	if err != nil {
		return nil, err
	}
	rows, err := q.rows(counted)
	if err != nil {
		return nil, err
	}
	out := make([]Bin, s.count)
	for i := range out {
		out[i].From, out[i].To = s.edge(i), s.edge(i+1)
	}
	for _, row := range rows {
		at, _ := row[0].(float64)
		n, _ := row[1].(int64)
		// The greatest value stands at the end of the last range.
		out[int(min(max(at, 0), float64(s.count-1)))].Count += n
	}
	return out, nil
}

// index is floor((x - least) / width), as a real.
func (q *query) index(c rel.Column, s scale) (rel.Expr, error) {
	x, least := rel.Expr(rel.Col(c)), rel.Expr(&rel.Literal{Value: s.least, As: c.Type})
	if c.Type.Numeric() {
		x, least = rel.Convert(x, rel.Real), rel.Lit(s.from)
	}
	distance, err := q.functions.Must("-").Call(x, least)
	if err != nil {
		return nil, err
	}
	share, err := q.functions.Must("/").Call(rel.Convert(distance, rel.Real), rel.Lit(s.width))
	if err != nil {
		return nil, err
	}
	floor, err := q.functions.Must("floor").Call(share)
	if err != nil {
		return nil, err
	}
	return rel.Convert(floor, rel.Real), nil
}

// scale divides what lies between two values into ranges.
type scale struct {
	least rel.Value // of times: where the first range begins
	from  float64   // of numbers: likewise
	width float64   // of a range; of times in days
	count int
	edge  func(i int) string // where range i begins
}

// scaleOf returns the scale between two values of a type that has one.
func scaleOf(least, most rel.Value) (scale, bool) {
	switch a := least.(type) {
	case int64:
		return intScale(a, most.(int64)), true
	case rel.Day:
		width, count := whole(float64(most.(rel.Day)) - float64(a))
		return scale{least, 0, width, count, func(i int) string { return Spell(a + rel.Day(float64(i)*width)) }}, true
	case float64:
		return realScale(a, most.(float64)), true
	case rel.Dec:
		return realScale(decimal(a), decimal(most.(rel.Dec))), true
	case rel.Stamp:
		return timeScale(least, int64(a), int64(most.(rel.Stamp)), func(us int64) rel.Value { return rel.Stamp(us) }), true
	case rel.Instant:
		return timeScale(least, int64(a), int64(most.(rel.Instant)), func(us int64) rel.Value { return rel.Instant(us) }), true
	}
	return scale{}, false
}

// whole divides a span of whole numbers into ranges of a whole width.
func whole(span float64) (width float64, count int) {
	width = math.Max(1, math.Ceil((span+1)/rangeBins))
	return width, int(math.Max(1, math.Min(rangeBins, math.Ceil((span+1)/width))))
}

// round is the least of 1, 2 and 5 times a power of ten that is at least w, so
// that the edges of ranges are read easily.
func round(w float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(w)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= w*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func intScale(a, b int64) scale {
	width := math.Max(1, round((float64(b)-float64(a)+1)/rangeBins))
	from := math.Floor(float64(a)/width) * width
	count := int(math.Floor((float64(b)-from)/width)) + 1
	return scale{from: from, width: width, count: min(count, mostBins), edge: func(i int) string {
		return strconv.FormatFloat(from+float64(i)*width, 'f', 0, 64)
	}}
}

func realScale(a, b float64) scale {
	width := round(b/rangeBins - a/rangeBins)
	// At the ends of what a real can be, there is no room to divide.
	if !(b > a) || width == 0 || math.Max(-a, b) > 1e300 || a+width == a {
		return scale{from: a, width: math.MaxFloat64, count: 1, edge: func(i int) string { return rel.FormatReal([]float64{a, b}[i]) }}
	}
	from := math.Floor(a/width) * width
	count := int(math.Floor((b-from)/width)) + 1
	return scale{from: from, width: width, count: min(count, mostBins), edge: func(i int) string {
		return strconv.FormatFloat(from+float64(i)*width, 'g', 12, 64)
	}}
}

const dayMicros = 24 * 60 * 60 * 1e6

func timeScale(least rel.Value, a, b int64, value func(int64) rel.Value) scale {
	width := (float64(b) - float64(a)) / rangeBins
	s := scale{least: least, width: width / dayMicros, count: rangeBins}
	if width <= 0 {
		s.width, s.count = 1, 1
	}
	s.edge = func(i int) string {
		if i == s.count {
			return Spell(value(b))
		}
		return Spell(value(a + int64(float64(i)*width)))
	}
	return s
}

func decimal(d rel.Dec) float64 {
	var f float64
	_, _ = fmt.Sscan(d.String(), &f) // a decimal's own spelling reads as a number
	return f
}

// Spell is a value as text, as cells are shown.
func Spell(v rel.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return rel.FormatReal(v)
	default:
		return fmt.Sprint(v)
	}
}
