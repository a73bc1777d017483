// Package table is the component input.table: a small table that stands in
// the package itself, row by row.
package table

import (
	"embed"
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares input.table.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "input.table",
		Version:  1,
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of input.table.
type Settings struct {
	Columns []Column
	Rows    [][]component.Const
}

// Column is one column of the table.
type Column struct {
	Name  string
	Type  rel.Type
	Label string
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.List(b, &s.Columns, "columns", func(b *component.Binder, c *Column) {
		component.Name(b, &c.Name, "name", component.Required())
		component.Type(b, &c.Type, "type", component.Default(rel.String.String()))
		component.Text(b, &c.Label, "label")
	}, component.Required())
	component.Cells(b, &s.Rows, "rows")
}

var (
	errTwice = errs.Message{
		ID: "table.twice",
		En: "Two columns are named {name}. Give one of them another name.",
		Ru: "Два столбца называются {name}. Дайте одному из них другое имя.",
	}
	errWidth = errs.Message{
		ID: "table.width",
		En: "Values in this row: {found}, columns of the table: {want}.",
		Ru: "В этой строке значений {found}, а столбцов в таблице {want}.",
	}
)

// Compile makes the rows a table, or tells every cell that does not fit.
func (s *Settings) Compile(c *component.Context, _ []rel.Rel) ([]rel.Rel, error) {
	var found errs.List
	schema := s.schema(c, &found)
	rows := make([][]rel.Value, len(s.Rows))
	for r, row := range s.Rows {
		if len(row) != len(schema) {
			at := fmt.Sprintf("rows[%d]", r)
			found.Add(c.At(at, errs.New(errs.Invalid, errWidth, errs.P{"found": len(row), "want": len(schema)})))
			continue
		}
		rows[r] = make([]rel.Value, len(row))
		for i, cell := range row {
			v, err := component.ToConstant(cell.Value, schema[i].Type)
			found.Add(c.At(fmt.Sprintf("rows[%d][%d]", r, i), err))
			rows[r][i] = v
		}
	}
	if len(found) > 0 {
		return nil, found
	}
	out, err := c.Build.Values(schema, rows)
	return []rel.Rel{out}, err
}

func (s *Settings) schema(c *component.Context, found *errs.List) rel.Schema {
	out := make(rel.Schema, 0, len(s.Columns))
	for i, col := range s.Columns {
		if out.Index(col.Name) >= 0 {
			at := fmt.Sprintf("columns[%d].name", i)
			found.Add(c.At(at, errs.New(errs.Invalid, errTwice, errs.P{"name": col.Name})))
		}
		out = append(out, rel.Column{Name: col.Name, Label: col.Label, Type: col.Type, Continuous: component.Continuous(col.Type)})
	}
	return out
}
