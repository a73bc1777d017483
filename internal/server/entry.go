package server

import (
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// componentEntry is the content of a component's entry. Studio's ComponentSpec
// is the same type: what changes here changes there.
type componentEntry struct {
	Name     string       `json:"name"`
	Version  int          `json:"version"`
	Title    string       `json:"title"`
	Summary  string       `json:"summary"`
	Body     string       `json:"body,omitempty"` // Markdown
	Icon     string       `json:"icon"`           // SVG
	Inputs   []portEntry  `json:"inputs"`
	Outputs  []portEntry  `json:"outputs"`
	Settings []fieldEntry `json:"settings"`
	Source   bool         `json:"source,omitempty"` // it reads files
	Sink     bool         `json:"sink,omitempty"`   // it writes a file
}

type portEntry struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Optional bool   `json:"optional,omitempty"`
}

type fieldEntry struct {
	Key      string       `json:"key,omitempty"`
	Kind     string       `json:"kind"`
	Help     string       `json:"help,omitempty"`
	Required bool         `json:"required,omitempty"`
	Default  any          `json:"default,omitempty"`
	Choices  []string     `json:"choices,omitempty"`
	Min      *float64     `json:"min,omitempty"`
	Max      *float64     `json:"max,omitempty"`
	Port     int          `json:"port,omitempty"`
	Items    []fieldEntry `json:"items,omitempty"`
	When     *whenEntry   `json:"when,omitempty"`
	Long     bool         `json:"long,omitempty"`
	Write    bool         `json:"write,omitempty"`
}

type whenEntry struct {
	Key string   `json:"key"`
	In  []string `json:"in"`
}

func describeComponent(d *component.Definition, lang string) componentEntry {
	doc := d.Docs.In(lang)
	return componentEntry{
		Name: d.Name, Version: d.Version, Title: doc.Title, Summary: flat(doc.Summary), Body: doc.Body, Icon: d.Docs.Icon,
		Inputs: describePorts(d.Inputs, lang), Outputs: describePorts(d.Outputs, lang),
		Settings: describeFields(doc, "", component.Describe(d.Settings())),
		Source:   d.IsSource(), Sink: d.IsSink(),
	}
}

// flat puts a text of several lines on one.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func describePorts(ports []component.Port, lang string) []portEntry {
	out := make([]portEntry, len(ports))
	for i, p := range ports {
		out[i] = portEntry{Name: p.Name, Label: p.Label.Text(lang), Optional: p.Optional}
	}
	return out
}

func describeFields(doc component.Doc, prefix string, fields []component.Field) []fieldEntry {
	out := make([]fieldEntry, len(fields))
	for i, f := range fields {
		path := prefix + f.Key
		out[i] = fieldEntry{
			Key: f.Key, Kind: string(f.Kind), Help: flat(doc.Settings[path]), Required: f.Required, Default: f.Default.Scalar(),
			Choices: f.Choices, Min: f.Min, Max: f.Max, Port: f.Port, Long: f.Long, Write: f.Write,
		}
		if f.When != nil {
			out[i].When = &whenEntry{Key: f.When.Key, In: f.When.In}
		}
		if len(f.Items) > 0 {
			out[i].Items = describeFields(doc, path+".", f.Items)
		}
	}
	return out
}

// functionEntry is the content of a function's entry, for completion and help.
type functionEntry struct {
	Name     string           `json:"name"`
	Category string           `json:"category"`
	Operator bool             `json:"operator,omitempty"`
	Aliases  []string         `json:"aliases,omitempty"`
	Params   []parameterEntry `json:"params"`
	Variadic bool             `json:"variadic,omitempty"` // the last parameter may repeat
	Returns  string           `json:"returns,omitempty"`  // the type, where it is always the same
	Help     string           `json:"help"`
	Examples []exampleEntry   `json:"examples"`
}

type parameterEntry struct {
	Name     string   `json:"name"`
	Optional bool     `json:"optional,omitempty"`
	Types    []string `json:"types,omitempty"` // families that it takes; none: any
	Words    []string `json:"words,omitempty"` // it must be one of these, as text
}

type exampleEntry struct {
	Formula string `json:"formula"`
	Value   string `json:"value"`
}

func describeFunction(f *rel.Function, lang string) functionEntry {
	out := functionEntry{
		Name: f.Name, Category: f.Category, Operator: f.Category == "operator", Aliases: f.Aliases, Variadic: f.Variadic,
		Help: flat(errs.Words{En: f.Help.En, Ru: f.Help.Ru}.Text(lang)), Params: []parameterEntry{}, Examples: []exampleEntry{},
	}
	if f.Result == nil && f.Overload == nil && !f.Unify && f.Returns != rel.Null {
		out.Returns = f.Returns.String()
	}
	for _, p := range f.Params {
		e := parameterEntry{Name: p.Name, Optional: p.Optional, Words: p.Words}
		for _, id := range p.Accepts {
			name, _, _ := strings.Cut(rel.Type{ID: id}.String(), "(")
			e.Types = append(e.Types, name)
		}
		out.Params = append(out.Params, e)
	}
	for _, c := range f.Cases {
		if !c.Hidden {
			out.Examples = append(out.Examples, exampleEntry{Formula: c.Formula, Value: c.Want})
		}
	}
	return out
}
