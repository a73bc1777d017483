package sql

import (
	"math/big"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// side is one input of a join: a table in FROM and its columns.
type side struct {
	from string
	cols map[string]rel.Expr
}

// side makes a table out of a block; a block that is one already is taken as
// it is.
func (r *renderer) side(b *block) (side, *block) {
	plain := b.table && len(b.where) == 0 && !b.limited && !b.distinct && !b.grouped && !b.windowed
	if !b.limited {
		b.order = nil // that of a limit says which rows there are
	}
	if !plain {
		b = r.wrap(b)
	}
	return side{from: b.from, cols: b.env()}, b
}

func (r *renderer) join(j *rel.Join) (*block, error) {
	lb, err := r.block(j.Left)
	if err != nil {
		return nil, err
	}
	rb, err := r.block(j.Right)
	if err != nil {
		return nil, err
	}
	if j.Kind == rel.AsOfJoin && j.Extra != nil {
		return r.nearest(j, lb, rb), nil
	}
	if j.Kind == rel.AsOfJoin {
		rb = r.oneOfEach(j, rb)
	}
	left, _ := r.side(lb)
	right, _ := r.side(rb)
	out := &block{from: left.from + "\n" + joinWords(j) + " " + right.from}
	if on := r.conditions(j, left, right); len(on) > 0 {
		out.from += " ON " + strings.Join(on, " AND ")
	}
	for _, it := range j.Items {
		out.items = append(out.items, rel.Item{Column: it.Column, Expr: pick(it, left, right)})
	}
	return out, nil
}

// pick is the column of a join's item. Its leaf is nullable as the join has
// it, since an outer join pads.
func pick(it rel.JoinItem, left, right side) rel.Expr {
	in := left
	if it.From.Side == rel.Right {
		in = right
	}
	l := *in.cols[it.From.Column.Name].(*leaf)
	l.null = it.Column.Nullable
	return &l
}

func joinWords(j *rel.Join) string {
	switch j.Kind {
	case rel.InnerJoin:
		return "INNER JOIN"
	case rel.LeftJoin:
		return "LEFT JOIN"
	case rel.RightJoin:
		return "RIGHT JOIN"
	case rel.FullJoin:
		return "FULL JOIN"
	case rel.SemiJoin:
		return "SEMI JOIN"
	case rel.AntiJoin:
		return "ANTI JOIN"
	case rel.AsOfJoin:
		if j.AsOf.Outer {
			return "ASOF LEFT JOIN"
		}
		return "ASOF JOIN"
	default:
		return "CROSS JOIN"
	}
}

// conditions are what two rows must fulfil to be a pair.
func (r *renderer) conditions(j *rel.Join, left, right side) []string {
	var out []string
	for _, k := range j.Keys {
		l, rt := r.pair(left, right, k.Left, k.Right)
		switch {
		case j.Kind == rel.AsOfJoin && j.NullsEqual:
			a, b := left.cols[k.Left].Type(), right.cols[k.Right].Type()
			out = append(out, r.bothNull(l, rt, a, b)...)
		case j.NullsEqual:
			out = append(out, l+" IS NOT DISTINCT FROM "+rt)
		default:
			out = append(out, l+" = "+rt)
		}
	}
	if a := j.AsOf; j.Kind == rel.AsOfJoin && a != nil {
		out = append(out, r.inequality(a, left, right))
	}
	if j.Extra != nil {
		out = append(out, r.extra(j.Extra, left, right))
	}
	return out
}

// bothNull compares keys of an as-of join where null equals null. DuckDB takes
// no IS NOT DISTINCT FROM there, and with keys in lists it lets the ordered
// column match null: so whether there is a value is compared apart from it.
func (r *renderer) bothNull(l, rt string, a, b rel.Type) []string {
	t, _ := rel.Common(a, b)
	some := r.x.sql(&rel.Literal{Value: someValue(t), As: t})
	return []string{
		"(" + l + " IS NULL) = (" + rt + " IS NULL)",
		"coalesce(" + l + ", " + some + ") = coalesce(" + rt + ", " + some + ")",
	}
}

// someValue is any value of a type.
func someValue(t rel.Type) rel.Value {
	switch t.ID {
	case rel.BooleanID:
		return false
	case rel.IntegerID:
		return int64(0)
	case rel.RealID:
		return 0.0
	case rel.DecimalID:
		return rel.Dec{Unscaled: new(big.Int)}
	case rel.StringID:
		return ""
	case rel.DateID:
		return rel.Day(0)
	case rel.TimeID:
		return rel.Clock(0)
	case rel.TimestampID:
		return rel.Stamp(0)
	case rel.TimestampTZID:
		return rel.Instant(0)
	default:
		return nil
	}
}

// inequality is the condition of an as-of join on its ordered columns.
func (r *renderer) inequality(a *rel.AsOf, left, right side) string {
	l, rt := r.pair(left, right, a.Left, a.Right)
	op := map[[2]bool]string{{false, false}: ">=", {false, true}: ">", {true, false}: "<=", {true, true}: "<"}[[2]bool{a.After, a.Strict}]
	return l + " " + op + " " + rt
}

// extra spells a condition with references to both sides.
func (r *renderer) extra(e rel.Expr, left, right side) string {
	return r.x.sql(rel.Rewrite(e, func(x rel.Expr) rel.Expr {
		ref, ok := x.(*rel.Ref)
		if !ok {
			return x
		}
		in := left
		if ref.Side == rel.Right {
			in = right
		}
		if c, ok := in.cols[ref.Column.Name]; ok {
			return c
		}
		return x
	}))
}

// pair spells two columns that are compared, both of their common type.
func (r *renderer) pair(left, right side, l, rt string) (string, string) {
	a, b := left.cols[l], right.cols[rt]
	t, _ := rel.Common(a.Type(), b.Type())
	return r.x.sql(rel.Convert(a, t)), r.x.sql(rel.Convert(b, t))
}

// oneOfEach leaves one row of the right side of an as-of join for each value
// of its keys and its ordered column, the least by all columns: an engine
// would take any.
func (r *renderer) oneOfEach(j *rel.Join, b *block) *block {
	by := []string{j.AsOf.Right}
	for _, k := range j.Keys {
		if !slices.Contains(by, k.Right) {
			by = append(by, k.Right)
		}
	}
	b = r.open(b)
	b.order, b.natural = nil, false
	number, b := r.number(b, r.rankedBy(b, by, b.total(nil)))
	b.where = append(b.where, r.raw(number.sql+" = 1"))
	return b
}

// nearest is an as-of join with a further condition, which no engine's own
// as-of join takes: all pairs, of which the nearest is kept for each left row.
func (r *renderer) nearest(j *rel.Join, lb, rb *block) *block {
	lb = r.open(lb)
	lb.order, lb.natural = nil, true
	id, lb := r.number(lb, r.position(lb))
	left := side{from: lb.from, cols: lb.env()}
	right, rb := r.side(rb)
	words := map[bool]string{false: "INNER JOIN", true: "LEFT JOIN"}[j.AsOf.Outer]
	out := &block{from: left.from + "\n" + words + " " + right.from}
	plain := *j
	plain.Kind = rel.InnerJoin
	on := append(r.conditions(&plain, left, right), r.inequality(j.AsOf, left, right))
	out.from += " ON " + strings.Join(on, " AND ")
	for _, it := range j.Items {
		out.items = append(out.items, rel.Item{Column: it.Column, Expr: pick(it, left, right)})
	}
	order := append([]key{{expr: right.cols[j.AsOf.Right], desc: !j.AsOf.After}}, rb.total(nil)...)
	rank := windowLeaf("row_number() OVER (PARTITION BY "+id.sql+" ORDER BY "+r.keys(order)+")", rel.Column{Type: rel.Integer})
	number, out := r.number(out, rank)
	out.where = append(out.where, r.raw(number.sql+" = 1"))
	return out
}
