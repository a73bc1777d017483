package plan

import (
	"maps"
	"slices"
	"strconv"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errNoVariable = errs.Message{
		ID: "plan.no_variable",
		En: "The package has no variable {variable}. {suggest}",
		Ru: "В пакете нет переменной {variable}. {suggest}",
	}
	errVariableValue = errs.Message{
		ID: "plan.variable_value",
		En: "The value of the variable {variable} is wrong: {reason}",
		Ru: "Неверно значение переменной {variable}: {reason}",
	}
)

// parameters gives every variable of the package its default. One that is
// wrong is null, and told.
func parameters(p *pack.Package) (map[string]*rel.Param, errs.List) {
	var found errs.List
	out := make(map[string]*rel.Param, len(p.Variables))
	for _, v := range p.Variables {
		param := &rel.Param{Name: v.Name}
		out[v.Name] = param
		var known bool
		if param.As, known = rel.ParseType(v.Type); !known {
			continue // told by whoever read the package
		}
		var err error
		param.Value, err = component.ToConstant(v.Default, param.As)
		found.Add(errs.At(err, v.Pos.Place()))
	}
	return out, found
}

// set gives variables other values than their defaults.
func set(params map[string]*rel.Param, values []pack.Entry) error {
	var found errs.List
	for _, e := range values {
		param := params[e.Key]
		if param == nil {
			names := slices.Sorted(maps.Keys(params))
			found.Add(errs.New(errs.Invalid, errNoVariable, errs.P{"variable": e.Key, "suggest": errs.Suggest(e.Key, names)}))
			continue
		}
		value, err := component.ToConstant(typed(e.Value, param.As), param.As)
		for _, wrong := range errs.All(err) {
			found.Add(ofVariable(e.Key, wrong))
		}
		param.Value = value
	}
	return found.Err()
}

// ofVariable says of which variable a value is wrong.
func ofVariable(name string, e *errs.Error) *errs.Error {
	reason := errs.Words{En: e.Text("en"), Ru: e.Text("ru")}
	return errs.New(e.Kind, errVariableValue, errs.P{"variable": name, "reason": reason}).At(e.Place).Because(e.Cause)
}

// typed reads a text from outside (a command line) as the value that the
// type asks for; what does not read stays text and is refused later.
func typed(v pack.Value, t rel.Type) pack.Value {
	if v.Kind != pack.TextValue {
		return v
	}
	switch t.ID {
	case rel.IntegerID:
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return pack.Int(n)
		}
	case rel.RealID:
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return pack.Real(f)
		}
	case rel.BooleanID:
		if v.Text == "true" || v.Text == "false" {
			return pack.Bool(v.Text == "true")
		}
	}
	return v
}
