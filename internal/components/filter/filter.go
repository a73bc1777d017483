// Package filter is the component rows.filter: it parts the rows of a table
// into those that meet a condition and all others (C-042, D-15).
package filter

import (
	"embed"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares the component.
func Definition() *component.Definition {
	return &component.Definition{
		Name: "rows.filter", Version: 1, Rows: []string{"C-042", "D-15"},
		Inputs: []component.Port{{Name: "in", Label: errs.Words{En: "Rows", Ru: "Строки"}}},
		Outputs: []component.Port{
			{Name: "met", Label: errs.Words{En: "Condition met", Ru: "Условие выполнено"}},
			{Name: "rest", Label: errs.Words{En: "All other rows", Ru: "Остальные строки"}},
		},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings are the settings of a node: a formula or conditions.
type Settings struct {
	Formula    string
	Conditions []Condition
}

// Condition compares one column. A chain of them is read as a formula is: and
// binds tighter than or.
type Condition struct {
	Join       Join // with the condition before; of no meaning in the first
	Column     string
	Operator   Operator
	Value      component.Const
	To         component.Const // the upper end of a range
	Values     []component.Const
	IgnoreCase bool
}

// Join says how a condition goes with the one before it.
type Join string

// The joins.
const (
	And Join = "and"
	Or  Join = "or"
)

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Formula(b, &s.Formula, "formula")
	component.List(b, &s.Conditions, "conditions", func(b *component.Binder, c *Condition) {
		component.Enum(b, &c.Join, "join", And, []Join{And, Or})
		component.Column(b, &c.Column, "column", component.Required())
		component.Enum(b, &c.Operator, "operator", Equal, Operators())
		component.Constant(b, &c.Value, "value", when(takesValue))
		component.Constant(b, &c.To, "to", when(takesRange))
		component.Constants(b, &c.Values, "values", when(takesList))
		component.Bool(b, &c.IgnoreCase, "ignore_case")
	})
}

// when shows a setting only for the operators that take it.
func when(takes func(Operator) bool) component.Option {
	var in []string
	for _, o := range Operators() {
		if takes(o) {
			in = append(in, string(o))
		}
	}
	return component.OnlyWhen("operator", in...)
}

var (
	errBoth = errs.Message{
		ID: "filter.both",
		En: "The filter has both a formula and conditions. Keep one of them.",
		Ru: "У фильтра заданы и формула, и условия. Оставьте что-то одно.",
	}
	errNeither = errs.Message{
		ID: "filter.neither",
		En: "The filter has no condition. Give a formula or conditions.",
		Ru: "У фильтра нет условия. Задайте formula или conditions.",
	}
)

// Validate holds that there is one condition: a formula or a list.
func (s *Settings) Validate(c *component.Context) error {
	switch {
	case s.Formula != "" && len(s.Conditions) > 0:
		return c.At("formula", errs.New(errs.Invalid, errBoth, nil))
	case s.Formula == "" && len(s.Conditions) == 0:
		return c.At("formula", errs.New(errs.Invalid, errNeither, nil))
	default:
		return nil
	}
}

// Compile gives the rows that meet the condition, and the rest: those for
// which it is false or null.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	cond, err := s.condition(c, in[0].Schema())
	if err != nil {
		return nil, err
	}
	met, err := c.Build.Filter(in[0], cond)
	if err != nil {
		return nil, c.At("formula", err)
	}
	not, err := otherwise(c, cond)
	if err != nil {
		return nil, err
	}
	rest, err := c.Build.Filter(in[0], not)
	if err != nil {
		return nil, err
	}
	return []rel.Rel{met, rest}, nil
}

func (s *Settings) condition(c *component.Context, in rel.Schema) (rel.Expr, error) {
	if s.Formula != "" {
		return c.Formula("formula", s.Formula, in)
	}
	return chain(c, s.Conditions, in)
}

// otherwise is true where cond is false or null.
func otherwise(c *component.Context, cond rel.Expr) (rel.Expr, error) {
	cond = rel.Convert(cond, rel.Boolean)
	if cond.Nullable() {
		var err error
		if cond, err = call(c, "coalesce", cond, rel.Lit(false)); err != nil {
			return nil, err
		}
	}
	return call(c, "not", cond)
}
