// Package parquetoutput is the component output.parquet: it writes a table to
// a Parquet file.
package parquetoutput

import (
	"embed"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares output.parquet.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "output.parquet",
		Version:  1,
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of output.parquet.
type Settings struct {
	Path        string
	IfExists    component.IfExists
	Compression Compression
}

// Compression is how the file's pages are packed.
type Compression string

// The compressions.
const (
	Zstd   Compression = "zstd"
	Snappy Compression = "snappy"
	None   Compression = "none"
)

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Path(b, &s.Path, "path", component.Required(), component.Written())
	component.Enum(b, &s.IfExists, "if_exists", component.Replace, component.AllIfExists())
	component.Enum(b, &s.Compression, "compression", Zstd, []Compression{Zstd, Snappy, None})
}

// Write writes the table as it is.
func (s *Settings) Write(_ *component.Context, in rel.Rel) (component.Output, error) {
	return component.Output{
		Rel: in, Path: s.Path, Replace: s.IfExists == component.Replace,
		Format: rel.FileFormat{Parquet: true, Compression: string(s.Compression)},
	}, nil
}
