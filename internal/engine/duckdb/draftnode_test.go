package duckdb_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// node adds a node of a random component over tables that are there.
func (d *draft) node() {
	in := d.source()
	kinds := []func(*port){d.filter, d.sort, d.calculate, d.group, d.fields, d.join, d.join}
	if len(in.inexact) == 0 {
		// What numbers rows by all their columns needs every digit.
		kinds = append(kinds, d.distinct, d.sample)
	}
	pickOne(d, kinds, "component")(in)
}

// source is a table to read: mostly the last, so that nodes form chains.
func (d *draft) source() *port {
	if d.oneIn(3, "any source") {
		return pickOne(d, d.ports, "source")
	}
	last := d.graph.Nodes[len(d.graph.Nodes)-1].ID
	return pickOne(d, slices.DeleteFunc(slices.Clone(d.ports), func(p *port) bool { return p.ref.Node != last }), "source")
}

func from(p *port) pack.Link { return pack.Link{From: p.ref} }

// like copies what is known of a table to others with the same rows, or fewer.
func like(in *port, out ...*port) {
	for _, p := range out {
		p.rows = in.rows
		for _, c := range p.rel.Schema() {
			if in.inexact[c.Name] {
				p.inexact[c.Name] = true
			}
		}
	}
}

func (d *draft) filter(in *port) {
	settings := pack.Map(pack.E("formula", pack.Text(d.formula(in, "boo", 2))))
	if d.oneIn(2, "conditions") && len(in.exact()) > 0 {
		var list []pack.Value
		for range 1 + d.below(3, "conditions") {
			list = append(list, d.condition(in))
		}
		settings = pack.Map(pack.E("conditions", pack.List(list...)))
	}
	like(in, d.add("rows.filter", settings, from(in))...)
}

func (d *draft) condition(in *port) pack.Value {
	c := pickOne(d, in.exact(), "column")
	operators := []string{"equal", "not_equal", "in", "not_in", "is_null", "is_not_null"}
	switch c.Type.ID {
	case rel.StringID:
		operators = append(operators, "less", "contains", "starts_with", "not_ends_with")
	case rel.BooleanID:
		operators = append(operators, "is_true", "is_false")
	default:
		operators = append(operators, "less", "greater_or_equal", "between", "not_between")
	}
	op := pickOne(d, operators, "operator")
	out := []pack.Entry{
		pack.E("join", pack.Text(pickOne(d, []string{"and", "or"}, "join"))),
		pack.E("column", pack.Text(c.Name)), pack.E("operator", pack.Text(op)),
	}
	pool := constantsOf(c.Type)
	value := func() pack.Value { return pickOne(d, pool, "value") }
	switch op {
	case "is_null", "is_not_null", "is_true", "is_false":
		return pack.Map(out...)
	case "in", "not_in":
		out = append(out, pack.E("values", pack.List(value(), value())))
	case "between", "not_between":
		low, high := pool[0], pool[len(pool)-1]
		out = append(out, pack.E("value", low), pack.E("to", high))
	default:
		out = append(out, pack.E("value", value()))
	}
	if c.Type.ID == rel.StringID && d.oneIn(2, "ignore_case") {
		out = append(out, pack.E("ignore_case", pack.Bool(true)))
	}
	return pack.Map(out...)
}

// constantsOf are constants to compare a column with, in rising order.
func constantsOf(t rel.Type) []pack.Value {
	switch t.ID {
	case rel.IntegerID:
		return ints(-1, 0, 1, 2)
	case rel.RealID:
		return reals(-0.75, 0, 0.25, 1.5)
	case rel.DecimalID:
		return drawnTexts("-2", "0", "1")
	case rel.BooleanID:
		return []pack.Value{pack.Bool(false), pack.Bool(true)}
	case rel.DateID:
		return drawnTexts("1899-12-31", "2020-02-29", "2021-03-31")
	case rel.TimeID:
		return drawnTexts("00:00:00", "09:05:00")
	case rel.TimestampID:
		return drawnTexts("1969-12-31 23:59:59", "2020-02-29 12:30:00")
	case rel.TimestampTZID:
		return drawnTexts("2020-03-29T00:30:00Z", "2020-03-29T00:30:00.5Z")
	default:
		return drawnTexts("", "B", "a", "b")
	}
}

