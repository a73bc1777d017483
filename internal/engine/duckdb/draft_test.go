package duckdb_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// draft is a random workflow that is being drawn, node by node. Each node is
// bound and compiled as soon as it is added, so that the next one knows the
// columns that it may use.
type draft struct {
	t       *rapid.T
	options plan.Options
	pack    *pack.Package
	graph   *plan.Graph
	ports   []*port
}

// port is an output of a node of a draft.
type port struct {
	ref     pack.Ref
	rel     rel.Rel
	rows    int             // at most
	inexact map[string]bool // columns whose last digits depend on how they are computed
	used    bool
}

// mostRows bounds the tables of a draft, which joins multiply.
const mostRows = 2000

func newDraft(t *rapid.T) *draft {
	return &draft{
		t:       t,
		options: plan.Options{Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue()},
		pack:    &pack.Package{Weft: 1, Workflows: []pack.Workflow{{ID: "main"}}},
	}
}

// drawWorkflow draws a workflow of up to tables inline tables and up to nodes
// other nodes.
func drawWorkflow(t *rapid.T, tables, nodes int) *draft {
	d := newDraft(t)
	for range 1 + d.below(tables, "tables") {
		d.table()
	}
	for range 1 + d.below(nodes, "nodes") {
		d.node()
	}
	return d
}

// add appends a node and returns its outputs.
func (d *draft) add(comp string, settings pack.Value, in ...pack.Link) []*port {
	w := &d.pack.Workflows[0]
	id := fmt.Sprintf("n%d", len(w.Nodes)+1)
	keep := len(in) > 0 && d.oneIn(4, "keep")
	w.Nodes = append(w.Nodes, pack.Node{ID: id, Component: comp, Inputs: in, Settings: settings, Keep: keep})
	g, err := plan.Bind(d.pack, "", d.options)
	if err != nil {
		d.t.Fatal(err)
	}
	g.Compile(nil)
	d.graph = g
	n := g.Node(id)
	if err := g.Errors().Err(); err != nil {
		if !excused(err) {
			d.t.Fatalf("%v\n%s", err, pack.Encode(d.pack))
		}
		w.Nodes = w.Nodes[:len(w.Nodes)-1]
		return nil
	}
	var out []*port
	for i, r := range n.Outputs {
		ref := pack.Ref{Node: id}
		if i > 0 {
			ref.Port = n.Def.Outputs[i].Name
		}
		out = append(out, &port{ref: ref, rel: r, inexact: map[string]bool{}})
	}
	for _, l := range in {
		for _, p := range d.ports {
			p.used = p.used || p.ref == l.From
		}
	}
	d.ports = append(d.ports, out...)
	return out
}

// excused reports whether an error of a node may come of chance: a constant
// part of a formula overflows.
func excused(err error) bool {
	text := fmt.Sprint(err)
	return strings.Contains(text, "too large") || strings.Contains(text, "overflow")
}

// compiled returns the plan of a port in the graph as it is at the end.
func (d *draft) compiled(p *port) rel.Rel {
	n := d.graph.Node(p.ref.Node)
	return n.Outputs[n.Def.Output(p.ref.Port)]
}

// targets are the outputs that no node reads.
func (d *draft) targets() []*port {
	return slices.DeleteFunc(slices.Clone(d.ports), func(p *port) bool { return p.used })
}

func (d *draft) oneIn(n int, label string) bool {
	return d.below(n, label) == n-1
}

// below draws a number from 0, each with the same chance; rapid's own ranges
// prefer small ones.
func (d *draft) below(n int, label string) int {
	from := make([]int, n)
	for i := range from {
		from[i] = i
	}
	return pickOne(d, from, label)
}

func pickOne[T any](d *draft, from []T, label string) T {
	return rapid.SampledFrom(from).Draw(d.t, label)
}

