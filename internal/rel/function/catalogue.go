// Package function is the catalogue of the functions and operators that
// expressions may call: names, types, null rules, help in two languages, cases
// that every engine must pass, and a computation in Go that folds constants
// and is the second opinion in tests. What each one means, edge by edge, is in
// DESIGN.md.
//
// It knows no SQL and no engine: dialects render a function by its name.
package function

import (
	"slices"

	"github.com/weftworks/weft/internal/rel"
)

// Catalogue returns all functions, as a fresh value that callers may keep.
func Catalogue() *rel.Functions {
	var all []*rel.Function
	for _, c := range []struct {
		name string
		list []*rel.Function
	}{
		{"operator", slices.Concat(arithmetic(), comparison(), boolean())},
		{"logic", logic()},
		{"math", mathematics()},
		{"text", slices.Concat(text(), patterns())},
		{"date", slices.Concat(dateParts(), dateArithmetic(), dateText())},
		{"convert", convert()},
	} {
		for _, f := range c.list {
			f.Category = c.name
			all = append(all, f)
		}
	}
	return rel.NewFunctions(all)
}

// Categories lists the categories in the order of menus.
func Categories() []string { return []string{"operator", "logic", "math", "text", "date", "convert"} }

// eval is the computation of a function.
type eval = func([]rel.Value) (rel.Value, error)

// p makes a parameter.
func p(name string, accepts rel.Accepts) rel.Parameter {
	return rel.Parameter{Name: name, Accepts: accepts}
}

// opt makes an optional parameter.
func opt(name string, accepts rel.Accepts) rel.Parameter {
	return rel.Parameter{Name: name, Accepts: accepts, Optional: true}
}

// params makes a list of parameters.
func params(list ...rel.Parameter) []rel.Parameter { return list }

// help makes the help in both languages.
func help(en, ru string) rel.Help { return rel.Help{En: en, Ru: ru} }

// cases makes the cases of a function from pairs of formula and wanted value.
func cases(pairs ...string) []rel.Example {
	out := make([]rel.Example, 0, len(pairs)/2)
	for c := range slices.Chunk(pairs, 2) {
		out = append(out, rel.Example{Formula: c[0], Want: c[1]})
	}
	return out
}

// hidden makes cases that the help does not show.
func hidden(pairs ...string) []rel.Example {
	out := cases(pairs...)
	for i := range out {
		out[i].Hidden = true
	}
	return out
}

// strict makes a computation that gives null for any null argument out of one
// that does not expect any.
func strict(f eval) eval {
	return func(args []rel.Value) (rel.Value, error) {
		if slices.Contains(args, nil) {
			return nil, nil
		}
		return f(args)
	}
}

// first is the result type of functions that keep the type of their first
// argument.
func first(args []rel.Type) rel.Type { return args[0] }

// last is likewise for the last argument.
func last(args []rel.Type) rel.Type { return args[len(args)-1] }
