package textinput

import (
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
)

// misfits gives the rows in which a value does not convert: all fields as
// text, and behind them the names of the columns that do not fit.
func (s *Settings) misfits(c *component.Context, scan rel.Rel, columns []reading) (rel.Rel, error) {
	m := missing{c: c}
	for _, r := range columns {
		if r.column.Type != rel.String {
			m.add(s, r)
		}
	}
	var misses rel.Expr = rel.Lit(false)
	if len(m.conditions) == 1 {
		misses = m.conditions[0]
	} else if len(m.conditions) > 1 {
		misses = m.call("or", m.conditions...)
	}
	var names rel.Expr = rel.Lit("")
	if len(m.names) > 0 {
		names = m.call("substring", m.call("concat", m.names...), rel.Lit(int64(len(between)+1)))
	}
	if m.err != nil {
		return nil, m.err
	}
	rows, err := c.Build.Filter(scan, misses)
	if err != nil {
		return nil, err
	}
	var items []rel.Item
	taken := map[string]bool{}
	for _, f := range scan.Schema() {
		taken[rel.Fold(f.Name)] = true
		items = append(items, rel.Item{Column: f, Expr: rel.Col(f)})
	}
	items = append(items, rel.Item{Column: rel.Column{Name: rel.Unique("misfit", taken)}, Expr: names})
	return c.Build.Project(rows, items)
}

const between = ", "

// missing collects, for each column, the condition that its value does not
// convert and the text that tells so. The first error is kept.
type missing struct {
	c          *component.Context
	conditions []rel.Expr
	names      []rel.Expr
	err        error
}

func (m *missing) add(s *Settings, r reading) {
	if m.err != nil {
		return
	}
	converted, err := s.convert(m.c, r, false)
	if err != nil {
		m.err = err
		return
	}
	filled := m.call("<>", m.call("trim", r.field), rel.Lit(""))
	cond := m.call("and", m.call("is_null", converted), filled)
	m.conditions = append(m.conditions, cond)
	m.names = append(m.names, &rel.Case{
		Whens: []rel.When{{If: cond, Then: rel.Lit(between + r.column.Name)}}, Else: rel.Lit(""), As: rel.String,
	})
}

func (m *missing) call(name string, args ...rel.Expr) rel.Expr {
	if m.err != nil {
		return rel.Lit(false)
	}
	e, err := m.c.Functions.Must(name).Call(args...)
	if err != nil {
		m.err = err
		return rel.Lit(false)
	}
	return e
}
