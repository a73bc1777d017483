// Package join is the component tables.join: it puts the rows of two tables
// side by side where they belong together, and gives the rows of each table
// that found no match on ports of their own (C-044).
package join

import (
	"embed"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// The input ports, by their index.
const (
	leftPort = iota
	rightPort
)

// Definition declares the component.
func Definition() *component.Definition {
	return &component.Definition{
		Name: "tables.join", Version: 1, Rows: []string{"C-044"},
		Inputs: []component.Port{
			{Name: "left", Label: errs.Words{En: "Left table", Ru: "Левая таблица"}},
			{Name: "right", Label: errs.Words{En: "Right table", Ru: "Правая таблица"}},
		},
		Outputs: []component.Port{
			{Name: "out", Label: errs.Words{En: "Joined table", Ru: "Соединённая таблица"}},
			{Name: "left_only", Label: errs.Words{En: "Left rows without a match", Ru: "Левые строки без пары"}},
			{Name: "right_only", Label: errs.Words{En: "Right rows without a match", Ru: "Правые строки без пары"}},
		},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings are the settings of a node.
type Settings struct {
	Kind          Kind
	Keys          []Key
	NullsEqual    bool
	Condition     string // a formula over left.x and right.x
	Nearest       Nearest
	Columns       []Column // empty: all
	KeepRightKeys bool
	Clash         Clash
}

// Key is a pair of columns that must be equal.
type Key struct {
	Left  string
	Right string // empty: named as Left
}

// Nearest is the pair of columns of an as-of join whose values need not be
// equal: the nearest right one is taken.
type Nearest struct {
	Left      string
	Right     string // empty: named as Left
	Direction Direction
	Strict    bool // an equal value is no match
	Outer     bool // keep left rows without a match
}

// Column is a column of the result.
type Column struct {
	From   Side
	Column string
	Name   string // empty: the column's
	Label  string // empty: the column's
}

// Clash makes names of right columns that the left has too unlike those; both
// empty: a number is added.
type Clash struct{ Prefix, Suffix string }

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Enum(b, &s.Kind, "kind", Inner, Kinds())
	component.List(b, &s.Keys, "keys", func(b *component.Binder, k *Key) {
		component.Column(b, &k.Left, "left", component.Required())
		component.Column(b, &k.Right, "right", component.OfPort(rightPort))
	})
	component.Bool(b, &s.NullsEqual, "nulls_equal")
	component.Formula(b, &s.Condition, "condition")
	component.Group(b, "nearest", s.Nearest.bind, component.OnlyWhen("kind", string(AsOf)))
	component.List(b, &s.Columns, "columns", func(b *component.Binder, c *Column) {
		component.Enum(b, &c.From, "from", Left, []Side{Left, Right})
		component.Column(b, &c.Column, "column", component.Required(), component.OfPort(c.From.port()))
		component.Name(b, &c.Name, "name")
		component.Text(b, &c.Label, "label")
	})
	component.Bool(b, &s.KeepRightKeys, "keep_right_keys")
	component.Group(b, "clash", func(b *component.Binder) {
		component.Name(b, &s.Clash.Prefix, "prefix")
		component.Text(b, &s.Clash.Suffix, "suffix")
	})
}

func (n *Nearest) bind(b *component.Binder) {
	component.Column(b, &n.Left, "left")
	component.Column(b, &n.Right, "right", component.OfPort(rightPort))
	component.Enum(b, &n.Direction, "direction", Before, []Direction{Before, After})
	component.Bool(b, &n.Strict, "strict")
	component.Bool(b, &n.Outer, "outer")
}
