// Package parquetinput is the component input.parquet: it reads Parquet files,
// which carry the names and types of their columns with them (C-004).
package parquetinput

import (
	"embed"
	"fmt"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares input.parquet.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "input.parquet",
		Version:  1,
		Rows:     []string{"C-004"},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of input.parquet.
type Settings struct {
	Path    string
	Columns []string // none: all
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Path(b, &s.Path, "path", component.Required())
	component.Texts(b, &s.Columns, "columns")
}

var (
	errNoColumn = errs.Message{
		ID: "parquetinput.no_column",
		En: "{file} has no column {column}; it has {columns}. {suggest}",
		Ru: "В файле {file} нет столбца {column}; есть {columns}. {suggest}",
	}
	errTwice = errs.Message{
		ID: "parquetinput.twice",
		En: "The column {column} stands in the list twice.",
		Ru: "Столбец {column} указан в списке дважды.",
	}
)

// Wants asks for the columns of the files.
func (s *Settings) Wants(*component.Context) (component.Wants, error) {
	return component.Wants{Setting: "path", Pattern: s.Path, Parquet: true}, nil
}

// Compile reads the columns of the list in its order, or all. The scan has the
// names of the file; those that can't stand in a plan are changed behind it.
func (s *Settings) Compile(c *component.Context, _ []rel.Rel) ([]rel.Rel, error) {
	chosen, err := s.choose(c)
	if err != nil {
		return nil, err
	}
	src := &rel.ParquetFile{Files: c.Found.Paths(), Rows: c.Found.Rows, Bytes: c.Found.Bytes()}
	inFile := make(rel.Schema, len(chosen))
	items := make([]rel.Item, len(chosen))
	renamed := false
	for i, k := range chosen {
		src.Columns = append(src.Columns, c.Found.Columns[k])
		inFile[i] = c.Found.Schema[k]
		inFile[i].Name = c.Found.Columns[k].Name
		items[i] = rel.Item{Column: c.Found.Schema[k], Expr: rel.Col(inFile[i])}
		renamed = renamed || inFile[i].Name != items[i].Column.Name
	}
	scan, err := c.Build.Scan(src, inFile, true)
	if err != nil || !renamed {
		return []rel.Rel{scan}, err
	}
	out, err := c.Build.Project(scan, items)
	return []rel.Rel{out}, err
}

// choose returns the places of the columns to read among those of the file.
func (s *Settings) choose(c *component.Context) ([]int, error) {
	var chosen []int
	if len(s.Columns) == 0 {
		for i := range c.Found.Schema {
			chosen = append(chosen, i)
		}
		return chosen, nil
	}
	var found errs.List
	for i, name := range s.Columns {
		at := fmt.Sprintf("columns[%d]", i)
		k := find(c.Found, name)
		switch {
		case k < 0:
			names := c.Found.Schema.Names()
			found.Add(c.At(at, errs.New(errs.Invalid, errNoColumn, errs.P{
				"file": c.Found.Files[0].Path, "column": name, "columns": rel.Enumerate(names), "suggest": errs.Suggest(name, names),
			})))
		case slices.Contains(chosen, k):
			found.Add(c.At(at, errs.New(errs.Invalid, errTwice, errs.P{"column": name})))
		}
		chosen = append(chosen, k)
	}
	return chosen, found.Err()
}

// find returns the column of a name: as the plan has it, or as the file has.
func find(d *component.Discovery, name string) int {
	if i := d.Schema.Index(name); i >= 0 {
		return i
	}
	return slices.IndexFunc(d.Columns, func(col rel.EngineColumn) bool { return col.Name == name })
}
