package sql

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// Prepared is a query whose values come with each execution. Every value is a
// text, or a list of texts for a column of a given table, and null where there
// is none: the query itself converts it, and no value is ever part of the text
// of a query.
type Prepared struct {
	SQL    string
	Places []Place // what stands for $1, $2, …
}

// Place is where one value of a prepared query comes from.
type Place struct {
	Variable string // a variable of the package; empty: a column of a given table
	Given    string // name of the given table
	Column   string // whose values are a list, one a row
}

// List reports whether the value is a list of texts.
func (p Place) List() bool { return p.Variable == "" }

// Prepare is Query with variables and given tables left open.
func (d Dialect) Prepare(plan rel.Rel, o Options) (Prepared, error) {
	places := &places{numbers: map[Place]int{}}
	q, err := d.query(plan, o, places)
	return Prepared{SQL: q, Places: places.list}, err
}

// places numbers what comes with an execution.
type places struct {
	numbers map[Place]int
	list    []Place
}

// open spells a place.
func (p *places) open(at Place) string {
	n, ok := p.numbers[at]
	if !ok {
		p.list = append(p.list, at)
		n = len(p.list)
		p.numbers[at] = n
	}
	if at.List() {
		return "CAST($" + strconv.Itoa(n) + " AS VARCHAR[])"
	}
	return "CAST($" + strconv.Itoa(n) + " AS VARCHAR)"
}

// variable spells a variable: as a constant unless it is left open.
func (x *exprs) variable(p *rel.Param) string {
	if x.places == nil || p.As == rel.Null {
		return x.constant(p.Value, p.As)
	}
	v := x.places.open(Place{Variable: p.Name})
	if p.As == rel.String {
		return v
	}
	// DuckDB plans a query anew for each execution where a place is converted
	// twice; what is concatenated is no place any more.
	return "CAST(" + v + " || '' AS " + x.d.typeName(p.As) + ")"
}

// given is the table that a given source stands for, every column as text, its
// rows in the order in which they come. There are as many as the longest list
// has values; in the rows that a shorter one does not reach it is null.
func (x *exprs) given(g *rel.Given, columns rel.Schema) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = "unnest(" + x.places.open(Place{Given: g.Name, Column: c.Name}) + ") AS " + ident(c.Name)
	}
	return "(SELECT " + strings.Join(list, ", ") + ")"
}

// fromText converts a column of a given table.
func fromText(_ int, c *leaf) rel.Expr {
	if c.typ == rel.String {
		return c
	}
	return &leaf{sql: "CAST(" + c.sql + " AS " + duckType(c.typ) + ")", typ: c.typ, null: c.null, cost: costly}
}