// some draws least to most different items.
func some[T any](d *draft, from []T, least, most int, label string) []T {
	rest := slices.Clone(from)
	var out []T
	for range least + d.below(max(min(most, len(from))-least, 0)+1, label) {
		i := d.below(len(rest), label)
		out = append(out, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	return out
}

// exact lists the columns that two ways of computing agree in to the last
// digit, of the given types; of all types where none is given.
func (p *port) exact(of ...rel.TypeID) []rel.Column {
	var out []rel.Column
	for _, c := range p.rel.Schema() {
		if !p.inexact[c.Name] && (len(of) == 0 || slices.Contains(of, c.Type.ID)) {
			out = append(out, c)
		}
	}
	return out
}

func columnNames(cols []rel.Column) []string { return rel.Schema(cols).Names() }

func textList(names []string) pack.Value {
	out := make([]pack.Value, len(names))
	for i, n := range names {
		out[i] = pack.Text(n)
	}
	return pack.List(out...)
}

// names of columns, some of which clash when joined or are words of SQL.
var drawnNames = []string{"k", "v", "Ключ", "straße", "select", "x_1", "Order", "ımza", "日付", "a", "b", "c"}

// drawnTypes are the types of columns with what their cells may hold: common
// values, with ties, and rare ones.
var drawnTypes = []struct {
	of     string
	common []pack.Value
	rare   []pack.Value
}{
	{"integer", ints(0, 1, 2, 3, -1), ints(math.MaxInt64, math.MinInt64, 1<<53+1)},
	{"real", reals(0, 0.25, -0.75, 2, 1.5), reals(1e300, -1e300, math.Copysign(0, -1), 1e-300, 1<<53+2)},
	{"string", drawnTexts("a", "b", "", "B", "ä"), drawnTexts("Ёж", "İstanbul", "Straße", "e\u0301", "é", "👩‍👩‍👧", "it's", `"q"`, " pad ", "a\nb", "x;y,z", "null", "1.50", "2020-02-29", "%_", "ﬁ")},
	{"date", drawnTexts("2020-02-29", "2021-03-31", "2020-12-31"), drawnTexts("1899-12-31", "9999-12-31", "0001-01-01", "1582-10-10")},
	{"boolean", []pack.Value{pack.Bool(true), pack.Bool(false)}, nil},
	{"decimal(10,2)", drawnTexts("1.00", "-2.50", "0.01"), drawnTexts("99999999.99", "-99999999.99", "0.00")},
	{"timestamp", drawnTexts("2020-02-29 12:30:00", "2020-02-29 12:30:00.5", "1969-12-31 23:59:59"), drawnTexts("1899-12-31 00:00:00.000001", "9999-12-31 23:59:59.999999")},
	{"time", drawnTexts("00:00:00", "09:05:00"), drawnTexts("23:59:59.999999")},
	{"timestamptz", drawnTexts("2020-03-29T00:30:00Z", "2020-03-29T03:30:00+03:00"), drawnTexts("1899-12-31T23:00:00Z")},
}

func ints(v ...int64) []pack.Value {
	out := make([]pack.Value, len(v))
	for i := range v {
		out[i] = pack.Int(v[i])
	}
	return out
}

func reals(v ...float64) []pack.Value {
	out := make([]pack.Value, len(v))
	for i := range v {
		out[i] = pack.Real(v[i])
	}
	return out
}

func drawnTexts(v ...string) []pack.Value { return textList(v).List }

// table adds an inline table. Each has an integer, a text and a real column,
// so that tables have something to be joined by.
func (d *draft) table() {
	names := some(d, drawnNames, 3, 6, "names")
	columns := make([]pack.Value, len(names))
	kinds := make([]int, len(names))
	for i, n := range names {
		if kinds[i] = []int{0, 2, 1}[min(i, 2)]; i > 2 {
			kinds[i] = d.below(len(drawnTypes), "type")
		}
		columns[i] = pack.Map(pack.E("name", pack.Text(n)), pack.E("type", pack.Text(drawnTypes[kinds[i]].of)))
	}
	count := d.below(13, "rows")
	rows := make([]pack.Value, count)
	for r := range rows {
		cells := make([]pack.Value, len(names))
		for i, k := range kinds {
			cells[i] = d.cell(k)
		}
		rows[r] = pack.List(cells...)
	}
	out := d.add("input.table", pack.Map(pack.E("columns", pack.List(columns...)), pack.E("rows", pack.List(rows...))))
	out[0].rows = count
}

func (d *draft) cell(kind int) pack.Value {
	k := drawnTypes[kind]
	switch n := d.below(40, "cell"); {
	case n == 39 && len(k.rare) > 0, n > 30 && k.of == "string":
		return pickOne(d, k.rare, "rare")
	case n > 33:
		return pack.Null()
	default:
		return k.common[n%len(k.common)]
	}
}
