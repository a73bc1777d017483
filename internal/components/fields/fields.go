// Package fields is the component columns.fields, field parameters: which
// columns a table has, in which order, and the name, label, type, usage and
// kind of each (C-052).
package fields

import (
	"embed"
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares columns.fields.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "columns.fields",
		Version:  1,
		Rows:     []string{"C-052", "D-09"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Table with the fields as set", Ru: "Таблица с настроенными полями"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of columns.fields.
type Settings struct {
	Fields []Field
	Others Others
}

// Field is what holds for one column; what is empty stays as it is.
type Field struct {
	Column    string
	Name      string
	Label     string
	Type      rel.Type // rel.Null: stays
	Format    string
	Decimal   string
	Thousands string
	Misfits   component.Misfits
	Usage     string
	Kind      Kind
	Drop      bool
}

// Others is what becomes of the columns that are not in the list.
type Others string

// The fates of the other columns.
const (
	Keep Others = "keep"
	Drop Others = "drop"
)

// Kind tells continuous columns from discrete ones.
type Kind string

// The kinds of columns.
const (
	Discrete   Kind = "discrete"
	Continuous Kind = "continuous"
)

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.List(b, &s.Fields, "fields", func(b *component.Binder, f *Field) {
		component.Column(b, &f.Column, "column", component.Required())
		component.Name(b, &f.Name, "name")
		component.Text(b, &f.Label, "label")
		component.Type(b, &f.Type, "type")
		component.Text(b, &f.Format, "format")
		component.Enum(b, &f.Decimal, "decimal", ".", []string{".", ","})
		component.Text(b, &f.Thousands, "thousands")
		component.Enum(b, &f.Misfits, "misfits", component.MisfitsNull, component.AllMisfits())
		component.Enum(b, &f.Usage, "usage", "", rel.UsageNames())
		component.Enum(b, &f.Kind, "kind", "", []Kind{Discrete, Continuous})
		component.Bool(b, &f.Drop, "drop")
	})
	component.Enum(b, &s.Others, "others", Keep, []Others{Keep, Drop})
}

func setting(i int, key string) string { return fmt.Sprintf("fields[%d].%s", i, key) }
