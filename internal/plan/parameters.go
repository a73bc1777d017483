package plan

import (
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
	errVariableType = errs.Message{
		ID: "plan.variable_type",
		En: "The variable {variable} has an unknown type {type}. Types are {types}.",
		Ru: "У переменной {variable} неизвестный тип {type}. Бывают {types}.",
	}
)

// parameters gives every variable of the package its value.
func parameters(p *pack.Package, set []pack.Entry) (map[string]*rel.Param, error) {
	var found errs.List
	out := make(map[string]*rel.Param, len(p.Variables))
	names := make([]string, 0, len(p.Variables))
	for _, v := range p.Variables {
		names = append(names, v.Name)
		t, ok := rel.ParseType(v.Type)
		if !ok {
			found.Add(errs.New(errs.Invalid, errVariableType, errs.P{
				"variable": v.Name, "type": v.Type, "types": typeList(),
			}).At(v.Pos.Place()))
			continue
		}
		value, err := component.ToConstant(v.Default, t)
		found.Add(errs.At(err, v.Pos.Place()))
		out[v.Name] = &rel.Param{Name: v.Name, Value: value, As: t}
	}
	for _, e := range set {
		param := out[e.Key]
		if param == nil {
			found.Add(errs.New(errs.Invalid, errNoVariable, errs.P{"variable": e.Key, "suggest": errs.Suggest(e.Key, names)}))
			continue
		}
		value, err := component.ToConstant(typed(e.Value, param.As), param.As)
		found.Add(errs.At(err, errs.Place{Setting: e.Key}))
		param.Value = value
	}
	return out, found.Err()
}

func typeList() string {
	s := ""
	for i, n := range rel.TypeNames() {
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return s
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
