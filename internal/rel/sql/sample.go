package sql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// sample draws rows. What needs a row's number computes it in a derived table
// and filters above it, so that the order of the rows stays.
func (r *renderer) sample(b *block, s *rel.Sample) *block {
	if s.Kind == rel.SampleFirst && len(s.By) == 0 {
		return r.limit(b, s.Count, 0)
	}
	b = r.open(b)
	number, b := r.number(b, r.position(b))
	if len(b.order) == 0 && b.natural && (len(s.By) > 0 || s.Kind == rel.SampleCount) {
		// What follows mixes the rows, so the order of their places is kept by
		// their numbers.
		b.order, b.natural = []key{{expr: number, unique: true}}, false
	}
	if len(s.By) > 0 && s.Kind == rel.SampleEvery {
		number, b = r.number(b, r.ranked(b, s.By, number))
	}
	switch s.Kind {
	case rel.SampleFirst:
		return r.firstOf(b, s.By, []rel.Expr{number}, s.Count)
	case rel.SampleEvery:
		b.where = append(b.where, r.raw("("+number.sql+" - 1) % "+strconv.FormatInt(s.Count, 10)+" = 0"))
	case rel.SampleShare:
		least := strconv.FormatInt(rel.SampleBound(s.Share), 10)
		b.where = append(b.where, r.raw(r.d.hash(number.sql, s.Seed)+" < "+least))
	default:
		hash := &leaf{sql: r.d.hash(number.sql, s.Seed), typ: rel.Integer}
		return r.firstOf(b, s.By, []rel.Expr{hash, number}, s.Count)
	}
	return b
}

// raw is a condition that is spelled.
func (r *renderer) raw(s string) rel.Expr { return &leaf{sql: s, typ: rel.Boolean} }

// number wraps b with a computed column that the result does not show.
func (r *renderer) number(b *block, e *leaf) (*leaf, *block) {
	width := len(b.items)
	inner := *b
	c := rel.Column{Name: hidden("row", r.aliases), Type: rel.Integer}
	inner.items = append(slices.Clone(b.items), rel.Item{Column: c, Expr: e})
	inner.windowed, inner.table = true, false
	out := r.wrap(&inner)
	number := out.items[width].Expr.(*leaf)
	out.items = out.items[:width]
	return number, out
}

// ranked numbers the rows of each group by an order.
func (r *renderer) ranked(b *block, by []string, order ...rel.Expr) *leaf {
	keys := make([]key, len(order))
	for i, e := range order {
		keys[i].expr = e
	}
	return r.rankedBy(b, by, keys)
}

func (r *renderer) rankedBy(b *block, by []string, keys []key) *leaf {
	var parts []string
	if len(by) > 0 {
		parts = append(parts, "PARTITION BY "+r.partition(b, by))
	}
	if keys = b.besides(keys, by); len(keys) > 0 {
		parts = append(parts, "ORDER BY "+r.keys(keys))
	}
	return windowLeaf("row_number() OVER ("+strings.Join(parts, " ")+")", rel.Column{Type: rel.Integer})
}

// firstOf keeps the first rows of each group by an order.
func (r *renderer) firstOf(b *block, by []string, order []rel.Expr, count int64) *block {
	number, b := r.number(b, r.ranked(b, by, order...))
	b.where = append(b.where, r.raw(number.sql+" <= "+strconv.FormatInt(count, 10)))
	return b
}

// unique keeps one row of those that agree in the columns on.
func (r *renderer) unique(b *block, d *rel.Distinct) *block {
	if len(d.On) == 0 {
		if b.limited || b.grouped || b.windowed || b.distinct {
			b = r.wrap(b)
		}
		b.distinct, b.order, b.natural, b.table = true, nil, false, false
		return b
	}
	b = r.open(b)
	keys := b.total(b.sortKeys(d.Order))
	switch {
	case len(d.Order) > 0:
	case len(b.order) > 0:
		keys = b.total(b.order)
	case b.natural:
		var number *leaf
		number, b = r.number(b, r.position(b))
		keys = []key{{expr: number, unique: true}}
	}
	number, b := r.number(b, r.rankedBy(b, d.On, keys))
	b.where = append(b.where, r.raw(number.sql+" = 1"))
	b.order, b.natural = nil, false
	return b
}