// keys are sort keys over exact columns.
func (d *draft) keys(cols []rel.Column, least, most int) []pack.Value {
	var out []pack.Value
	for _, c := range some(d, cols, least, most, "keys") {
		key := []pack.Entry{
			pack.E("column", pack.Text(c.Name)),
			pack.E("direction", pack.Text(pickOne(d, []string{"ascending", "descending"}, "direction"))),
			pack.E("nulls", pack.Text(pickOne(d, []string{"last", "first"}, "nulls"))),
		}
		if c.Type.ID == rel.StringID && d.oneIn(3, "collated") {
			key = append(key, pack.E("collation", pack.Text(pickOne(d, []string{"nocase", "ru", "de"}, "collation"))))
		}
		out = append(out, pack.Map(key...))
	}
	return out
}

func (d *draft) sort(in *port) {
	if cols := in.exact(); len(cols) > 0 {
		like(in, d.add("rows.sort", pack.Map(pack.E("keys", pack.List(d.keys(cols, 1, 3)...))), from(in))...)
	}
}

func (d *draft) distinct(in *port) {
	names := columnNames(some(d, in.exact(), 0, 2, "columns"))
	order := d.keys(in.exact(), 0, 2)
	settings := pack.Map(pack.E("columns", textList(names)), pack.E("order", pack.List(order...)))
	like(in, d.add("rows.distinct", settings, from(in))...)
}

func (d *draft) sample(in *port) {
	method := pickOne(d, []string{"first", "every", "share", "count"}, "method")
	settings := []pack.Entry{pack.E("method", pack.Text(method))}
	if method == "share" {
		settings = append(settings, pack.E("share", pack.Real(pickOne(d, []float64{0, 0.3, 0.5, 1}, "share"))))
	} else {
		settings = append(settings, pack.E("rows", pack.Int(int64(1+d.below(5, "rows")))))
		if d.oneIn(2, "by") {
			settings = append(settings, pack.E("by", textList(columnNames(some(d, in.exact(), 1, 2, "by")))))
		} else if method == "first" && !in.rel.Ordering().Known() {
			return // any rows may come first
		}
	}
	if method == "share" || method == "count" {
		settings = append(settings, pack.E("seed", pack.Int(int64(d.below(4, "seed")))))
	}
	like(in, d.add("rows.sample", pack.Map(settings...), from(in))...)
}

// calculate adds and replaces columns, later ones by earlier ones.
func (d *draft) calculate(in *port) {
	seen := &port{rel: in.rel, inexact: maps.Clone(in.inexact)}
	var list []pack.Value
	taken := map[string]bool{}
	for i := range 1 + d.below(3, "formulas") {
		name := fmt.Sprintf("f%d_%d", len(d.ports), i)
		if cols := in.exact(); len(cols) > 0 && d.oneIn(3, "replace") {
			name = pickOne(d, columnNames(cols), "replaced")
		}
		if taken[name] {
			continue
		}
		taken[name] = true
		formula := d.formula(seen, pickOne(d, families(), "family"), 3)
		if i > 0 && d.oneIn(2, "earlier") {
			// An earlier one of any type.
			formula = fmt.Sprintf("concat([%s], %s)", lastName(list), d.formula(seen, "txt", 1))
		}
		list = append(list, pack.Map(pack.E("name", pack.Text(name)), pack.E("formula", pack.Text(formula))))
		seen.inexact[name] = true // it may have another type now
	}
	like(in, d.add("columns.calculate", pack.Map(pack.E("formulas", pack.List(list...))), from(in))...)
}

func lastName(list []pack.Value) string {
	name, _ := list[len(list)-1].Get("name")
	return name.Text
}

// group groups by exact columns, with measures of every function.
func (d *draft) group(in *port) {
	keys := some(d, in.exact(), 0, 2, "keys")
	inexact := map[string]bool{}
	var list []pack.Value
	for i := range d.below(5, "measures") {
		name := fmt.Sprintf("m%d_%d", len(d.ports), i)
		m, rough := d.measure(in, name)
		list, inexact[name] = append(list, m), rough
	}
	if len(keys)+len(list) == 0 {
		return
	}
	settings := pack.Map(pack.E("keys", textList(columnNames(keys))), pack.E("measures", pack.List(list...)))
	for _, p := range d.add("columns.group", settings, from(in)) {
		p.rows = max(in.rows, 1)
		for name, rough := range inexact {
			if rough {
				p.inexact[name] = true
			}
		}
	}
}

