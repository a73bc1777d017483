// Package componenttest is the conformance suite of components: what every
// component must satisfy, and the runner of its cases.
//
// A case is one txtar file in the component's testdata:
//
//	node.yaml       settings, and variables if there are any
//	in.csv …        the table at each input port, named by the port
//	files/…         text files that a source reads, found by their path
//	found.json      in place of files: what discovery found in them
//	want.rel        the plan of each output port
//	want.csv …      the rows of the first output port; want.<port>.csv of others
//	want.err        instead of these: the errors, one a line
//
// Tables have a header of name:type, with ? behind the type of columns that
// may be null; a cell ∅ is null. With -update the wanted parts are rewritten;
// the difference is reviewed like code. Plans and errors are checked in the
// component's own package, rows by the one test binary that links an engine.
package componenttest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of the cases")

// Case is one txtar file.
type Case struct {
	Name string
	Path string
	def  *component.Definition
	file *txtar.Archive
	// folder is where the files of the case lie; "": it has none.
	folder string
}

// Load reads the cases of a component from the folder of its package.
func Load(t *testing.T, def *component.Definition, folder string) []*Case {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var out []*Case
	for _, p := range paths {
		file, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(p), ".txtar")
		out = append(out, &Case{Name: name, Path: p, def: def, file: file})
	}
	return out
}

// part returns a file of the archive.
func (c *Case) part(name string) (string, bool) {
	for _, f := range c.file.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// want compares got with a wanted part, or rewrites the part under -update.
func (c *Case) want(t *testing.T, name, got string) {
	t.Helper()
	if got != "" && !strings.HasSuffix(got, "\n") {
		got += "\n"
	}
	want, ok := c.part(name)
	if ok && want == got {
		return
	}
	if !*update {
		t.Errorf("%s, part %s: got\n%s\nwant\n%s", c.Path, name, got, want)
		return
	}
	for i := range c.file.Files {
		if c.file.Files[i].Name == name {
			c.file.Files[i].Data = []byte(got)
			ok = true
		}
	}
	if !ok {
		c.file.Files = append(c.file.Files, txtar.File{Name: name, Data: []byte(got)})
	}
	if err := os.WriteFile(c.Path, txtar.Format(c.file), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Inputs says how the input tables of a case enter its plan.
type Inputs uint8

// The ways of the input tables.
const (
	Named  Inputs = iota // as stored results named by their port: for readable plans
	Filled               // as values with their rows
	Empty                // as values with no rows
	Nulls                // as values with one row of nulls
)

// Compiled is a case's component, compiled.
type Compiled struct {
	Outputs []rel.Rel         // one per output port
	Output  *component.Output // of a sink
}

// Compile decodes the settings and compiles the component over the inputs.
func (c *Case) Compile(inputs Inputs) (*Compiled, error) {
	node, vars, err := c.node()
	if err != nil {
		return nil, err
	}
	ctx := &component.Context{
		Build: rel.Builder{NodeID: "it"}, Functions: function.Catalogue(), Variables: vars,
	}
	if ctx.Bound, err = c.def.Decode(c.def.Version, node.Settings, vars); err != nil {
		return nil, err
	}
	in, err := c.inputs(inputs)
	if err != nil {
		return nil, err
	}
	return c.compile(ctx, in)
}

func (c *Case) compile(ctx *component.Context, in []rel.Rel) (*Compiled, error) {
	if v, ok := ctx.Bound.Settings.(component.Validator); ok {
		if err := v.Validate(ctx); err != nil {
			return nil, err
		}
	}
	var err error
	if ctx.Found, err = c.found(ctx); err != nil {
		return nil, err
	}
	if err := ctx.CheckColumns(in); err != nil {
		return nil, err
	}
	switch s := ctx.Bound.Settings.(type) {
	case component.Sink:
		out, err := s.Write(ctx, in[0])
		return &Compiled{Output: &out}, err
	case component.Compiler:
		outs, err := s.Compile(ctx, in)
		return &Compiled{Outputs: outs}, err
	default:
		return nil, fmt.Errorf("%T is neither a Compiler nor a Sink", s)
	}
}

// node reads node.yaml as the one node of a package.
func (c *Case) node() (*pack.Node, component.Variables, error) {
	src, _ := c.part("node.yaml")
	var settings, head strings.Builder
	target := &settings
	for line := range strings.Lines(src) {
		if strings.HasPrefix(line, "variables:") {
			target = &head
		} else if strings.HasPrefix(line, "settings:") {
			target = &settings
		}
		if target == &settings {
			line = "        " + line
		}
		target.WriteString(line)
	}
	text := "weft: 1\n" + head.String() + "workflows:\n  main:\n    nodes:\n      it:\n        component: " + c.def.Ref() + "\n" + settings.String()
	p, err := pack.Decode([]byte(text), "")
	if err != nil {
		return nil, nil, fmt.Errorf("%s: node.yaml: %w", c.Path, err)
	}
	vars, err := formulaVariables(p)
	return p.Workflow("main").Node("it"), vars, err
}

func formulaVariables(p *pack.Package) (component.Variables, error) {
	params := map[string]*rel.Param{}
	for _, v := range p.Variables {
		t, ok := rel.ParseType(v.Type)
		if !ok {
			return nil, fmt.Errorf("variable %s: no type %s", v.Name, v.Type)
		}
		value, err := component.ToConstant(v.Default, t)
		if err != nil {
			return nil, err
		}
		params[v.Name] = &rel.Param{Name: v.Name, Value: value, As: t}
	}
	return params, nil
}

// messages spells errors one a line, without positions in the file.
func messages(err error) string {
	var b strings.Builder
	for _, e := range errs.All(err) {
		p := e.Place
		p.File, p.Line, p.Column = "", 0, 0
		fmt.Fprintf(&b, "%s: %s\n", p, e.Text("en"))
	}
	return b.String()
}
