package component

import (
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
)

// Context is what a component may use while it compiles one node.
type Context struct {
	Build     rel.Builder
	Functions *rel.Functions
	Variables Variables
	Bound     *Bound
	Found     *Discovery // sources only: what was found in the files; nil before discovery
}

// Wants says which files a source reads and what must be known of them.
type Wants struct {
	Setting string // the path of the setting that names the files
	Pattern string // a path, or a pattern with * and ?
	Parquet bool   // else delimited text
	Text    discover.Request
}

// Discovery is what is known of a source's files before the plan is made.
type Discovery struct {
	Files   []File // in the order of their names; at least one
	Text    *discover.Result
	Columns []rel.EngineColumn // of Parquet files, as the engine names and types them
	Schema  rel.Schema         // of Parquet files: each column with the name and type it gets in a plan
	Rows    int64              // of Parquet files; -1: unknown
}

// File is one file of a source. Size and Time are its fingerprint.
type File struct {
	Path string // as the plan names it: relative to the package, or from the workspace's root
	Size int64
	Time int64 // modification, nanoseconds
}

// Paths lists the files' paths.
func (d *Discovery) Paths() []string {
	out := make([]string, len(d.Files))
	for i, f := range d.Files {
		out[i] = f.Path
	}
	return out
}

// Bytes is the size of all files together.
func (d *Discovery) Bytes() int64 {
	var n int64
	for _, f := range d.Files {
		n += f.Size
	}
	return n
}

// At puts an error at a setting of the node, with the line where it stands.
func (c *Context) At(setting string, err error) error {
	if err == nil {
		return nil
	}
	place := errs.Place{Setting: setting}
	if c.Bound != nil {
		place = c.Bound.Place(setting)
	}
	place.Node = c.Build.NodeID
	return errs.At(err, place)
}

// Formula compiles a formula of a setting over the columns of in.
func (c *Context) Formula(setting, text string, in rel.Schema) (rel.Expr, error) {
	e, err := formula.Compile(text, formula.Env{Schema: in, Variables: c.variables(), Functions: c.Functions})
	return e, c.At(setting, err)
}

// PairFormula compiles a formula over the columns of a join's two inputs,
// named left.x and right.x.
func (c *Context) PairFormula(setting, text string, left, right rel.Schema) (rel.Expr, error) {
	e, err := formula.Compile(text, formula.Env{Left: left, Right: right, Variables: c.variables(), Functions: c.Functions})
	return e, c.At(setting, err)
}

// CheckFormulas finds what is wrong with the formulas of the settings as long
// as the inputs' columns are not known, each at its setting.
func (c *Context) CheckFormulas() error {
	var found errs.List
	for _, use := range c.Bound.Formulas {
		err := formula.Check(use.Text, formula.Env{Variables: c.variables(), Functions: c.Functions})
		found.Add(c.At(use.Path, err))
	}
	return found.Err()
}

// variables are those that a formula may name: all, so that a slip of the pen
// finds its neighbour.
func (c *Context) variables() map[string]rel.Param {
	out := make(map[string]rel.Param, len(c.Variables))
	for name, p := range c.Variables {
		out[name] = *p
	}
	return out
}

// Column finds a column that a setting names.
func (c *Context) Column(setting, name string, in rel.Schema) (rel.Column, error) {
	col, err := in.Find(name)
	return col, c.At(setting, err)
}

// CheckColumns finds every column that the settings name in the inputs that
// are linked, and returns all that are missing, each at its setting.
func (c *Context) CheckColumns(in []rel.Rel) error {
	var found errs.List
	for _, use := range c.Bound.Columns {
		if use.Port < len(in) && in[use.Port] != nil {
			_, err := c.Column(use.Path, use.Name, in[use.Port].Schema())
			found.Add(err)
		}
	}
	return found.Err()
}
