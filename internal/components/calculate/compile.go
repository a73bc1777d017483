package calculate

import (
	"fmt"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errHidesInput = errs.Message{
		ID: "calculate.hides_input",
		En: "{name} is a column of the input, so it cannot be intermediate. Give the formula another name.",
		Ru: "{name} — столбец входной таблицы, промежуточным он быть не может. Дайте формуле другое имя.",
	}
	errOnlyNull = errs.Message{
		ID: "calculate.only_null",
		En: "This formula is always null and so has no type. Say with type which one the column has.",
		Ru: "Эта формула всегда даёт null, и тип столбца неясен. Укажите его в параметре type.",
	}
)

// computed is one formula over the input and the formulas before it.
type computed struct {
	column       rel.Column
	expr         rel.Expr
	stage        int // the projection that computes it, from 0
	replaces     int // index of the input column it stands in place of; -1: none
	intermediate bool
}

// Compile makes as few projections as the formulas' uses of one another allow.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	list, err := s.compute(c, in[0].Schema())
	if err != nil {
		return nil, err
	}
	out := in[0]
	last := stages(list)
	for stage := range last + 1 {
		if out, err = c.Build.Project(out, items(in[0].Schema(), list, stage, stage == last)); err != nil {
			return nil, err
		}
	}
	return []rel.Rel{out}, nil
}

// compute compiles every formula, and returns all that is wrong with them.
func (s *Settings) compute(c *component.Context, in rel.Schema) ([]computed, error) {
	var found errs.List
	seen := slices.Clone(in) // what the next formula sees
	var list []computed
	for i, f := range s.Formulas {
		e, err := s.expression(c, i, seen)
		if err != nil {
			found.Add(err)
			// The formulas behind are checked as if this one were right.
			e = rel.NullOf(rel.Null)
		}
		x := computed{expr: e, replaces: in.Index(f.Name), intermediate: f.Intermediate}
		x.column = rel.Column{Name: f.Name, Label: f.Label, Type: e.Type(), Nullable: e.Nullable(), Continuous: component.Continuous(e.Type())}
		if x.replaces >= 0 {
			if f.Intermediate {
				found.Add(c.At(setting(i, "intermediate"), errs.New(errs.Invalid, errHidesInput, errs.P{"name": f.Name})))
			}
			x.column = replaced(in[x.replaces], x.column)
			seen[x.replaces] = x.column
		} else {
			seen = append(seen, x.column)
		}
		x.stage = stage(list, x)
		list = append(list, x)
	}
	return list, found.Err()
}

// replaced keeps what people said about a column whose values are new.
func replaced(old, column rel.Column) rel.Column {
	column.Name, column.Usage = old.Name, old.Usage
	if column.Label == "" {
		column.Label = old.Label
	}
	if column.Type == old.Type {
		column.Continuous = old.Continuous
	}
	return column
}

func (s *Settings) expression(c *component.Context, i int, in rel.Schema) (rel.Expr, error) {
	f := s.Formulas[i]
	e, err := c.Formula(setting(i, "formula"), f.Formula, in)
	switch {
	case err != nil:
		return nil, err
	case e.Type() == rel.Null && f.Type == rel.Null:
		return nil, c.At(setting(i, "formula"), errs.New(errs.Invalid, errOnlyNull, nil))
	case f.Type == rel.Null || e.Type() == f.Type:
		return e, nil
	case e.Type() == rel.Null:
		return rel.NullOf(f.Type), nil
	default:
		return c.Cast(setting(i, "type"), e, f.Type, true, nil)
	}
}

// stage is the first projection that can compute x: behind every formula that
// it uses, and not before one that still needs the column it replaces.
func stage(before []computed, x computed) int {
	at := 0
	uses := rel.Refs(x.expr)
	for _, b := range before {
		if uses[b.column.Name] > 0 {
			at = max(at, b.stage+1)
		}
		if x.replaces >= 0 && rel.Refs(b.expr)[x.column.Name] > 0 {
			at = max(at, b.stage)
		}
	}
	return at
}

func stages(list []computed) int {
	last := 0
	for _, x := range list {
		last = max(last, x.stage)
	}
	return last
}

// items are the columns behind one stage: the input's in their places, then
// the computed ones in the order of the formulas.
func items(in rel.Schema, list []computed, stage int, last bool) []rel.Item {
	out := make([]rel.Item, 0, len(in)+len(list))
	for _, c := range in {
		out = append(out, rel.Item{Column: c, Expr: rel.Col(c)})
	}
	for _, x := range list {
		item := rel.Item{Column: x.column, Expr: x.expr}
		switch {
		case x.stage > stage || x.intermediate && last:
			continue
		case x.stage < stage:
			item.Expr = rel.Col(x.column)
		}
		if x.replaces >= 0 {
			out[x.replaces] = item
		} else {
			out = append(out, item)
		}
	}
	return out
}

func setting(i int, key string) string { return fmt.Sprintf("formulas[%d].%s", i, key) }
