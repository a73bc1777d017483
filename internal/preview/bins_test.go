package preview

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/rel"
)

func TestScales(t *testing.T) {
	tests := []struct {
		name        string
		least, most rel.Value
		count       int
		first, last string // where the first range begins and the last ends
	}{
		{"one integer", int64(7), int64(7), 1, "7", "8"},
		{"few integers", int64(-2), int64(2), 5, "-2", "3"},
		{"many integers", int64(3), int64(998), 20, "0", "1000"},
		{"all integers", int64(math.MinInt64), int64(math.MaxInt64), 20, "-10000000000000000000", "10000000000000000000"},
		{"one real", 1.5, 1.5, 1, "1.5", "1.5"},
		{"reals", 0.0, 1.0, 21, "0", "1.05"},
		{"large reals", -math.MaxFloat64, math.MaxFloat64, 1, "-1.7976931348623157e+308", "1.7976931348623157e+308"},
		{"a decimal", rel.Dec{Unscaled: big.NewInt(125), Scale: 2}, rel.Dec{Unscaled: big.NewInt(325), Scale: 2}, 21, "1.2", "3.3"},
		{"one day", rel.Day(0), rel.Day(0), 1, "1970-01-01", "1970-01-02"},
		{"days", rel.Day(0), rel.Day(99), 20, "1970-01-01", "1970-04-11"},
		{"a moment", rel.Stamp(0), rel.Stamp(0), 1, "1970-01-01 00:00:00", "1970-01-01 00:00:00"},
		{"moments", rel.Instant(0), rel.Instant(20_000_000), 20, "1970-01-01 00:00:00Z", "1970-01-01 00:00:20Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, ok := scaleOf(tt.least, tt.most)
			if !ok || s.count != tt.count || s.edge(0) != tt.first || s.edge(s.count) != tt.last {
				t.Errorf("%d ranges from %s to %s", s.count, s.edge(0), s.edge(s.count))
			}
		})
	}
	for _, v := range []rel.Value{"a", true, rel.Clock(1)} {
		if _, ok := scaleOf(v, v); ok {
			t.Errorf("%T has a scale", v)
		}
	}
}

// Every number between the ends falls into a range, of which there are few.
func TestScalesCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		a, b = min(a, b), max(a, b)
		s, _ := scaleOf(a, b)
		if s.count < 1 || s.count > mostBins {
			t.Fatalf("%d ranges", s.count)
		}
		for _, x := range []float64{a, b, a/2 + b/2} {
			if at := math.Floor(x/s.width - s.from/s.width); at < -1 || at > float64(s.count)+1 {
				t.Fatalf("%v is in range %v of %d", x, at, s.count)
			}
		}
	})
}
