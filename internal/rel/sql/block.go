package sql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// block is one SELECT that is not spelled yet. Operators are merged into it
// as long as SQL's own order of clauses allows; then it is wrapped into a
// derived table and a new block begins above it. All expressions are over the
// columns of from, as leaf values.
type block struct {
	from  string
	items []rel.Item
	where []rel.Expr
	order []key
	// natural: without order keys, rows come in from's order and that order
	// means something.
	natural bool
	// grouped, windowed, distinct and limited are clauses that later ones may
	// not be mixed with.
	grouped, windowed, distinct, limited bool
	groups                               []rel.Expr
	count, offset                        int64
	table                                bool // from is one table, and items are columns of it
}

// key is one key of an order.
type key struct {
	expr             rel.Expr
	desc, nullsFirst bool
	collation        string
	unique           bool // no two rows agree in it
	tie              bool // only parts rows that the keys before leave equal
}

// limits on what is merged.
const (
	maxSize   = 400 // expressions in one expression
	maxHeight = 32  // levels of an expression put together from several nodes, see DESIGN.md
	maxWhere  = 60  // expressions in the conditions of one query, see DESIGN.md
	maxUses   = costly
)

// env is the items by name.
func (b *block) env() map[string]rel.Expr {
	out := make(map[string]rel.Expr, len(b.items))
	for _, it := range b.items {
		out[it.Column.Name] = it.Expr
	}
	return out
}

// find returns the expression of a column.
func (b *block) find(name string) rel.Expr {
	for _, it := range b.items {
		if it.Column.Name == name {
			return it.Expr
		}
	}
	return nil
}

// resolve puts the block's own expressions in the place of references to its
// columns.
func resolve(e rel.Expr, env map[string]rel.Expr) rel.Expr {
	return rel.Rewrite(e, func(x rel.Expr) rel.Expr {
		if r, ok := x.(*rel.Ref); ok {
			if in, ok := env[r.Column.Name]; ok {
				return in
			}
		}
		return x
	})
}

// mergeable reports whether expressions over the block's columns may take the
// place of its items: nothing dear or volatile is computed twice, and nothing
// grows out of bounds.
func (b *block) mergeable(over []rel.Expr, asWell map[string]int) bool {
	uses := map[string]int{}
	for n, k := range asWell {
		uses[n] = k
	}
	env := b.env()
	for _, e := range over {
		size := 0
		rel.Walk(e, func(x rel.Expr) bool {
			size++
			if r, ok := x.(*rel.Ref); ok {
				uses[r.Column.Name]++
				if in := env[r.Column.Name]; in != nil {
					size += rel.Size(in)
				}
			}
			return true
		})
		if size > maxSize || tooHigh(e, env) {
			return false
		}
	}
	for n, k := range uses {
		if in := env[n]; in != nil && k > 1 && (cost(in) > maxUses || rel.Volatile(in)) {
			return false
		}
	}
	return true
}

// tooHigh reports whether e grows out of bounds when the items take the place
// of references. One that is high by itself is nothing that a wrap would mend.
func tooHigh(e rel.Expr, env map[string]rel.Expr) bool {
	h := height(e, env)
	return h > maxHeight && h > height(e, nil)
}

// height is the number of levels of e with env in the place of references.
func height(e rel.Expr, env map[string]rel.Expr) int {
	if r, ok := e.(*rel.Ref); ok {
		if in := env[r.Column.Name]; in != nil {
			return height(in, nil)
		}
	}
	h := 0
	for _, o := range rel.Operands(e) {
		h = max(h, height(o, env))
	}
	return h + 1
}

// hidden names a column that no column of a table can clash with: names are
// identifiers and hold no blank.
func hidden(what string, n int) string { return what + " " + strconv.Itoa(n) }

