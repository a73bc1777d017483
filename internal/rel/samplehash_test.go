package rel

import (
	"math"
	"testing"
)

// TestSampleHashValues pins the hash: samples drawn by one release must be
// drawn again by the next.
func TestSampleHashValues(t *testing.T) {
	for _, c := range []struct{ row, seed, want int64 }{
		{1, 0, 3732599421}, {2, 0, 2411424132}, {1, 42, 2943906070}, {4294967297, 42, 2943906070},
	} {
		if got := SampleHash(c.row, c.seed); got != c.want {
			t.Errorf("SampleHash(%d, %d) = %d, want %d", c.row, c.seed, got, c.want)
		}
	}
}

// TestSampleHashIsEven draws shares out of a million rows and looks at the
// numbers of rows, of neighbours drawn together, and of rows that two seeds
// share, against what chance gives (five standard deviations).
func TestSampleHashIsEven(t *testing.T) {
	const rows = 1_000_000
	for _, share := range []float64{0.001, 0.01, 0.1, 0.5} {
		for seed := range int64(20) {
			bound := SampleBound(share)
			var drawn, both, shared float64
			before := false
			for row := int64(1); row <= rows; row++ {
				in := SampleHash(row, seed) < bound
				if in {
					drawn++
					if before {
						both++
					}
					if SampleHash(row, seed+1) < bound {
						shared++
					}
				}
				before = in
			}
			within(t, "drawn", seed, drawn, rows*share, share)
			within(t, "neighbours", seed, both, rows*share*share, share*share)
			within(t, "two seeds", seed, shared, rows*share*share, share*share)
		}
	}
}

func within(t *testing.T, what string, seed int64, got, want, p float64) {
	t.Helper()
	if dev := math.Sqrt(want*(1-p)) + 1; math.Abs(got-want) > 5*dev {
		t.Errorf("%s at %g, seed %d: %g rows, expected about %g", what, p, seed, got, want)
	}
}

func TestSampleBound(t *testing.T) {
	if SampleBound(0) != 0 || SampleBound(1) != 1<<32 {
		t.Error("a share of 0 must draw nothing and one of 1 everything")
	}
}
