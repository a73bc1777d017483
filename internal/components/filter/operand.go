package filter

import (
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// operands are what the column is compared with.
func (k condition) operands(col rel.Column) ([]rel.Expr, error) {
	switch {
	case takesNothing(k.Operator):
		return nil, nil
	case takesList(k.Operator):
		return k.list(col)
	}
	var found errs.List
	value, err := k.operand("value", k.Value, col)
	found.Add(err)
	if !takesRange(k.Operator) {
		return []rel.Expr{value}, found.Err()
	}
	to, err := k.operand("to", k.To, col)
	found.Add(err)
	return []rel.Expr{value, to}, found.Err()
}

func (k condition) list(col rel.Column) ([]rel.Expr, error) {
	if len(k.Values) == 0 {
		return nil, k.at("values", k.missing("values"))
	}
	var found errs.List
	out := make([]rel.Expr, len(k.Values))
	for i, v := range k.Values {
		key := fmt.Sprintf("values[%d]", i)
		if isNull(v) {
			found.Add(k.at(key, errs.New(errs.Invalid, errNullInList, nil)))
			continue
		}
		e, err := k.operand(key, v, col)
		found.Add(err)
		out[i] = e
	}
	return out, found.Err()
}

func (k condition) missing(setting string) error {
	return errs.New(errs.Invalid, errNoValue, errs.P{"operator": k.Operator, "setting": setting, "hint": nullHint(k.Operator)})
}

// operand is one constant or variable, in a type that goes with the column's.
func (k condition) operand(key string, v component.Const, col rel.Column) (rel.Expr, error) {
	switch {
	case v.Param != nil:
		return v.Param, k.at(key, checkVariable(v.Param, col))
	case isNull(v):
		return nil, k.at(key, k.missing(key))
	}
	if number, ok := exact(v.Value, col.Type, k.Operator); ok {
		return number, nil
	}
	e, err := v.As(col.Type)
	return e, k.at(key, err)
}

// exact takes a number as it is written, for a column of exact numbers: it
// may have more digits than the column's type, and where the order is asked
// for, a fraction that the column's values don't have.
func exact(v pack.Value, t rel.Type, o Operator) (rel.Expr, bool) {
	switch {
	case t.ID != rel.IntegerID && t.ID != rel.DecimalID:
		return nil, false
	case v.Kind == pack.IntValue:
		return rel.Lit(v.Int), true
	}
	d, ok := decimal(v)
	if !ok || len(d.Unscaled.String()) > rel.MaxPrecision {
		return nil, false
	}
	fits := o.ordered() || t.ID == rel.DecimalID && d.Scale <= int(t.Scale)
	return rel.Lit(d), fits
}

// decimal reads a number with a fraction; one with many digits is written as
// text, so that it keeps them.
func decimal(v pack.Value) (rel.Dec, bool) {
	switch v.Kind {
	case pack.RealValue:
		return function.ParseDecimal(rel.FormatReal(v.Real))
	case pack.TextValue:
		return function.ParseDecimal(v.Text)
	default:
		return rel.Dec{}, false
	}
}

func isNull(v component.Const) bool { return v.Param == nil && v.Value.Kind == pack.NullValue }

var errVariableType = errs.Message{
	ID: "filter.variable_type",
	En: "The variable {variable} is {found} and the column {column} is {want}: they cannot be compared.",
	Ru: "Переменная {variable} имеет тип {found}, а столбец {column} — {want}: сравнить их нельзя.",
}

// checkVariable refuses a variable whose type does not go with the column's.
func checkVariable(p *rel.Param, col rel.Column) error {
	if _, ok := rel.Common(p.As, col.Type); ok {
		return nil
	}
	return errs.New(errs.Invalid, errVariableType, errs.P{
		"variable": p.Name, "found": p.As, "column": col.Name, "want": col.Type,
	})
}