// text spells the block. ordered: its order is wanted even where no limit
// asks for it.
func (r *renderer) text(b *block, ordered bool) string {
	var s strings.Builder
	s.WriteString("SELECT ")
	if b.distinct {
		s.WriteString("DISTINCT ")
	}
	for i, it := range b.items {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(r.x.sql(it.Expr))
		if l, ok := it.Expr.(*leaf); !ok || l.column != it.Column.Name {
			s.WriteString(" AS " + ident(it.Column.Name))
		}
	}
	s.WriteString("\nFROM " + b.from)
	for i, c := range b.where {
		s.WriteString([2]string{"\nWHERE ", " AND "}[min(i, 1)] + r.x.sql(c))
	}
	for i, g := range b.groups {
		s.WriteString([2]string{"\nGROUP BY ", ", "}[min(i, 1)] + r.x.sql(g))
	}
	if order := r.shown(b); len(order) > 0 && (ordered || b.limited) {
		s.WriteString("\nORDER BY " + r.keys(order))
	}
	if b.limited {
		if b.count >= 0 {
			s.WriteString("\nLIMIT " + strconv.FormatInt(b.count, 10))
		}
		if b.offset > 0 {
			s.WriteString("\nOFFSET " + strconv.FormatInt(b.offset, 10))
		}
	}
	return s.String()
}

// shown is the order in which a block's rows are asked for. What parts ties
// is dear, and is asked for only where a limit or a later query counts rows.
func (r *renderer) shown(b *block) []key {
	if b.limited || r.o.Total {
		return b.order
	}
	return slices.DeleteFunc(slices.Clone(b.order), func(k key) bool { return k.tie })
}

// keys spells an order.
func (r *renderer) keys(keys []key) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		s := r.x.sql(k.expr)
		if k.collation != "" && k.expr.Type() == rel.String {
			s = r.d.collate(s, k.collation)
		}
		if k.desc {
			s += " DESC"
		}
		if k.nullsFirst {
			s += " NULLS FIRST"
		} else {
			s += " NULLS LAST"
		}
		parts[i] = s
	}
	return strings.Join(parts, ", ")
}

// wrap spells b as a derived table and returns a block over it. The order
// moves out: what its keys need is given as hidden columns.
func (r *renderer) wrap(b *block) *block {
	inner := *b
	inner.items = slices.Clone(b.items)
	keys := exposeKeys(&inner)
	alias := r.alias()
	out := over(alias, inner.items, b.items)
	out.from = "(\n" + r.text(&inner, false) + "\n) AS " + alias
	out.order, out.natural = out.refer(alias, keys), b.natural
	return out
}

// exposeKeys makes sure that every key of b's order is a column, and returns
// the keys by the names of these columns.
func exposeKeys(b *block) []namedKey {
	var out []namedKey
	for _, k := range b.order {
		i := slices.IndexFunc(b.items, func(it rel.Item) bool { return it.Expr == k.expr })
		if i < 0 {
			i = len(b.items)
			c := rel.Column{Name: hidden("order", i), Type: k.expr.Type(), Nullable: k.expr.Nullable()}
			b.items = append(b.items, rel.Item{Column: c, Expr: k.expr})
		}
		out = append(out, namedKey{key: k, column: b.items[i].Column})
	}
	return out
}

// namedKey is a key whose expression is a column of a derived table.
type namedKey struct {
	key
	column rel.Column
}

// refer makes keys over the columns of the table alias, which b selects from.
// A key that is an item is that very item: expressions are told apart by their
// address.
func (b *block) refer(alias string, keys []namedKey) []key {
	out := make([]key, len(keys))
	for i, k := range keys {
		out[i] = k.key
		if out[i].expr = b.find(k.column.Name); out[i].expr == nil {
			out[i].expr = columnOf(alias, k.column)
		}
	}
	return out
}

// over returns a block that selects the items want, all columns of the table
// alias.
func over(alias string, have, want []rel.Item) *block {
	out := &block{table: true, items: make([]rel.Item, 0, len(want))}
	for i := range want {
		c := have[i].Column
		out.items = append(out.items, rel.Item{Column: c, Expr: columnOf(alias, c)})
	}
	return out
}

// columnOf is a column of the table alias.
func columnOf(alias string, c rel.Column) *leaf {
	return &leaf{sql: alias + "." + ident(c.Name), column: c.Name, typ: c.Type, null: c.Nullable}
}
