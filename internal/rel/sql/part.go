package sql

import "github.com/weftworks/weft/internal/rel"

// part returns b with the conversions of text that cond asks for one level
// below, so that each is computed once for both the condition and what stands
// above it. What the condition does not need is converted above, for the rows
// that pass. See DESIGN.md.
func (r *renderer) part(b *block, cond rel.Expr) *block {
	casts := b.conversions(cond)
	if len(casts) == 0 || !b.bare() {
		return b
	}
	p := &parting{alias: r.alias(), names: map[string]rel.Column{}, taken: map[string]bool{}, moved: map[rel.Expr]rel.Expr{}}
	for _, c := range casts {
		p.below(c, rel.Column{Name: hidden("value", len(p.items)), Type: c.To, Nullable: true},
			&leaf{sql: r.d.once(r.x, c), typ: c.To, null: true})
	}
	out := &block{natural: b.natural, items: make([]rel.Item, len(b.items)), order: make([]key, len(b.order))}
	for i, it := range b.items {
		out.items[i] = rel.Item{Column: it.Column, Expr: p.move(it.Expr)}
	}
	for i, k := range b.order {
		k.expr = p.move(k.expr)
		out.order[i] = k
	}
	inner := &block{from: b.from, where: b.where, items: p.items}
	out.from = "(\n" + r.text(inner, false) + "\n) AS " + p.alias
	return out
}

// conversions lists the tries to read text that cond refers to in b's items.
func (b *block) conversions(cond rel.Expr) []*rel.Cast {
	var out []*rel.Cast
	env, seen := b.env(), map[rel.Expr]bool{}
	rel.Walk(cond, func(x rel.Expr) bool {
		if ref, ok := x.(*rel.Ref); ok {
			rel.Walk(env[ref.Column.Name], func(x rel.Expr) bool {
				c, ok := x.(*rel.Cast)
				ok = ok && c.Try && c.X.Type() == rel.String && c.To != rel.String && !rel.Volatile(c)
				if ok && !seen[c] {
					seen[c] = true
					out = append(out, c)
				}
				return !ok
			})
		}
		return true
	})
	return out
}

// bare reports whether nothing but columns of FROM stands in b's expressions,
// and no clause of b forbids a condition.
func (b *block) bare() bool {
	ok := !b.limited && !b.grouped && !b.windowed && !b.distinct
	look := func(x rel.Expr) bool {
		if l, is := x.(*leaf); is && l.column == "" {
			ok = false
		}
		return ok
	}
	for _, it := range b.items {
		rel.Walk(it.Expr, look)
	}
	for _, k := range b.order {
		rel.Walk(k.expr, look)
	}
	return ok
}

// parting moves expressions above a derived table that gives the columns they
// need.
type parting struct {
	alias string
	items []rel.Item            // of the derived table
	names map[string]rel.Column // its columns, by how they are spelled below
	taken map[string]bool       // their names, folded
	moved map[rel.Expr]rel.Expr // by address: keys of an order are items
}

// below adds a column; it takes the place of e.
func (p *parting) below(e rel.Expr, c rel.Column, from rel.Expr) {
	p.items = append(p.items, rel.Item{Column: c, Expr: from})
	p.taken[rel.Fold(c.Name)] = true
	p.moved[e] = columnOf(p.alias, c)
}

// move spells e over the derived table.
func (p *parting) move(e rel.Expr) rel.Expr {
	if to, ok := p.moved[e]; ok {
		return to
	}
	to := e
	if l, ok := e.(*leaf); ok {
		to = p.column(l)
	} else if parts := rel.Operands(e); len(parts) > 0 {
		moved := make([]rel.Expr, len(parts))
		for i, o := range parts {
			moved[i] = p.move(o)
		}
		to = rel.WithOperands(e, moved)
	}
	p.moved[e] = to
	return to
}

// column is a column of FROM above the derived table. Two tables of a join may
// have columns of one name.
func (p *parting) column(l *leaf) rel.Expr {
	c, ok := p.names[l.sql]
	if !ok {
		c = rel.Column{Name: l.column, Type: l.typ, Nullable: l.null}
		for n := 0; p.taken[rel.Fold(c.Name)]; n++ {
			c.Name = hidden("column", n)
		}
		p.names[l.sql] = c
		p.below(l, c, l)
	}
	to := columnOf(p.alias, c)
	to.null, to.cost = l.null, l.cost
	return to
}
