package sql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// open returns b, wrapped where needed, as a block to which window functions
// over its items can be added.
func (r *renderer) open(b *block) *block {
	if b.limited || b.grouped || b.distinct || b.windowed || b.volatile() {
		return r.wrap(b)
	}
	return b
}

// window adds the items of w.
func (r *renderer) window(b *block, w *rel.Window) *block {
	args := make([]rel.Expr, 0, len(w.Items))
	asWell := map[string]int{}
	for _, it := range b.items {
		asWell[it.Column.Name] = 1
	}
	for _, it := range w.Items {
		if it.Arg != nil {
			args = append(args, it.Arg)
		}
		for _, p := range it.Partition {
			asWell[p]++
		}
		for _, k := range it.Order {
			asWell[k.Column]++
		}
	}
	b = r.open(b)
	if !b.mergeable(args, asWell) {
		b = r.wrap(b)
	}
	natural := b.natural && streaming(w.Items)
	if !natural && w.Ordering().Known() {
		b = r.keyed(b) // the order of a stored sort, too, is but the sequence of its rows
	}
	added := make([]rel.Item, 0, len(w.Items))
	for i := range w.Items {
		added = append(added, rel.Item{Column: w.Items[i].Column, Expr: r.windowItem(b, &w.Items[i])})
	}
	b.items = append(slices.Clip(b.items), added...)
	b.windowed, b.table, b.natural = true, false, natural
	return b
}

// streaming reports whether the rows leave the windows in the order they come
// in: only where they are but numbered.
func streaming(items []rel.WindowItem) bool {
	return !slices.ContainsFunc(items, func(it rel.WindowItem) bool {
		return it.Func != rel.RowNumber || len(it.Partition)+len(it.Order) > 0
	})
}

// keyed turns a natural order, which an operator is about to lose, into a key:
// the number of the row. Where nobody asks for the order, the engine leaves
// the number out.
func (r *renderer) keyed(b *block) *block {
	if !b.natural || len(b.order) > 0 {
		return b
	}
	b = r.open(b)
	number, b := r.number(b, r.position(b))
	b.order, b.natural = []key{{expr: number, unique: true}}, false
	return b
}

func (r *renderer) windowItem(b *block, it *rel.WindowItem) rel.Expr {
	call := r.windowCall(b, it)
	parts := make([]string, 0, 3)
	if len(it.Partition) > 0 {
		parts = append(parts, "PARTITION BY "+r.partition(b, it.Partition))
	}
	if order := b.besides(r.windowOrder(b, it), it.Partition); len(order) > 0 {
		parts = append(parts, "ORDER BY "+r.keys(order))
	}
	if f := frame(it); f != "" {
		parts = append(parts, f)
	}
	s := call + " OVER (" + strings.Join(parts, " ") + ")"
	return windowLeaf(r.windowResult(it, s), it.Column)
}

func windowLeaf(s string, c rel.Column) *leaf {
	return &leaf{sql: s, typ: c.Type, null: c.Nullable, cost: 2 * costly}
}

func (r *renderer) partition(b *block, by []string) string {
	parts := make([]string, len(by))
	for i, n := range by {
		parts[i] = r.x.sql(b.find(n))
	}
	return strings.Join(parts, ", ")
}

// windowOrder is the order that a window function sees: with the ties broken
// where they would change its result, and the table's own where none is given
// to a function that asks for one.
func (r *renderer) windowOrder(b *block, it *rel.WindowItem) []key {
	switch it.Func {
	case rel.RowNumber, rel.Lag, rel.Lead:
		if len(it.Order) > 0 {
			return b.total(b.sortKeys(it.Order))
		}
		return r.streamOrder(b)
	case rel.Rank:
		return b.sortKeys(it.Order)
	}
	if it.Frame == nil {
		return nil
	}
	if len(it.Order) > 0 {
		return b.total(b.sortKeys(it.Order))
	}
	return r.streamOrder(b)
}

// besides leaves the keys out that are columns to partition by: all rows of a
// partition agree in them.
func (b *block) besides(keys []key, by []string) []key {
	return slices.DeleteFunc(keys, func(k key) bool {
		return slices.ContainsFunc(by, func(n string) bool { return b.find(n) == k.expr })
	})
}

// streamOrder is the order that numbers the rows of b: its keys with ties
// broken by all columns; none where rows come in their natural order; all
// columns where there is no order.
func (r *renderer) streamOrder(b *block) []key {
	if b.natural && len(b.order) == 0 {
		return nil
	}
	return b.total(b.order)
}

// position is the number of a row of b, from 1. b is open.
func (r *renderer) position(b *block) *leaf {
	s := "row_number() OVER ("
	if order := r.streamOrder(b); len(order) > 0 {
		s += "ORDER BY " + r.keys(order)
	}
	return windowLeaf(s+")", rel.Column{Type: rel.Integer})
}

func (r *renderer) windowCall(b *block, it *rel.WindowItem) string {
	arg := ""
	if it.Arg != nil {
		arg = r.x.sql(resolve(it.Arg, b.env()))
	}
	switch it.Func {
	case rel.RowNumber, rel.Rank:
		return string(it.Func) + "()"
	case rel.Lag, rel.Lead:
		return string(it.Func) + "(" + arg + ", " + strconv.Itoa(it.Offset) + ")"
	}
	return r.d.aggregate(r.x, aggregation{f: rel.AggregateFunc(it.Func), arg: arg, of: argType(it.Arg), bare: true})
}

// windowResult brings the result of a window to the type of its column.
func (r *renderer) windowResult(it *rel.WindowItem, s string) string {
	switch rel.AggregateFunc(it.Func) {
	case rel.Sum, rel.Mean:
		if argType(it.Arg) == rel.Real {
			return r.d.let(r.x, s, r.d.finite)
		}
		return "CAST(" + s + " AS " + r.d.typeName(it.Column.Type) + ")"
	}
	return s
}

func argType(e rel.Expr) rel.Type {
	if e == nil {
		return rel.Null
	}
	return e.Type()
}

// frame spells the rows that a window's aggregate sees.
func frame(it *rel.WindowItem) string {
	switch it.Func {
	case rel.RowNumber, rel.Rank, rel.Lag, rel.Lead:
		return ""
	}
	if it.Frame == nil {
		return ""
	}
	return "ROWS BETWEEN " + frameEnd(it.Frame.Preceding, "PRECEDING", "FOLLOWING") +
		" AND " + frameEnd(it.Frame.Following, "FOLLOWING", "PRECEDING")
}

func frameEnd(n *int, word, opposite string) string {
	switch {
	case n == nil:
		return "UNBOUNDED " + word
	case *n == 0:
		return "CURRENT ROW"
	case *n < 0:
		return strconv.Itoa(-*n) + " " + opposite
	default:
		return strconv.Itoa(*n) + " " + word
	}
}
