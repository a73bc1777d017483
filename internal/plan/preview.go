package plan

import (
	"github.com/weftworks/weft/internal/rel"
)

// Preview is the plan of the first rows of an output, made from the heads of
// its sources where the whole would take long.
type Preview struct {
	Rel      rel.Rel             // with the limit on top
	Limit    int64               // rows asked for
	Caps     map[*rel.Scan]int64 // sources of which only the head is read
	complete bool                // nothing is capped
	faithful bool                // each row of the capped plan is a row of the whole, in its order
}

// Exact reports whether rows that came back are what the whole plan gives:
// nothing was left out below, or the rows asked for were found in the head and
// nothing behind it can change them.
func (p *Preview) Exact(rows int64) bool {
	return p.complete || p.faithful && rows >= p.Limit
}

// PreviewOf plans the first limit rows of r.
func PreviewOf(r rel.Rel, limit int64) *Preview {
	p := &Preview{
		Rel: rel.Builder{NodeID: r.Node()}.Limit(r, limit, 0), Limit: limit, Caps: map[*rel.Scan]int64{},
	}
	if cost(r) > dearRows {
		p.cap(r)
	}
	p.complete = len(p.Caps) == 0
	p.faithful = p.isFaithful(r)
	return p
}

// Affordable reports whether the true rows behind a sample may be computed
// without being asked for: it takes some seconds at most, as far as is known.
func Affordable(r rel.Rel) bool { return cost(r) <= 40*dearRows }

// Complete reports whether the plan reads the whole of its sources.
func (p *Preview) Complete() bool { return p.complete }

// ExactOf plans the first limit rows of r over the whole of its sources.
func ExactOf(r rel.Rel, limit int64) *Preview {
	return &Preview{Rel: rel.Builder{NodeID: r.Node()}.Limit(r, limit, 0), Limit: limit, complete: true}
}

// cap reads only the heads of big sources. The left input of a join drives
// it; the right one is read whole where it is small, so that the rows of the
// head find their matches.
func (p *Preview) cap(r rel.Rel) {
	rel.Visit(r, func(x rel.Rel) {
		s, ok := x.(*rel.Scan)
		if !ok {
			return
		}
		rows, heavy := scanCost(s)
		if heavy > dearRows/4 || rows > dearRows/4 {
			p.Caps[s] = headRows
		}
	})
}

// isFaithful reports whether the rows of the capped plan are the first rows
// of the whole plan.
func (p *Preview) isFaithful(r rel.Rel) bool {
	if p.isComplete(r) {
		return true
	}
	switch r := r.(type) {
	case *rel.Scan:
		return true
	case *rel.Project:
		return p.isFaithful(r.Input)
	case *rel.Filter:
		return p.isFaithful(r.Input)
	case *rel.Limit:
		return p.isFaithful(r.Input)
	case *rel.Sample:
		return r.Kind != rel.SampleCount && len(r.By) == 0 && r.Input.Ordering().Natural && p.isFaithful(r.Input)
	case *rel.Join:
		switch r.Kind {
		case rel.InnerJoin, rel.LeftJoin, rel.SemiJoin, rel.AntiJoin, rel.CrossJoin, rel.AsOfJoin:
			return p.isFaithful(r.Left) && p.isComplete(r.Right)
		}
	}
	return false
}

// isComplete reports whether nothing below r is capped.
func (p *Preview) isComplete(r rel.Rel) bool {
	complete := true
	rel.Visit(r, func(x rel.Rel) {
		if s, ok := x.(*rel.Scan); ok && p.Caps[s] > 0 {
			complete = false
		}
	})
	return complete
}
