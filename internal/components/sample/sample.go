// Package sample is the component rows.sample: it draws some rows of a table,
// the same ones in every run (part of C-087).
package sample

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
		Name: "rows.sample", Version: 1, Rows: []string{"C-087"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Rows", Ru: "Строки"}}},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Sample", Ru: "Выборка"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Method says how rows are drawn.
type Method string

// The methods.
const (
	First Method = "first" // the first rows
	Every Method = "every" // one row out of so many, from the first
	Share Method = "share" // each row with the same chance
	Count Method = "count" // so many rows at random
)

// Settings are the settings of a node.
type Settings struct {
	Method Method
	Rows   int64
	Share  float64 // 0 to 1
	Seed   int64
	By     []string
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Enum(b, &s.Method, "method", First, []Method{First, Every, Share, Count})
	component.Int(b, &s.Rows, "rows", component.Default(100), component.Min(0),
		component.OnlyWhen("method", string(First), string(Every), string(Count)))
	component.Number(b, &s.Share, "share", component.Default(0.1), component.Min(0), component.Max(1),
		component.OnlyWhen("method", string(Share)))
	component.Int(b, &s.Seed, "seed", component.Default(1),
		component.OnlyWhen("method", string(Share), string(Count)))
	component.Columns(b, &s.By, "by",
		component.OnlyWhen("method", string(First), string(Every), string(Count)))
}

// Compile draws the sample. Settings that the method does not ask for stay out
// of the plan, so that they do not change it.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	draw := rel.Sample{Count: s.Rows, By: s.By}
	switch s.Method {
	case Every:
		draw.Kind = rel.SampleEvery
	case Share:
		draw = rel.Sample{Kind: rel.SampleShare, Share: s.Share, Seed: s.Seed}
	case Count:
		draw.Kind, draw.Seed = rel.SampleCount, s.Seed
	default:
		draw.Kind = rel.SampleFirst
	}
	out, err := c.Build.Sample(in[0], draw)
	if err != nil {
		return nil, c.At("rows", err)
	}
	return []rel.Rel{out}, nil
}
