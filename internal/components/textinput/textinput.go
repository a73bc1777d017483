// Package textinput is the component input.text: it reads delimited text
// files, CSV above all (C-001). What is not set is found out from the files.
//
// It reads no file itself. It says what must be known of the files, and makes
// of what was found a plan that reads every field as text and converts it, so
// that a bad cell means the same whichever columns are read.
package textinput

import (
	"embed"
	"fmt"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares input.text.
func Definition() *component.Definition {
	return &component.Definition{
		Name:    "input.text",
		Version: 1,
		Rows:    []string{"C-001"},
		Outputs: []component.Port{
			{Name: "out", Label: errs.Words{En: "Table", Ru: "Таблица"}},
			{Name: "misfits", Label: errs.Words{En: "Rows with values that do not fit", Ru: "Строки с неподходящими значениями"}},
		},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of input.text; what is empty is found out.
type Settings struct {
	Path      string
	Encoding  string
	Delimiter string
	Quote     string
	Header    Header
	Skip      *int64
	Nulls     []string
	Decimal   string
	Thousands string
	Dates     []string
	Columns   []Column
	Misfits   component.Misfits
}

// Header says whether the first line holds the columns' names.
type Header string

// The answers.
const (
	HeaderAuto Header = "auto"
	HeaderYes  Header = "yes"
	HeaderNo   Header = "no"
)

// Column is one column to read.
type Column struct {
	Name   string
	Field  string
	Label  string
	Type   rel.Type // rel.Null: as found
	Format string
}

// None stands for "no such character" where a character is asked for.
const none = "none"

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Path(b, &s.Path, "path", component.Required())
	component.Text(b, &s.Encoding, "encoding")
	component.Text(b, &s.Delimiter, "delimiter")
	component.Text(b, &s.Quote, "quote")
	component.Enum(b, &s.Header, "header", HeaderAuto, []Header{HeaderAuto, HeaderYes, HeaderNo})
	component.OptionalInt(b, &s.Skip, "skip", component.Min(0))
	component.Texts(b, &s.Nulls, "nulls")
	component.Enum(b, &s.Decimal, "decimal", "", []string{".", ","})
	component.Text(b, &s.Thousands, "thousands")
	component.Texts(b, &s.Dates, "dates")
	component.List(b, &s.Columns, "columns", func(b *component.Binder, c *Column) {
		component.Name(b, &c.Name, "name", component.Required())
		component.Text(b, &c.Field, "field")
		component.Text(b, &c.Label, "label")
		component.Type(b, &c.Type, "type")
		component.Text(b, &c.Format, "format")
	})
	component.Enum(b, &s.Misfits, "misfits", component.MisfitsNull, component.AllMisfits())
}

var (
	errDelimiter = errs.Message{
		ID: "textinput.delimiter",
		En: "The delimiter must be one character, or tab, not '{found}'.",
		Ru: "Разделителем может быть один символ или tab, а не «{found}».",
	}
	errQuote = errs.Message{
		ID: "textinput.quote",
		En: "The quote must be one ASCII character other than the delimiter, or none, not '{found}'.",
		Ru: "Кавычкой может быть один символ ASCII, отличный от разделителя, или none, а не «{found}».",
	}
	errThousands = errs.Message{
		ID: "textinput.thousands",
		En: "The thousands separator must be one character other than the decimal separator, or none, not '{found}'.",
		Ru: "Разделителем тысяч может быть один символ, отличный от десятичного разделителя, или none, а не «{found}».",
	}
	errTwice = errs.Message{
		ID: "textinput.twice",
		En: "Two columns are named {name}. Give one of them another name.",
		Ru: "Два столбца называются {name}. Дайте одному из них другое имя.",
	}
)

// Validate checks what can be checked without the file.
func (s *Settings) Validate(c *component.Context) error {
	var found errs.List
	if s.Encoding != "" {
		_, err := discover.Encoding(s.Encoding)
		found.Add(c.At("encoding", err))
	}
	d := s.delimiter()
	if d != "" && (utf8.RuneCountInString(d) != 1 || d == "\n" || d == "\r") {
		found.Add(c.At("delimiter", errs.New(errs.Invalid, errDelimiter, errs.P{"found": s.Delimiter})))
	}
	if q := s.Quote; q != "" && q != none && (len(q) != 1 || q[0] <= ' ' || q[0] > '~' || q == d) {
		found.Add(c.At("quote", errs.New(errs.Invalid, errQuote, errs.P{"found": q})))
	}
	if t := s.Thousands; t != "" && t != none && (utf8.RuneCountInString(t) != 1 || t == s.Decimal) {
		found.Add(c.At("thousands", errs.New(errs.Invalid, errThousands, errs.P{"found": t})))
	}
	for i, f := range s.Dates {
		found.Add(c.DateFormat(fmt.Sprintf("dates[%d]", i), f))
	}
	seen := map[string]bool{}
	for i, col := range s.Columns {
		if col.Format != "" {
			found.Add(c.DateFormat(setting(i, "format"), col.Format))
		}
		if key := rel.Fold(col.Name); seen[key] {
			found.Add(c.At(setting(i, "name"), errs.New(errs.Invalid, errTwice, errs.P{"name": col.Name})))
		} else {
			seen[key] = true
		}
	}
	return found.Err()
}

// Wants asks what is not set to be found out.
func (s *Settings) Wants(*component.Context) (component.Wants, error) {
	req := discover.Request{
		Encoding: s.Encoding, Delimiter: s.delimiter(), Quote: s.Quote,
		Nulls: s.Nulls, Decimal: s.Decimal, DateFormats: s.Dates,
	}
	if s.Header != HeaderAuto {
		yes := s.Header == HeaderYes
		req.Header = &yes
	}
	if s.Skip != nil {
		n := int(*s.Skip)
		req.Skip = &n
	}
	if s.Thousands != "" {
		t := s.Thousands
		if t == none {
			t = ""
		}
		req.Thousands = &t
	}
	return component.Wants{Setting: "path", Pattern: s.Path, Text: req}, nil
}

// delimiter is the character that a word stands for.
func (s *Settings) delimiter() string {
	switch s.Delimiter {
	case "tab", `\t`:
		return "\t"
	case "space":
		return " "
	default:
		return s.Delimiter
	}
}

func setting(i int, key string) string { return fmt.Sprintf("columns[%d].%s", i, key) }
