package group

import (
	"fmt"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var errTwice = errs.Message{
	ID: "group.twice",
	En: "The result would have two columns named {name}. Give this one another name.",
	Ru: "В результате было бы два столбца {name}. Дайте этому другое имя.",
}

// Compile makes one aggregate of keys and measures.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	var found errs.List
	schema := in[0].Schema()
	taken := map[string]bool{}
	take := func(name, at string) {
		if taken[rel.Fold(name)] {
			found.Add(c.At(at, errs.New(errs.Invalid, errTwice, errs.P{"name": name})))
		}
		taken[rel.Fold(name)] = true
	}
	var keys []rel.Item
	for i, k := range s.Keys {
		at := fmt.Sprintf("keys[%d]", i)
		col, err := c.Column(at, k, schema)
		found.Add(err)
		take(col.Name, at)
		keys = append(keys, rel.Item{Column: col, Expr: rel.Col(col)})
	}
	for i, m := range s.Measures {
		if m.Name != "" {
			take(m.Name, setting(i, "name"))
		}
	}
	measures := make([]rel.Measure, len(s.Measures))
	for i := range s.Measures {
		m, err := s.measure(c, i, in[0], taken)
		found.Add(err)
		measures[i] = m
	}
	if len(found) > 0 {
		return nil, found
	}
	out, err := c.Build.Aggregate(in[0], keys, measures)
	return []rel.Rel{out}, err
}

// measure builds one measure; a name that was not given is made from column
// and function, and gets a number where it is taken.
func (s *Settings) measure(c *component.Context, i int, in rel.Rel, taken map[string]bool) (rel.Measure, error) {
	m := s.Measures[i]
	out := rel.Measure{Func: m.Function, Fraction: m.At}
	var col rel.Column
	if m.Column != "" {
		var err error
		if col, err = c.Column(setting(i, "column"), m.Column, in.Schema()); err != nil {
			return out, err
		}
		out.Arg = rel.Col(col)
	}
	var err error
	if out.Order, err = order(c, i, m, col, in.Schema()); err != nil {
		return out, err
	}
	if m.Function == rel.Concat {
		out.Text, out.Arg = m.Separator, rel.Convert(out.Arg, rel.String)
	}
	out.Column = described(m, col)
	if out.Column.Name == "" {
		out.Column.Name = rel.Unique(defaultName(m, col), taken)
	}
	// A measure alone tells what is wrong with it, and its type.
	alone, err := c.Build.Aggregate(in, nil, []rel.Measure{out})
	if err != nil {
		return out, c.At(setting(i, "column"), err)
	}
	out.Column = alone.Schema()[0]
	out.Column.Continuous = component.Continuous(out.Column.Type) || keepsValues(m.Function) && col.Continuous
	return out, nil
}

// order gives the order that a function asks for. Ties are parted by the
// values themselves, so that the result does not depend on chance; texts that
// are joined without an order stand in their own.
func order(c *component.Context, i int, m Measure, col rel.Column, in rel.Schema) ([]rel.SortKey, error) {
	if !m.Function.NeedsOrder() && m.Function != rel.Concat {
		return nil, nil
	}
	keys, err := c.SortKeys(setting(i, "order"), m.Order, in)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(keys, func(k rel.SortKey) bool { return k.Column == col.Name && k.Collation == "" }) {
		keys = append(keys, rel.SortKey{Column: col.Name})
	}
	return keys, nil
}

// described is the measure's column but for its type and a name by default.
func described(m Measure, col rel.Column) rel.Column {
	out := rel.Column{Name: m.Name, Label: m.Label, Usage: rel.UsageMeasure}
	if m.Label == "" && m.Name == "" && col.Label != "" {
		out.Label = col.Label + " (" + string(m.Function) + ")"
	}
	return out
}

func defaultName(m Measure, col rel.Column) string {
	if col.Name == "" {
		return string(m.Function)
	}
	return col.Name + "_" + string(m.Function)
}

// keepsValues reports whether a function gives one of the values themselves.
func keepsValues(f rel.AggregateFunc) bool {
	return f == rel.Min || f == rel.Max || f == rel.First || f == rel.Last
}
