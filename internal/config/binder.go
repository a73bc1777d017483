package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Settings is a configuration whose Bind names every key, once and in the
// order in which people read them. Bind sets each value to its default.
type Settings interface{ Bind(b *Binder) }

// Binder collects the keys that a Settings names.
type Binder struct {
	prefix   string // "proxy." inside a section
	inList   bool
	doc      *document
	fields   *[]*Field
	sections *[]section
}

// section is a table of the file.
type section struct {
	path  string // proxy, or servers for a list
	doc   errs.Words
	list  bool
	index int // of a list's item: -1 for the table itself, exampleItem for one that only shows its keys
}

// exampleItem is the index of the item that --print-config shows, as a
// comment, of a list that is empty.
const exampleItem = -2

func newBinder(doc *document) *Binder {
	return &Binder{doc: doc, fields: new([]*Field), sections: new([]section)}
}

// Section names a table of the file; the keys that bind names stand in it.
func (b *Binder) Section(name string, doc errs.Words, bind func(*Binder)) {
	path := b.prefix + name
	*b.sections = append(*b.sections, section{path: path, doc: doc, index: -1})
	inner := *b
	inner.prefix = path + "."
	bind(&inner)
}

// List names a table that may stand several times ([[servers]]). Its items
// come from the file alone: neither environment nor flags name them.
func List[T any](b *Binder, p *[]T, name string, doc errs.Words, bind func(*Binder, *T)) {
	path := b.prefix + name
	*b.sections = append(*b.sections, section{path: path, doc: doc, list: true, index: -1})
	*p = make([]T, b.doc.count(path))
	for i := range *p {
		b.item(section{path: fmt.Sprintf("%s[%d]", path, i), list: true, index: i}, func(inner *Binder) { bind(inner, &(*p)[i]) })
	}
	if len(*p) == 0 {
		b.item(section{path: path + "[]", list: true, index: exampleItem}, func(inner *Binder) { bind(inner, new(T)) })
	}
}

func (b *Binder) item(s section, bind func(*Binder)) {
	*b.sections = append(*b.sections, s)
	inner := *b
	inner.prefix, inner.inList = s.path+".", true
	bind(&inner)
}

// add registers a field under its path.
func (b *Binder) add(f *Field) {
	f.Path = b.prefix + f.name
	f.inList = b.inList
	*b.fields = append(*b.fields, f)
}

// Field is one key.
type Field struct {
	Path   string     // proxy.server_port
	Doc    errs.Words // one or two sentences
	Toggle bool       // a boolean: its flag needs no value

	name    string
	inList  bool
	initial string // the default as TOML
	secret  bool
	want    errs.Words
	parse   func(text string) any   // text of the environment or a flag to a TOML value; nil: none
	set     func(v any) bool        // takes a TOML value; false: it is not what the key wants
	check   func(v any) *errs.Error // further rule; may be nil
	show    func() string           // the present value as TOML
}

// Flag is the name of the key's flag without its dashes: proxy-server-port.
func (f *Field) Flag() string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(f.Path)
}

// Env is the name of the key's environment variable: WEFT_WEB_PROXY_SERVER_PORT
// for the prefix WEFT_WEB_.
func (f *Field) Env(prefix string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(f.Path, ".", "_"))
}

// Default is the value when nothing names the key, as TOML.
func (f *Field) Default() string { return f.initial }

// Fields lists the keys of s that flags and environment may set. It sets s to
// its defaults.
func Fields(s Settings) []*Field {
	b := newBinder(&document{})
	s.Bind(b)
	return slices.DeleteFunc(*b.fields, func(f *Field) bool { return f.inList })
}
