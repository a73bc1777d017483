// Package component is the kit that every component (node type) is made of:
// ports, settings bound once, the contract of compiling, documentation, and
// the catalogue.
//
// A component is pure. It turns settings and its inputs' plans into the plans
// of its outputs; it never sees a connection, a file's content or the SQL of
// an engine. What it needs to know of a file it asks for as a Discovery.
package component

import (
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Definition declares one component.
type Definition struct {
	Name     string // group.verb: rows.filter
	Version  int    // from 1; raised when a default or a meaning changes
	Rows     []string
	Inputs   []Port
	Outputs  []Port
	Settings func() Settings
	Docs     Docs
	// Migrate brings settings of an older version to the next one; nil where
	// there is only one version.
	Migrate func(from int, settings pack.Value) (pack.Value, error)
}

// Port is a typed end of a node. All ports of today are tables.
type Port struct {
	Name     string
	Label    errs.Words
	Optional bool // an input that may stay without a link
}

// Settings are the settings of one node as Go fields, bound once.
type Settings interface {
	// Bind names every setting and where it goes. The one method gives
	// decoding, defaults, checks, JSON Schema, forms and reference pages.
	Bind(b *Binder)
}

// Compiler is a component that is expressed as a plan.
type Compiler interface {
	Settings
	// Compile returns the plan of each output port. in has one plan per input
	// port; an optional port without a link is nil.
	Compile(c *Context, in []rel.Rel) ([]rel.Rel, error)
}

// Source is a Compiler that reads files. Its Compile finds what was found in
// them in Context.Found.
type Source interface {
	Compiler
	// Wants says which files to look at, and how.
	Wants(c *Context) (Wants, error)
}

// Sink is a component that writes a file outside the plan.
type Sink interface {
	Settings
	// Write says what to write of its input, and where.
	Write(c *Context, in rel.Rel) (Output, error)
}

// Validator is implemented by settings that check more than each field alone.
// It is called after decoding; errors name the setting with Context.At.
type Validator interface {
	Validate(c *Context) error
}

// Output is a file that a run makes.
type Output struct {
	Rel      rel.Rel // the rows to write, already in the form of the file
	Path     string  // relative to the package's folder; leading /: workspace root
	Replace  bool    // a file that is there is replaced; otherwise it fails the run
	Format   rel.FileFormat
	Encoding string // of text files; "": UTF-8
	BOM      bool
}

// Ref is the name with the version where it is not the first:
// rows.filter, rows.filter@2.
func (d *Definition) Ref() string {
	if d.Version <= 1 {
		return d.Name
	}
	return d.Name + "@" + itoa(d.Version)
}

// Input returns the index of an input port by name; the empty name is the
// first. It is -1 when there is none.
func (d *Definition) Input(name string) int { return portIndex(d.Inputs, name) }

// Output returns the index of an output port, as Input does.
func (d *Definition) Output(name string) int { return portIndex(d.Outputs, name) }

func portIndex(ports []Port, name string) int {
	for i, p := range ports {
		if p.Name == name || name == "" {
			return i
		}
	}
	return -1
}

// IsSource reports whether the component reads files.
func (d *Definition) IsSource() bool { _, ok := d.Settings().(Source); return ok }

// IsSink reports whether the component writes files.
func (d *Definition) IsSink() bool { _, ok := d.Settings().(Sink); return ok }
