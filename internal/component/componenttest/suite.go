package componenttest

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Test checks a component without an engine: its documentation, its settings,
// and the plans and errors of its cases. It is called in the component's
// package.
func Test(t *testing.T, def *component.Definition) {
	t.Run("documented", func(t *testing.T) { documented(t, def) })
	t.Run("examples", func(t *testing.T) { examples(t, def) })
	t.Run("ports", func(t *testing.T) { ports(t, def) })
	cases := Load(t, def, ".")
	if len(cases) == 0 {
		t.Errorf("%s has no case in testdata", def.Name)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			c.checkPlan(t)
			c.checkRoundTrip(t)
		})
	}
}

// checkPlan compares the plan, or the errors, with the wanted ones.
func (c *Case) checkPlan(t *testing.T) {
	c.unpack(t, t.TempDir())
	got, err := c.Compile(Named)
	if err != nil {
		c.want(t, "want.err", messages(err))
		return
	}
	if _, wantsError := c.part("want.err"); wantsError {
		t.Errorf("%s: compiles, but an error is wanted", c.Path)
		return
	}
	var b strings.Builder
	for i, r := range got.Outputs {
		if i > 0 {
			b.WriteString("-- " + c.def.Outputs[i].Name + "\n")
		}
		b.WriteString(rel.Format(r))
	}
	if got.Output != nil {
		b.WriteString(formatOutput(got.Output) + rel.Format(got.Output.Rel))
	}
	c.want(t, "want.rel", b.String())
}

// formatOutput spells what a sink says about its file.
func formatOutput(o *component.Output) string {
	how := "fail if there"
	if o.Replace {
		how = "replace"
	}
	return fmt.Sprintf("write %s, %s, encoding %q, bom %t, %+v\n", o.Path, how, o.Encoding, o.BOM, o.Format)
}

// checkRoundTrip holds that settings written out and read again are the same,
// and that defaults are not written.
func (c *Case) checkRoundTrip(t *testing.T) {
	node, vars, err := c.node()
	if err != nil {
		t.Fatal(err)
	}
	bound, err := c.def.Decode(c.def.Version, node.Settings, vars)
	if err != nil {
		return // a case of wrong settings
	}
	written := component.Encode(bound.Settings)
	again, err := c.def.Decode(c.def.Version, written, vars)
	if err != nil {
		t.Fatalf("settings don't read back: %v", err)
	}
	if second := component.Encode(again.Settings); !second.Equal(written) {
		t.Errorf("settings change when written and read:\n%v\n%v", written, second)
	}
	fresh, err := c.def.Decode(c.def.Version, pack.Map(), vars)
	if err == nil && !component.Encode(fresh.Settings).IsZero() {
		t.Errorf("defaults are written: %v", component.Encode(fresh.Settings))
	}
}

// documented holds that both pages tell title, summary and every setting, and
// that there is an icon.
func documented(t *testing.T, def *component.Definition) {
	for _, lang := range []string{"en", "ru"} {
		doc := def.Docs.In(lang)
		if doc.Title == "" || doc.Summary == "" {
			t.Errorf("%s: doc.%s.md lacks a title or a summary", def.Name, lang)
		}
		known := map[string]bool{}
		eachField(component.Describe(def.Settings()), "", func(path string, _ component.Field) {
			known[path] = true
			if doc.Settings[path] == "" {
				t.Errorf("%s: doc.%s.md does not tell the setting %s", def.Name, lang, path)
			}
		})
		for path := range doc.Settings {
			if !known[path] {
				t.Errorf("%s: doc.%s.md tells a setting %s that there is not", def.Name, lang, path)
			}
		}
	}
	var icon struct {
		XMLName xml.Name `xml:"svg"`
	}
	if err := xml.Unmarshal([]byte(def.Docs.Icon), &icon); err != nil {
		t.Errorf("%s: icon.svg: %v", def.Name, err)
	}
}

