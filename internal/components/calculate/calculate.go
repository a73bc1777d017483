// Package calculate is the component columns.calculate, the calculator: it
// adds columns computed by formulas, or replaces columns by them (C-040).
//
// Formulas are worked out in the order of the list, each over the input and
// all before it; how many operators that takes is the compiler's business.
package calculate

import (
	"embed"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares columns.calculate.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "columns.calculate",
		Version:  1,
		Rows:     []string{"C-040"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Table with the computed columns", Ru: "Таблица с вычисленными столбцами"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of columns.calculate.
type Settings struct {
	Formulas []Formula
}

// Formula is one computed column.
type Formula struct {
	Name         string
	Formula      string
	Label        string
	Type         rel.Type // rel.Null: the formula's own
	Intermediate bool
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.List(b, &s.Formulas, "formulas", func(b *component.Binder, f *Formula) {
		component.Name(b, &f.Name, "name", component.Required())
		component.Formula(b, &f.Formula, "formula", component.Required(), component.Long())
		component.Text(b, &f.Label, "label")
		component.Type(b, &f.Type, "type")
		component.Bool(b, &f.Intermediate, "intermediate")
	}, component.Required())
}

var errTwice = errs.Message{
	ID: "calculate.twice",
	En: "Two formulas are named {name}. Give one of them another name.",
	Ru: "Две формулы называются {name}. Дайте одной из них другое имя.",
}

// Validate refuses two formulas of one name.
func (s *Settings) Validate(c *component.Context) error {
	var found errs.List
	seen := map[string]bool{}
	for i, f := range s.Formulas {
		if key := rel.Fold(f.Name); seen[key] {
			found.Add(c.At(setting(i, "name"), errs.New(errs.Invalid, errTwice, errs.P{"name": f.Name})))
		} else {
			seen[key] = true
		}
	}
	return found.Err()
}
