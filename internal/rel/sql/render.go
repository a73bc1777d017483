package sql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// Query spells a plan as one SELECT whose columns have the names and types of
// its schema, in the plan's order where it has one.
func (d Dialect) Query(plan rel.Rel, o Options) (string, error) { return d.query(plan, o, nil) }

func (d Dialect) query(plan rel.Rel, o Options, p *places) (string, error) {
	r := &renderer{d: &d, o: o, x: &exprs{d: &d, places: p}, uses: map[rel.Rel]int{}, levels: map[rel.Rel]int{}, shared: map[rel.Rel]*common{}}
	r.countUses(plan)
	b, err := r.block(plan)
	if err != nil {
		return "", err
	}
	q := r.text(b, true)
	if len(r.with) > 0 {
		q = "WITH " + strings.Join(r.with, ",\n") + "\n" + q
	}
	return q, r.x.err
}

// renderer is the state of one Query.
type renderer struct {
	d       *Dialect
	o       Options
	x       *exprs
	uses    map[rel.Rel]int
	levels  map[rel.Rel]int // groupings on each other, up to each operator
	with    []string
	shared  map[rel.Rel]*common
	aliases int
}

// common is a part of the plan that stands in the WITH clause.
type common struct {
	name  string
	items []rel.Item // with the hidden columns of its order
	width int        // items that are the part's own
	keys  []namedKey
}

func (r *renderer) countUses(x rel.Rel) {
	r.uses[x]++
	if r.uses[x] > 1 {
		return
	}
	for _, in := range x.Inputs() {
		r.countUses(in)
		r.levels[x] = max(r.levels[x], r.levels[in])
	}
	if grouping(x) {
		r.levels[x]++
	}
}

// maxLevels is how many groupings stand on each other in one query without a
// part in the WITH clause between them. DuckDB's filter pushdown looks twice
// below each, so that planning time doubles with each level: 24 take 8 s.
const maxLevels = 8

// grouping reports whether x computes over groups of rows.
func grouping(x rel.Rel) bool {
	switch x.(type) {
	case *rel.Aggregate, *rel.Distinct, *rel.Window, *rel.Sample:
		return true
	}
	return false
}

// deep reports whether x is to be parted from what stands on it.
func (r *renderer) deep(x rel.Rel) bool {
	return grouping(x) && r.levels[x]%maxLevels == 0 && r.levels[x] > 0
}

// alias makes a name for a table in FROM.
func (r *renderer) alias() string {
	r.aliases++
	return "t" + strconv.Itoa(r.aliases)
}

// block renders x; what several operators read and is dear is rendered once,
// and what is deep by itself.
func (r *renderer) block(x rel.Rel) (*block, error) {
	if (r.uses[x] < 2 || cheap(x)) && !r.deep(x) {
		return r.build(x)
	}
	c, ok := r.shared[x]
	if !ok {
		b, err := r.build(x)
		if err != nil {
			return nil, err
		}
		c = r.share(b)
		r.shared[x] = c
	}
	alias := r.alias()
	b := over(alias, c.items, c.items[:c.width])
	b.from = c.name + " AS " + alias
	b.order = b.refer(alias, c.keys)
	return b, nil
}

// share puts a block into the WITH clause. An engine keeps no order in what
// it materialises, so a natural one becomes a column.
func (r *renderer) share(b *block) *common {
	b = r.keyed(b)
	inner := *b
	inner.items = slices.Clone(b.items)
	keys := exposeKeys(&inner)
	c := &common{name: "c" + strconv.Itoa(len(r.with)+1), items: inner.items, width: len(b.items), keys: keys}
	r.with = append(r.with, c.name+" AS MATERIALIZED (\n"+r.text(&inner, false)+"\n)")
	return c
}

// cheap reports whether computing x twice is better than keeping it: reading,
// choosing and computing columns.
func cheap(x rel.Rel) bool {
	for {
		switch y := x.(type) {
		case *rel.Scan, *rel.Values:
			return true
		case *rel.Project:
			if slices.ContainsFunc(y.Items, func(it rel.Item) bool { return rel.Volatile(it.Expr) }) {
				return false
			}
			x = y.Input
		case *rel.Filter:
			if rel.Volatile(y.Cond) {
				return false
			}
			x = y.Input
		default:
			return false
		}
	}
}

func (r *renderer) build(x rel.Rel) (*block, error) {
	switch x := x.(type) {
	case *rel.Scan:
		return r.d.scan(r, x)
	case *rel.Values:
		return r.values(x)
	case *rel.Join:
		return r.join(x)
	}
	b, err := r.block(x.Inputs()[0])
	if err != nil {
		return nil, err
	}
	switch x := x.(type) {
	case *rel.Project:
		return r.project(b, x), nil
	case *rel.Filter:
		return r.filter(b, x.Cond), nil
	case *rel.Sort:
		return r.sort(b, x.Keys), nil
	case *rel.Limit:
		return r.limit(b, x.Count, x.Offset), nil
	case *rel.Aggregate:
		return r.aggregate(b, x), nil
	case *rel.Window:
		return r.window(b, x), nil
	case *rel.Sample:
		return r.sample(b, x), nil
	default:
		return r.unique(b, x.(*rel.Distinct)), nil
	}
}

