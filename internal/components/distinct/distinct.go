// Package distinct is the component rows.distinct: it keeps one of the rows
// that agree in some columns, and gives the others on a second port (part of
// C-073).
package distinct

import (
	"embed"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares the component.
func Definition() *component.Definition {
	return &component.Definition{
		Name: "rows.distinct", Version: 1, Rows: []string{"C-073"},
		Inputs: []component.Port{{Name: "in", Label: errs.Words{En: "Rows", Ru: "Строки"}}},
		Outputs: []component.Port{
			{Name: "out", Label: errs.Words{En: "Distinct rows", Ru: "Строки без дубликатов"}},
			{Name: "duplicates", Label: errs.Words{En: "Duplicates", Ru: "Дубликаты"}},
		},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings are the settings of a node.
type Settings struct {
	Columns []string
	Order   []component.SortKey
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Columns(b, &s.Columns, "columns")
	component.SortKeys(b, &s.Order, "order")
}
