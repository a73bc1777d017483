package sql

import (
	"github.com/weftworks/weft/internal/rel"
)

// aggregation is an aggregate function whose argument is spelled.
type aggregation struct {
	f        rel.AggregateFunc
	arg      string // "" for the number of rows
	of       rel.Type
	distinct bool
	fraction float64
	sep      string // quoted
	order    string // " ORDER BY " and keys, ties broken by the argument; "" for none
	result   rel.Type
	bare     bool // the plain call, for a window: no cast around it
}

// aggregate groups b. The keys and measures are computed in the same SELECT.
func (r *renderer) aggregate(b *block, a *rel.Aggregate) *block {
	var list []rel.Expr
	uses := map[string]int{}
	for _, k := range a.Keys {
		list = append(list, k.Expr)
	}
	for _, m := range a.Measures {
		if m.Arg != nil {
			list = append(list, m.Arg)
		}
		for _, k := range m.Order {
			uses[k.Column]++
		}
	}
	if b.limited || b.distinct || b.grouped || b.windowed || !b.mergeable(list, uses) {
		b = r.wrap(b)
	}
	env := b.env()
	out := &block{from: b.from, where: b.where, grouped: true}
	for _, k := range a.Keys {
		e := resolve(k.Expr, env)
		out.groups = append(out.groups, e)
		out.items = append(out.items, rel.Item{Column: k.Column, Expr: e})
	}
	for i := range a.Measures {
		m := &a.Measures[i]
		l := &leaf{sql: r.measure(b, m, env), typ: m.Column.Type, null: m.Column.Nullable, cost: 2 * costly}
		out.items = append(out.items, rel.Item{Column: m.Column, Expr: l})
	}
	return out
}

func (r *renderer) measure(b *block, m *rel.Measure, env map[string]rel.Expr) string {
	a := aggregation{f: m.Func, distinct: m.Distinct, fraction: m.Fraction, sep: text(m.Text), of: argType(m.Arg), result: m.Column.Type}
	if err := checkText(m.Text); err != nil {
		r.x.fail(err)
	}
	if m.Arg == nil {
		return r.d.aggregate(r.x, a)
	}
	arg := resolve(m.Arg, env)
	plain := constant(arg) // which parts no ties, and is no key
	a.arg = r.x.sql(arg)
	if m.Func == rel.Concat {
		arg = &rel.Cast{X: arg, To: rel.String}
		a.arg = r.x.sql(arg)
	}
	keys := b.sortKeys(m.Order)
	if m.Distinct {
		keys = nil
	}
	switch m.Func {
	case rel.First, rel.Last, rel.Concat:
		if !plain {
			keys = append(keys, key{expr: arg})
		}
		if len(keys) > 0 {
			a.order = " ORDER BY " + r.keys(keys)
		}
	}
	return r.d.aggregate(r.x, a)
}
