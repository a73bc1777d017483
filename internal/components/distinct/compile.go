package distinct

import (
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
)

// Compile gives the rows that are kept, and those that are left out.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	order, err := c.SortKeys("order", s.Order, in[0].Schema())
	if err != nil {
		return nil, err
	}
	if len(s.Columns) == 0 {
		order = nil // rows that agree in all columns have no first
	}
	kept, err := c.Build.Distinct(in[0], s.Columns, order)
	if err != nil {
		return nil, err
	}
	left, err := duplicates(c, in[0], s.Columns, order)
	if err != nil {
		return nil, err
	}
	return []rel.Rel{kept, left}, nil
}

// duplicates numbers the rows that agree in the columns on and keeps those
// behind the first, which is the one that Distinct keeps: the first by the
// order, else by the order in which the rows come, ties broken by all columns.
func duplicates(c *component.Context, in rel.Rel, on []string, order []rel.SortKey) (rel.Rel, error) {
	schema := in.Schema()
	rows := in
	switch {
	case len(on) == 0:
		on = schema.Names()
	case len(order) == 0 && in.Ordering().Known():
		at, err := numbered(c, in, nil, nil)
		if err != nil {
			return nil, err
		}
		rows, order = at, []rel.SortKey{{Column: last(at).Name}}
	default:
		order = total(order, on, schema)
	}
	ranked, err := numbered(c, rows, on, order)
	if err != nil {
		return nil, err
	}
	further, err := c.Functions.Must(">").Call(rel.Col(last(ranked)), rel.Lit(int64(1)))
	if err != nil {
		return nil, err
	}
	left, err := c.Build.Filter(ranked, further)
	if err != nil {
		return nil, err
	}
	items := make([]rel.Item, len(schema))
	for i, col := range schema {
		items[i] = rel.Item{Column: col, Expr: rel.Col(col)}
	}
	return c.Build.Project(left, items)
}

// numbered adds a last column with the number of each row among those that
// agree in the columns on.
func numbered(c *component.Context, in rel.Rel, on []string, order []rel.SortKey) (rel.Rel, error) {
	number := rel.Column{Name: unused("row_number", in.Schema())}
	return c.Build.Window(in, []rel.WindowItem{{Column: number, Func: rel.RowNumber, Partition: on, Order: order}})
}

func last(r rel.Rel) rel.Column { return r.Schema()[len(r.Schema())-1] }

// total adds to an order the columns in which rows that agree in on may still
// differ.
func total(order []rel.SortKey, on []string, schema rel.Schema) []rel.SortKey {
	order = slices.Clone(order)
	for _, col := range schema {
		agrees := slices.ContainsFunc(on, func(name string) bool { return rel.Fold(name) == rel.Fold(col.Name) })
		// A key with a collation leaves texts equal that differ.
		named := slices.ContainsFunc(order, func(k rel.SortKey) bool { return k.Column == col.Name && k.Collation == "" })
		if !agrees && !named {
			order = append(order, rel.SortKey{Column: col.Name})
		}
	}
	return order
}

func unused(name string, schema rel.Schema) string {
	taken := make(map[string]bool, len(schema))
	for _, col := range schema {
		taken[rel.Fold(col.Name)] = true
	}
	return rel.Unique(name, taken)
}