// measure draws a measure and whether its last digits depend on the order of
// the rows.
func (d *draft) measure(in *port, name string) (pack.Value, bool) {
	col := pickOne(d, in.rel.Schema(), "column")
	functions := []string{"count", "min", "max"}
	numeric := col.Type.Numeric()
	if numeric {
		functions = append(functions, "sum", "mean", "median", "percentile", "stddev")
	}
	if !in.inexact[col.Name] {
		functions = append(functions, "count_distinct", "concat")
		if len(in.exact()) > 0 {
			functions = append(functions, "first", "last")
		}
	}
	f := pickOne(d, functions, "function")
	out := []pack.Entry{pack.E("function", pack.Text(f)), pack.E("name", pack.Text(name))}
	if f == "count" && d.oneIn(2, "rows") {
		return pack.Map(out...), false
	}
	out = append(out, pack.E("column", pack.Text(col.Name)))
	switch f {
	case "first", "last":
		out = append(out, pack.E("order", pack.List(d.keys(in.exact(), 1, 2)...)))
	case "percentile":
		out = append(out, pack.E("at", pack.Real(pickOne(d, []float64{0, 0.1, 0.9, 1}, "at"))))
	case "concat":
		out = append(out, pack.E("separator", pack.Text(pickOne(d, []string{", ", "", "'", "ж"}, "separator"))),
			pack.E("order", pack.List(d.keys(in.exact(), 0, 2)...)))
	}
	sums := f == "sum" && col.Type.ID == rel.RealID || f == "mean" || f == "stddev"
	return pack.Map(out...), sums || in.inexact[col.Name] && f != "count"
}

// fields renames, converts, drops and reorders columns.
func (d *draft) fields(in *port) {
	inexact := map[string]bool{}
	var list []pack.Value
	others := pickOne(d, []string{"keep", "drop"}, "others")
	for i, c := range some(d, in.rel.Schema(), 1, 4, "fields") {
		name := c.Name
		f := []pack.Entry{pack.E("column", pack.Text(c.Name))}
		if d.oneIn(3, "rename") {
			name = fmt.Sprintf("%s_%d_%d", pickOne(d, drawnNames, "name"), len(d.ports), i)
			f = append(f, pack.E("name", pack.Text(name)))
		}
		if to := conversions(c.Type); !in.inexact[c.Name] && d.oneIn(2, "convert") {
			f = append(f, pack.E("type", pack.Text(pickOne(d, to, "type"))))
		}
		if i > 0 && d.oneIn(4, "drop") {
			f = append(f, pack.E("drop", pack.Bool(true)))
		}
		inexact[name] = in.inexact[c.Name]
		list = append(list, pack.Map(f...))
	}
	out := d.add("columns.fields", pack.Map(pack.E("fields", pack.List(list...)), pack.E("others", pack.Text(others))), from(in))
	like(in, out...)
	for _, p := range out {
		for name, rough := range inexact {
			if rough && p.rel.Schema().Index(name) >= 0 {
				p.inexact[name] = true
			}
		}
	}
}

func conversions(t rel.Type) []string {
	switch t.ID {
	case rel.StringID:
		return []string{"integer", "real", "decimal(12,3)", "date", "boolean", "timestamp", "time"}
	case rel.DateID:
		return []string{"string", "timestamp"}
	case rel.TimestampID:
		return []string{"string", "date"}
	case rel.BooleanID:
		return []string{"string", "integer"}
	case rel.IntegerID, rel.RealID, rel.DecimalID:
		return []string{"string", "integer", "real", "decimal(20,2)", "decimal(5,1)"}
	default:
		return []string{"string"}
	}
}