// examples holds that the settings that the pages show are right.
func examples(t *testing.T, def *component.Definition) {
	for _, lang := range []string{"en", "ru"} {
		for i, block := range strings.Split(def.Docs.In(lang).Body, "```") {
			_, yaml, ok := strings.Cut(block, "yaml\ncomponent: "+def.Name+"\n")
			if i%2 == 0 || !ok {
				continue
			}
			c := &Case{Path: "doc." + lang + ".md", def: def, file: &txtar.Archive{
				Files: []txtar.File{{Name: "node.yaml", Data: []byte(yaml)}},
			}}
			node, vars, err := c.node()
			if err == nil {
				_, err = def.Decode(def.Version, node.Settings, vars)
			}
			if err != nil {
				t.Errorf("%s: the example is wrong: %v\n%s", c.Path, err, yaml)
			}
		}
	}
}

func eachField(fields []component.Field, prefix string, f func(string, component.Field)) {
	for _, x := range fields {
		if x.Key == "" {
			continue
		}
		f(prefix+x.Key, x)
		eachField(x.Items, prefix+x.Key+".", f)
	}
}

// ports holds that ports are named and that the settings are of a kind the
// planner knows.
func ports(t *testing.T, def *component.Definition) {
	for _, p := range append(append([]component.Port(nil), def.Inputs...), def.Outputs...) {
		if p.Name == "" || p.Label.En == "" || p.Label.Ru == "" {
			t.Errorf("%s: a port lacks a name or a label: %+v", def.Name, p)
		}
	}
	switch s := def.Settings().(type) {
	case component.Sink:
		if len(def.Inputs) != 1 || len(def.Outputs) != 0 {
			t.Errorf("%s: a sink has one input and no output", def.Name)
		}
	case component.Compiler:
		if len(def.Outputs) == 0 {
			t.Errorf("%s: no output", def.Name)
		}
	default:
		t.Errorf("%s: %T is neither a Compiler nor a Sink", def.Name, s)
	}
}

// Engine computes plans, for the rows of cases.
type Engine interface {
	// Rows computes r and returns the engine's own schema of the result (name
	// and type) with its rows.
	Rows(ctx context.Context, r rel.Rel) (rel.Schema, [][]rel.Value, error)
	// Folder is where the paths of sources start; the engine reads there.
	Folder() string
}

// Execute checks a component's cases on an engine: the wanted rows, that the
// predicted schema is the engine's, and that no rows and nulls work. folder is
// the component's.
func Execute(t *testing.T, def *component.Definition, folder string, e Engine) {
	for _, c := range Load(t, def, folder) {
		t.Run(c.Name, func(t *testing.T) {
			if _, wantsError := c.part("want.err"); wantsError {
				return
			}
			if _, reads := c.part("found.json"); reads {
				return // there are no files to read
			}
			c.unpack(t, e.Folder())
			c.execute(t, e)
		})
	}
}

func (c *Case) execute(t *testing.T, e Engine) {
	for i, r := range c.outputs(t, Filled) {
		schema, rows, err := e.Rows(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.Path, err, rel.Format(r))
		}
		sameSchema(t, c.Path, schema, r.Schema())
		name := "want.csv"
		if i > 0 {
			name = "want." + c.def.Outputs[i].Name + ".csv"
		}
		c.want(t, name, FormatTable(r.Schema(), rows, r.Ordering().Known()))
	}
	for _, how := range []Inputs{Empty, Nulls} {
		for _, r := range c.outputs(t, how) {
			if _, _, err := e.Rows(t.Context(), r); err != nil {
				t.Errorf("%s, inputs %d: %v", c.Path, how, err)
			}
		}
	}
}

// outputs returns the plans to compute: of the output ports, or of the file
// that a sink writes.
func (c *Case) outputs(t *testing.T, how Inputs) []rel.Rel {
	got, err := c.Compile(how)
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	if got.Output != nil {
		return []rel.Rel{got.Output.Rel}
	}
	return got.Outputs
}

func sameSchema(t *testing.T, path string, engine, predicted rel.Schema) {
	t.Helper()
	if len(engine) != len(predicted) {
		t.Errorf("%s: the engine gives %s, predicted is %s", path, engine, predicted)
		return
	}
	for i := range engine {
		if engine[i].Name != predicted[i].Name || engine[i].Type != predicted[i].Type {
			t.Errorf("%s: column %d: the engine gives %s %s, predicted is %s %s", path, i+1,
				engine[i].Name, engine[i].Type, predicted[i].Name, predicted[i].Type)
		}
	}
}
