// Package group is the component columns.group: one row for each combination
// of the keys' values, with measures over the rows of the group (C-041).
package group

import (
	"embed"
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares columns.group.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "columns.group",
		Version:  1,
		Rows:     []string{"C-041"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Outputs:  []component.Port{{Name: "out", Label: errs.Words{En: "Groups", Ru: "Группы"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of columns.group.
type Settings struct {
	Keys     []string
	Measures []Measure
}

// Measure is one aggregated column.
type Measure struct {
	Column    string
	Function  rel.AggregateFunc
	Name      string
	Label     string
	At        float64 // percentile: 0 to 1
	Order     []component.SortKey
	Separator string
}

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Columns(b, &s.Keys, "keys")
	component.List(b, &s.Measures, "measures", func(b *component.Binder, m *Measure) {
		component.Column(b, &m.Column, "column")
		component.Enum(b, &m.Function, "function", "", rel.AggregateFuncs(), component.Required())
		component.Name(b, &m.Name, "name")
		component.Text(b, &m.Label, "label")
		component.Number(b, &m.At, "at", component.Default(0.5), component.Min(0), component.Max(1),
			component.OnlyWhen("function", string(rel.Percentile)))
		component.SortKeys(b, &m.Order, "order",
			component.OnlyWhen("function", string(rel.First), string(rel.Last), string(rel.Concat)))
		component.Text(b, &m.Separator, "separator", component.Default(", "),
			component.OnlyWhen("function", string(rel.Concat)))
	})
}

var (
	errEmpty = errs.Message{
		ID: "group.empty",
		En: "There is nothing to group: name a key in keys, or a measure in measures.",
		Ru: "Группировать нечего: задайте ключ в keys или показатель в measures.",
	}
	errNoColumn = errs.Message{
		ID: "group.no_column",
		En: "{function} needs a column: say of which it is taken.",
		Ru: "Для {function} нужен столбец: укажите, по какому считать.",
	}
	errNoOrder = errs.Message{
		ID: "group.no_order",
		En: "{function} needs an order: say in order which row comes first.",
		Ru: "Для {function} нужен порядок: укажите в order, какая строка первая.",
	}
)

// Validate refuses settings that no table can make right.
func (s *Settings) Validate(c *component.Context) error {
	var found errs.List
	if len(s.Keys) == 0 && len(s.Measures) == 0 {
		found.Add(c.At("keys", errs.New(errs.Invalid, errEmpty, nil)))
	}
	for i, m := range s.Measures {
		if m.Column == "" && m.Function != rel.CountRows {
			found.Add(c.At(setting(i, "column"), errs.New(errs.Invalid, errNoColumn, errs.P{"function": m.Function})))
		}
		if m.Function.NeedsOrder() && len(m.Order) == 0 {
			found.Add(c.At(setting(i, "order"), errs.New(errs.Invalid, errNoOrder, errs.P{"function": m.Function})))
		}
	}
	return found.Err()
}

func setting(i int, key string) string { return fmt.Sprintf("measures[%d].%s", i, key) }