func (r *renderer) project(b *block, p *rel.Project) *block {
	list := make([]rel.Expr, len(p.Items))
	for i, it := range p.Items {
		list[i] = it.Expr
	}
	// Without keys it is the aggregates alone that make one row of all.
	lone := b.grouped && len(b.groups) == 0
	if lone || b.distinct || !b.mergeable(list, nil) {
		b = r.wrap(b)
	}
	env := b.env()
	items := make([]rel.Item, len(p.Items))
	for i, it := range p.Items {
		items[i] = rel.Item{Column: it.Column, Expr: resolve(it.Expr, env)}
	}
	b.items, b.table = items, b.table && allColumns(items)
	return b
}

func allColumns(items []rel.Item) bool {
	return !slices.ContainsFunc(items, func(it rel.Item) bool {
		l, ok := it.Expr.(*leaf)
		return !ok || l.column == ""
	})
}

func (r *renderer) filter(b *block, cond rel.Expr) *block {
	b = r.part(b, cond)
	if b.limited || b.grouped || b.windowed || b.distinct || !b.filterable(cond) {
		b = r.wrap(b)
	}
	b.where = append(slices.Clip(b.where), conjuncts(resolve(cond, b.env()))...)
	return b
}

// filterable is mergeable for a condition. Computing an item in the condition
// and again for the rows that pass is what the engine does anyway; but the
// conditions of one query are bounded together, since the engine looks at each
// pair of them.
func (b *block) filterable(cond rel.Expr) bool {
	env := b.env()
	size := 0
	ok := true
	rel.Walk(cond, func(x rel.Expr) bool {
		size++
		if r, is := x.(*rel.Ref); is {
			if in := env[r.Column.Name]; in != nil {
				size += rel.Size(in)
				ok = ok && !rel.Volatile(in)
			}
		}
		return true
	})
	if ok = ok && !tooHigh(cond, env); !ok || len(b.where) == 0 {
		return ok && size <= maxSize
	}
	for _, c := range b.where {
		size += rel.Size(c)
	}
	return size <= maxWhere
}

// conjuncts takes an and apart.
func conjuncts(e rel.Expr) []rel.Expr {
	if c, ok := e.(*rel.Call); ok && c.Func.Name == "and" {
		var out []rel.Expr
		for _, a := range c.Args {
			out = append(out, conjuncts(a)...)
		}
		return out
	}
	return []rel.Expr{e}
}

func (r *renderer) sort(b *block, keys []rel.SortKey) *block {
	if b.limited || b.distinct || b.volatile() {
		b = r.wrap(b)
	}
	// Ties are parted here and not where the order is used, so that rows have
	// one sequence whatever is between, a stored result too.
	b.order, b.natural = b.total(b.sortKeys(keys)), false
	return b
}

// volatile reports whether an item differs from one computing to the next.
func (b *block) volatile() bool {
	return slices.ContainsFunc(b.items, func(it rel.Item) bool { return rel.Volatile(it.Expr) })
}

// sortKeys finds the columns of keys. A constant orders nothing, and engines
// take one for a mistake.
func (b *block) sortKeys(keys []rel.SortKey) []key {
	out := make([]key, 0, len(keys))
	for _, k := range keys {
		if e := b.find(k.Column); !constant(e) {
			out = append(out, key{expr: e, desc: k.Desc, nullsFirst: k.NullsFirst, collation: k.Collation})
		}
	}
	return out
}

func (r *renderer) limit(b *block, count, offset int64) *block {
	if b.limited || b.volatile() {
		b = r.wrap(b)
	}
	if len(b.order) > 0 {
		b.order = b.total(b.order)
	}
	b.limited, b.count, b.offset = true, count, offset
	return b
}

// total makes an order total: ties are broken by all columns that are no keys
// yet. A key with a collation ties what differs, so its column comes again.
func (b *block) total(keys []key) []key {
	out := slices.Clone(keys)
	if slices.ContainsFunc(keys, func(k key) bool { return k.unique }) {
		return out
	}
	for _, it := range b.items {
		if !slices.ContainsFunc(keys, func(k key) bool { return k.expr == it.Expr && k.collation == "" }) && !constant(it.Expr) {
			out = append(out, key{expr: it.Expr, tie: true})
		}
	}
	return out
}

func constant(e rel.Expr) bool {
	switch e.(type) {
	case *rel.Literal, *rel.Param:
		return true
	default:
		return false
	}
}

// values is a table of constants.
func (r *renderer) values(v *rel.Values) (*block, error) {
	alias, schema := r.alias(), v.Schema()
	b := &block{natural: true, table: true}
	names := make([]string, len(schema))
	for i, c := range schema {
		names[i] = ident(c.Name)
		b.items = append(b.items, rel.Item{Column: c, Expr: columnOf(alias, c)})
	}
	b.from = "(VALUES " + r.rows(v) + ") AS " + alias + "(" + strings.Join(names, ", ") + ")"
	if len(v.Rows) == 0 {
		b.from = "(" + r.noRows(schema) + ") AS " + alias
	}
	return b, nil
}

func (r *renderer) rows(v *rel.Values) string {
	var s strings.Builder
	schema := v.Schema()
	for i, row := range v.Rows {
		s.WriteString([2]string{"(", ",\n("}[min(i, 1)])
		for j, c := range row {
			if j > 0 {
				s.WriteString(", ")
			}
			s.WriteString(r.x.constant(c, schema[j].Type))
		}
		s.WriteString(")")
	}
	return s.String()
}

func (r *renderer) noRows(schema rel.Schema) string {
	parts := make([]string, len(schema))
	for i, c := range schema {
		parts[i] = r.x.constant(nil, c.Type) + " AS " + ident(c.Name)
	}
	return "SELECT " + strings.Join(parts, ", ") + " WHERE false"
}
