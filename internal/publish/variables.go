package publish

import (
	"maps"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// variables declares the variables that callers may give.
func (o *Operation) variables(p *pack.Package) error {
	var found errs.List
	names := make([]string, len(p.Variables))
	for i, v := range p.Variables {
		names[i] = v.Name
	}
	for _, name := range o.plan.decl.Variables {
		v := p.Variable(name)
		if v == nil {
			found.Add(errs.New(errs.Invalid, errNoVariable, errs.P{
				"variable": name, "suggest": errs.Suggest(name, names),
			}).At(o.plan.decl.Pos.Place()))
			continue
		}
		t, ok := rel.ParseType(v.Type)
		if !ok {
			continue // told by whoever read the package
		}
		value, err := component.ToConstant(v.Default, t)
		found.Add(errs.At(err, v.Pos.Place()))
		o.plan.open[name] = true
		o.Variables = append(o.Variables, Variable{Name: name, Type: t, Default: value, Label: v.Label})
	}
	return found.Err()
}

// values reads the variables of a call, JSON by name, strictly.
func (o *Operation) values(given map[string]string) (map[string]rel.Value, error) {
	var found errs.List
	out := make(map[string]rel.Value, len(o.Variables))
	for _, v := range o.Variables {
		raw, ok := given[v.Name]
		if !ok {
			if v.Default == nil {
				found.Add(errs.New(errs.Invalid, errMissingVariable, errs.P{"variable": v.Name}).At(variablePlace(v.Name)))
			}
			out[v.Name] = v.Default
			continue
		}
		value, err := component.FromJSON(raw, v.Type)
		if err == nil && value == nil {
			err = errs.New(errs.Invalid, errMissingVariable, errs.P{"variable": v.Name})
		}
		found.Add(errs.At(err, variablePlace(v.Name)))
		out[v.Name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := out[name]; !known {
			found.Add(errs.New(errs.Invalid, errGivenVariable, errs.P{
				"operation": o.Operation, "variable": name, "suggest": errs.Suggest(name, slices.Collect(maps.Keys(out))),
			}).At(variablePlace(name)))
		}
	}
	return out, found.Err()
}

func variablePlace(name string) errs.Place { return errs.Place{Setting: "variables." + name} }
