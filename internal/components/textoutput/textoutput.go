// Package textoutput is the component output.text: it writes a table to a
// delimited text file, CSV above all (C-020).
//
// How values are spelled is part of the plan: every column becomes text
// there, so that what is written is the same on every engine.
package textoutput

import (
	"embed"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

//go:embed doc.en.md doc.ru.md icon.svg
var files embed.FS

// Definition declares output.text.
func Definition() *component.Definition {
	return &component.Definition{
		Name:     "output.text",
		Version:  1,
		Rows:     []string{"C-020"},
		Inputs:   []component.Port{{Name: "in", Label: errs.Words{En: "Table", Ru: "Таблица"}}},
		Settings: func() component.Settings { return &Settings{} },
		Docs:     component.ReadDocs(files),
	}
}

// Settings of output.text.
type Settings struct {
	Path            string
	IfExists        component.IfExists
	Delimiter       string
	Quote           Quote
	Header          Header
	Encoding        string
	BOM             bool
	Null            string
	Decimal         string
	Dates           string
	Timestamps      string
	True            string
	False           string
	SpreadsheetSafe bool
}

// Quote is what stands around texts that need it.
type Quote string

// The quotes.
const (
	DoubleQuote Quote = `"`
	SingleQuote Quote = `'`
	NoQuote     Quote = "none"
)

// Header is what the first line holds.
type Header string

// The headers.
const (
	HeaderLabels Header = "labels"
	HeaderNames  Header = "names"
	HeaderNone   Header = "none"
)

// Bind names the settings.
func (s *Settings) Bind(b *component.Binder) {
	component.Path(b, &s.Path, "path", component.Required(), component.Written())
	component.Enum(b, &s.IfExists, "if_exists", component.Replace, component.AllIfExists())
	component.Text(b, &s.Delimiter, "delimiter", component.Default(","))
	component.Enum(b, &s.Quote, "quote", DoubleQuote, []Quote{DoubleQuote, SingleQuote, NoQuote})
	component.Enum(b, &s.Header, "header", HeaderLabels, []Header{HeaderLabels, HeaderNames, HeaderNone})
	component.Text(b, &s.Encoding, "encoding", component.Default("utf-8"))
	component.Bool(b, &s.BOM, "bom")
	component.Text(b, &s.Null, "null_text")
	component.Enum(b, &s.Decimal, "decimal", ".", []string{".", ","})
	component.Text(b, &s.Dates, "dates")
	component.Text(b, &s.Timestamps, "timestamps")
	component.Text(b, &s.True, "true_text", component.Default("true"))
	component.Text(b, &s.False, "false_text", component.Default("false"))
	component.Bool(b, &s.SpreadsheetSafe, "spreadsheet_safe")
}

var (
	errDelimiter = errs.Message{
		ID: "textoutput.delimiter",
		En: "The delimiter must be one character other than the quote, or tab, not '{found}'.",
		Ru: "Разделителем может быть один символ, отличный от кавычки, или tab, а не «{found}».",
	}
	errBOM = errs.Message{
		ID: "textoutput.bom",
		En: "A byte order mark belongs to Unicode; {encoding} has none.",
		Ru: "Метка порядка байтов (BOM) бывает только в Юникоде, в {encoding} её нет.",
	}
)

// Validate checks what belongs together.
func (s *Settings) Validate(c *component.Context) error {
	var found errs.List
	name, err := discover.Canonical(s.Encoding)
	found.Add(c.At("encoding", err))
	if err == nil && s.BOM && !strings.HasPrefix(name, "utf-") {
		found.Add(c.At("bom", errs.New(errs.Invalid, errBOM, errs.P{"encoding": name})))
	}
	d := s.delimiter()
	if utf8.RuneCountInString(d) != 1 || d == "\n" || d == "\r" || d == string(s.Quote) {
		found.Add(c.At("delimiter", errs.New(errs.Invalid, errDelimiter, errs.P{"found": s.Delimiter})))
	}
	if s.Dates != "" {
		found.Add(c.DateFormat("dates", s.Dates))
	}
	if s.Timestamps != "" {
		found.Add(c.DateFormat("timestamps", s.Timestamps))
	}
	return found.Err()
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
