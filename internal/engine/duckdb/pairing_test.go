package duckdb_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/components/join"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// pairing is a random join and its model: every pair of rows is looked at.
type pairing struct {
	settings    join.Settings
	keys        [][2]int // columns of either side
	left, right []row
}

func drawPairing(t *rapid.T, kinds []join.Kind) pairing {
	schema, _ := columns()
	p := pairing{
		left: drawRows(t, 6, "left"), right: drawRows(t, 6, "right"),
		settings: join.Settings{
			Kind:          rapid.SampledFrom(kinds).Draw(t, "kind"),
			NullsEqual:    rapid.Bool().Draw(t, "nulls equal"),
			KeepRightKeys: true,
		},
	}
	most := 2
	if p.settings.Kind == join.Cross {
		most = 0
	}
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, 2), min(most, 1), most, rapid.ID[int]).Draw(t, "keys") {
		p.keys = append(p.keys, [2]int{i, i})
		p.settings.Keys = append(p.settings.Keys, join.Key{Left: schema[i].Name})
	}
	return p
}

// equal reports whether the keys of two rows match.
func (p pairing) equal(l, r row) bool {
	for _, k := range p.keys {
		a, b := l[k[0]], r[k[1]]
		if a == nil || b == nil {
			if !p.settings.NullsEqual || a != b {
				return false
			}
			continue
		}
		if function.Compare(a, b) != 0 {
			return false
		}
	}
	return true
}

// parted is what a join makes of two tables.
type parted struct{ pairs, left, right []row }

// match pairs the rows that go together.
func (p pairing) match(together func(l, r row) bool) parted {
	var out parted
	used := make([]bool, len(p.right))
	for _, l := range p.left {
		found := false
		for i, r := range p.right {
			if together(l, r) {
				out.pairs = append(out.pairs, beside(l, r))
				found, used[i] = true, true
			}
		}
		if !found {
			out.left = append(out.left, l)
		}
	}
	for i, r := range p.right {
		if !used[i] {
			out.right = append(out.right, r)
		}
	}
	return out
}

func beside(l, r row) row { return append(append(make(row, 0, len(l)+len(r)), l...), r...) }

// result is what a join of a kind gives, of the parts.
func (p pairing) result(parts parted) []row {
	none := make(row, 4)
	var left, right []row
	for _, l := range parts.left {
		left = append(left, beside(l, none))
	}
	for _, r := range parts.right {
		right = append(right, beside(none, r))
	}
	switch p.settings.Kind {
	case join.LeftOuter:
		return append(parts.pairs, left...)
	case join.RightOuter:
		return append(parts.pairs, right...)
	case join.Full:
		return append(append(parts.pairs, left...), right...)
	case join.Anti:
		return parts.left
	case join.Semi:
		return without(p.left, parts.left)
	default:
		return parts.pairs
	}
}

// without takes the rows of some out of all, each once.
func without(all, some []row) []row {
	left := map[string]int{}
	for _, l := range lines(some) {
		left[l]++
	}
	var out []row
	for _, r := range all {
		if k := lines([]row{r})[0]; left[k] > 0 {
			left[k]--
			continue
		}
		out = append(out, r)
	}
	return out
}

// A join of each kind gives the pairs, and on its other ports the rows without
// a match, that looking at every pair finds.
func TestJoinedRows(t *testing.T) {
	kinds := []join.Kind{join.Inner, join.LeftOuter, join.RightOuter, join.Full, join.Semi, join.Anti, join.Cross}
	onWorker(t, func(t *rapid.T, e plans) {
		p := drawPairing(t, kinds)
		together := p.equal
		if p.settings.Kind != join.Cross && rapid.Bool().Draw(t, "condition") {
			p.settings.Condition = "left.x >= right.x"
			together = func(l, r row) bool {
				return p.equal(l, r) && l[3] != nil && r[3] != nil && function.Compare(l[3], r[3]) >= 0
			}
		}
		want := p.match(together)
		out := compile(t, &p.settings, given(t, p.left), given(t, p.right))
		same(t, "left only", lines(e.rows(t, out[1])), lines(want.left))
		same(t, "right only", lines(e.rows(t, out[2])), lines(want.right))
		same(t, "out", lines(e.rows(t, out[0])), lines(p.result(want)))
	})
}

