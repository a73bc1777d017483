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
// behind the first. To be the complement of Distinct, which breaks ties of the
// order by all columns, the numbers do so too.
func duplicates(c *component.Context, in rel.Rel, on []string, order []rel.SortKey) (rel.Rel, error) {
	schema := in.Schema()
	if len(on) == 0 {
		on = schema.Names()
	} else {
		order = total(order, on, schema)
	}
	number := rel.Column{Name: unused("row_number", schema)}
	numbered, err := c.Build.Window(in, []rel.WindowItem{{Column: number, Func: rel.RowNumber, Partition: on, Order: order}})
	if err != nil {
		return nil, err
	}
	last := numbered.Schema()[len(schema)]
	further, err := c.Functions.Must(">").Call(rel.Col(last), rel.Lit(int64(1)))
	if err != nil {
		return nil, err
	}
	rows, err := c.Build.Filter(numbered, further)
	if err != nil {
		return nil, err
	}
	items := make([]rel.Item, len(schema))
	for i, col := range schema {
		items[i] = rel.Item{Column: col, Expr: rel.Col(col)}
	}
	return c.Build.Project(rows, items)
}

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