// join joins a table with any other one, or with itself.
func (d *draft) join(left *port) {
	right := pickOne(d, d.ports, "right")
	kind := pickOne(d, []string{"inner", "left", "right", "full", "semi", "anti", "cross", "asof"}, "kind")
	settings := []pack.Entry{pack.E("kind", pack.Text(kind))}
	rows := max(left.rows, 1) * max(right.rows, 1)
	if rows > mostRows || len(left.rel.Schema())+len(right.rel.Schema()) > 30 {
		return
	}
	pairs := comparable(left, right)
	switch {
	case kind == "cross":
	case len(pairs) == 0:
		return
	case kind == "asof":
		if len(left.inexact)+len(right.inexact) > 0 {
			return // of equal right rows the least by all columns is taken
		}
		nearest := slices.DeleteFunc(slices.Clone(pairs), func(p [2]rel.Column) bool {
			return p[0].Type.ID == rel.BooleanID || p[0].Type.ID == rel.StringID
		})
		if len(nearest) == 0 {
			return
		}
		settings = append(settings, pack.E("nearest", d.nearest(pickOne(d, nearest, "nearest"))))
		settings = append(settings, d.joinKeys(pairs, 0)...)
	default:
		settings = append(settings, d.joinKeys(pairs, 1)...)
	}
	if kind != "cross" && d.oneIn(3, "condition") {
		if c, ok := d.pairCondition(pairs); ok {
			settings = append(settings, pack.E("condition", pack.Text(c)))
		}
	}
	settings = append(settings, pack.E("keep_right_keys", pack.Bool(d.oneIn(2, "keep right"))))
	in := []pack.Link{{Port: "left", From: left.ref}, {Port: "right", From: right.ref}}
	out := d.add("tables.join", pack.Map(settings...), in...)
	if out == nil {
		return
	}
	d.joined(left, right, out)
	out[0].rows = rows
	if kind == "full" {
		out[0].rows = rows + left.rows + right.rows
	}
}

// joined tells which columns of a join's outputs are inexact: the right ones
// are found by their origin.
func (d *draft) joined(left, right *port, out []*port) {
	like(left, out[1])
	like(right, out[2])
	if len(left.inexact)+len(right.inexact) == 0 {
		return
	}
	for _, c := range out[0].rel.Schema() {
		// Keys are exact; a right column keeps its name, or has a number behind.
		for name := range left.inexact {
			out[0].inexact[c.Name] = out[0].inexact[c.Name] || c.Name == name
		}
		for name := range right.inexact {
			out[0].inexact[c.Name] = out[0].inexact[c.Name] || c.Name == name || isNumbered(c.Name, name)
		}
	}
}

func isNumbered(name, base string) bool {
	return len(name) > len(base)+1 && name[:len(base)+1] == base+"_"
}

// comparable are the pairs of exact columns of one type, or of numbers.
func comparable(left, right *port) [][2]rel.Column {
	var out [][2]rel.Column
	for _, l := range left.exact() {
		for _, r := range right.exact() {
			if _, ok := rel.Common(l.Type, r.Type); ok {
				out = append(out, [2]rel.Column{l, r})
			}
		}
	}
	return out
}

func (d *draft) joinKeys(pairs [][2]rel.Column, least int) []pack.Entry {
	var list []pack.Value
	for _, p := range some(d, pairs, least, 2, "keys") {
		list = append(list, pack.Map(pack.E("left", pack.Text(p[0].Name)), pack.E("right", pack.Text(p[1].Name))))
	}
	return []pack.Entry{pack.E("keys", pack.List(list...)), pack.E("nulls_equal", pack.Bool(d.oneIn(2, "nulls equal")))}
}

func (d *draft) nearest(p [2]rel.Column) pack.Value {
	return pack.Map(
		pack.E("left", pack.Text(p[0].Name)), pack.E("right", pack.Text(p[1].Name)),
		pack.E("direction", pack.Text(pickOne(d, []string{"before", "after"}, "direction"))),
		pack.E("strict", pack.Bool(d.oneIn(2, "strict"))), pack.E("outer", pack.Bool(d.oneIn(2, "outer"))),
	)
}

func (d *draft) pairCondition(pairs [][2]rel.Column) (string, bool) {
	p := pickOne(d, pairs, "compared")
	if p[0].Type.ID == rel.BooleanID {
		return "", false
	}
	shape := pickOne(d, []string{"left.[%s] <= right.[%s]", "left.[%s] <> right.[%s]", "left.[%s] is null or right.[%s] is not null"}, "shape")
	return fmt.Sprintf(shape, p[0].Name, p[1].Name), true
}
