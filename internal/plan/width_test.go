package plan_test

import (
	"fmt"
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// wide is a file of so many columns.
func wide(columns int) *component.Discovery {
	d := &component.Discovery{Files: []component.File{{Path: "a.parquet", Size: 1}}, Rows: 1}
	for i := range columns {
		name := fmt.Sprint("c", i)
		d.Columns = append(d.Columns, rel.EngineColumn{Name: name, Type: "BIGINT"})
		d.Schema = append(d.Schema, rel.Column{Name: name, Type: rel.Integer, Nullable: true})
	}
	return d
}

// A table that is too wide is told at the node that gives it.
func TestTablesAreNotEndlesslyWide(t *testing.T) {
	const text = `weft: 1
workflows:
  main:
    nodes:
      a: {component: input.parquet, settings: {path: a.parquet}}
      b: {component: input.parquet, settings: {path: a.parquet}}
      both: {component: tables.join, inputs: {left: a, right: b}, settings: {keys: [{left: c0, right: c0}]}}
`
	for columns, want := range map[int]string{plan.MaxColumns / 2: "", plan.MaxColumns/2 + 1: "both", plan.MaxColumns + 1: "a"} {
		p, err := pack.Decode([]byte(text), "test.weft")
		if err != nil {
			t.Fatal(err)
		}
		g, err := plan.Bind(p, "", plan.Options{Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue()})
		if err != nil {
			t.Fatal(err)
		}
		g.Compile(map[string]*component.Discovery{"a": wide(columns), "b": wide(columns)})
		got := ""
		for _, e := range g.Errors() {
			if e.Message.ID == "plan.columns" && got == "" {
				got = e.Place.Node
			}
		}
		if got != want {
			t.Errorf("%d columns on each side: told at %q, want %q; %v", columns, got, want, g.Errors())
		}
	}
}