// The keys of a right or full join are one column, with a value in each row
// that has one on either side.
func TestMergedKeys(t *testing.T) {
	onWorker(t, func(t *rapid.T, e plans) {
		p := drawPairing(t, []join.Kind{join.Inner, join.LeftOuter, join.RightOuter, join.Full})
		var want []row
		for _, r := range p.result(p.match(p.equal)) {
			merged := append(row(nil), r[:4]...)
			for i := range 4 {
				if !p.isKey(i) {
					merged = append(merged, r[4+i])
				} else if merged[i] == nil {
					merged[i] = r[4+i]
				}
			}
			want = append(want, merged)
		}
		p.settings.KeepRightKeys = false
		out := compile(t, &p.settings, given(t, p.left), given(t, p.right))
		same(t, "out", lines(e.rows(t, out[0])), lines(want))
	})
}

func (p pairing) isKey(i int) bool {
	for _, k := range p.keys {
		if k[0] == i {
			return true
		}
	}
	return false
}

// An as-of join gives each left row the nearest right one, the least of those
// that are as near.
func TestNearestRows(t *testing.T) {
	onWorker(t, func(t *rapid.T, e plans) {
		p := drawPairing(t, []join.Kind{join.AsOf})
		by := rapid.SampledFrom([]int{0, 2, 3}).Draw(t, "nearest")
		schema, _ := columns()
		near := join.Nearest{
			Left: schema[by].Name, Direction: rapid.SampledFrom([]join.Direction{join.Before, join.After}).Draw(t, "direction"),
			Strict: rapid.Bool().Draw(t, "strict"), Outer: rapid.Bool().Draw(t, "outer"),
		}
		p.settings.Nearest = near
		var want, left []row
		for _, l := range p.left {
			best := p.nearest(l, by)
			switch {
			case best != nil:
				want = append(want, beside(l, best))
			case near.Outer:
				want = append(want, beside(l, make(row, 4)))
			}
			if best == nil {
				left = append(left, l)
			}
		}
		out := compile(t, &p.settings, given(t, p.left), given(t, p.right))
		same(t, "out", lines(e.rows(t, out[0])), lines(want))
		same(t, "left only", lines(e.rows(t, out[1])), lines(left))
		same(t, "right only", lines(e.rows(t, out[2])), lines(p.untaken(by)))
	})
}

// nearest is the right row that an as-of join gives to l, or nil.
func (p pairing) nearest(l row, by int) row {
	var best row
	for _, r := range p.right {
		if l[by] == nil || r[by] == nil || !p.equal(l, r) {
			continue
		}
		side := function.Compare(r[by], l[by])
		if p.settings.Nearest.Direction == join.After {
			side = -side
		}
		if side > 0 || side == 0 && p.settings.Nearest.Strict {
			continue
		}
		first := rel.SortKey{Column: p.settings.Nearest.Left, Desc: p.settings.Nearest.Direction == join.Before}
		if best == nil || compareBy(append([]rel.SortKey{first}, allKeys()...), r, best) < 0 {
			best = r
		}
	}
	return best
}

// untaken are the right rows whose keys and value no left row took.
func (p pairing) untaken(by int) []row {
	keys := append([][2]int{{by, by}}, p.keys...)
	taken := map[string]bool{}
	key := func(r row) string {
		var out row
		for _, k := range keys {
			out = append(out, r[k[1]])
		}
		return lines([]row{out})[0]
	}
	for _, l := range p.left {
		if best := p.nearest(l, by); best != nil {
			taken[key(best)] = true
		}
	}
	var out []row
	for _, r := range p.right {
		if !taken[key(r)] {
			out = append(out, r)
		}
	}
	return out
}
