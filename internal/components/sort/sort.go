// Package sort is the component rows.sort: it puts the rows of a table in the
// order of one or more columns (C-043).
package sort

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
		Name: "rows.sort", Version: 1, Rows: []string{"C-043"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Rows", Ru: "Строки"}}},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Sorted rows", Ru: "Упорядоченные строки"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings are the settings of a node.
type Settings struct {
	Keys []component.SortKey
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.SortKeys(b, &s.Keys, "keys", component.Required())
}

// Compile sorts the input.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	keys, err := c.SortKeys("keys", s.Keys, in[0].Schema())
	if err != nil {
		return nil, err
	}
	out, err := c.Build.Sort(in[0], keys)
	if err != nil {
		return nil, err
	}
	return []rel.Rel{out}, nil
}
