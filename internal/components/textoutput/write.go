package textoutput

import (
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/rel"
)

// Write spells every column as text and says how the texts become a file.
func (s *Settings) Write(c *component.Context, in rel.Rel) (component.Output, error) {
	items := make([]rel.Item, len(in.Schema()))
	for i, col := range in.Schema() {
		e, err := s.spell(c, col)
		if err != nil {
			return component.Output{}, err
		}
		items[i] = rel.Item{Column: col, Expr: e}
	}
	texts, err := c.Build.Project(in, items)
	if err != nil {
		return component.Output{}, err
	}
	out := component.Output{Rel: texts, Path: s.Path, Replace: s.IfExists == component.Replace, Format: s.format(in.Schema())}
	out.Encoding, out.BOM = s.encoding()
	return out, nil
}

// encoding tells the encoding, "" for UTF-8, and whether a byte order mark
// stands before the text. Encodings that write one by themselves are not asked
// for it again.
func (s *Settings) encoding() (name string, bom bool) {
	name, err := discover.Canonical(s.Encoding)
	switch {
	case err != nil, name == "utf-8":
		return "", s.BOM
	case name == "utf-8-bom":
		return "", true
	default:
		return name, s.BOM && name != "utf-16" && name != "utf-32"
	}
}

func (s *Settings) format(schema rel.Schema) rel.FileFormat {
	f := rel.FileFormat{Delimiter: s.delimiter(), Quote: string(s.Quote), Null: s.Null, Header: s.Header != HeaderNone}
	if s.Quote == NoQuote {
		f.Quote = ""
	}
	if !f.Header {
		return f
	}
	for _, col := range schema {
		label := col.Name
		if s.Header == HeaderLabels {
			label = col.Title()
		}
		if s.Quote == NoQuote {
			label = strings.Map(s.flat, label)
		}
		if s.SpreadsheetSafe && strings.ContainsAny(firstRune(label), formulaStarts) {
			label = "'" + label
		}
		f.Labels = append(f.Labels, label)
	}
	return f
}

// formulaStarts are the characters by which a spreadsheet knows a formula.
const formulaStarts = "=+-@\t\r＝＋－＠"

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// flat puts a blank in the place of what would end a cell.
func (s *Settings) flat(r rune) rune {
	if r == '\n' || r == '\r' || string(r) == s.delimiter() {
		return ' '
	}
	return r
}

// spell writes a column as text.
func (s *Settings) spell(c *component.Context, col rel.Column) (rel.Expr, error) {
	ref := rel.Col(col)
	if col.Type == rel.String {
		return s.guard(c, ref)
	}
	how := &rel.TextFormat{Decimal: s.Decimal}
	switch col.Type.ID {
	case rel.BooleanID:
		if s.True != "true" || s.False != "false" {
			how.True, how.False = []string{s.True}, []string{s.False}
		}
	case rel.DateID:
		how.Dates = formats(s.Dates)
	case rel.TimestampID, rel.TimestampTZID:
		how.Dates = formats(s.Timestamps)
	}
	return c.Cast("path", ref, rel.String, false, how)
}

func formats(f string) []string {
	if f == "" {
		return nil
	}
	return []string{f}
}

// guard keeps a text from ending its cell, where no quotes do that, and from
// being taken for a formula.
func (s *Settings) guard(c *component.Context, e rel.Expr) (rel.Expr, error) {
	if s.Quote == NoQuote {
		class := "[" + escape(s.delimiter()) + `\r\n]`
		flat, err := c.Functions.Must("regexp_replace").Call(e, rel.Lit(class), rel.Lit(" "))
		if err != nil {
			return nil, err
		}
		e = flat
	}
	if !s.SpreadsheetSafe {
		return e, nil
	}
	begins, err := c.Functions.Must("regexp_matches").Call(e, rel.Lit(`^[=+\-@\t\r＝＋－＠]`))
	if err != nil {
		return nil, err
	}
	marked, err := c.Functions.Must("||").Call(rel.Lit("'"), e)
	if err != nil {
		return nil, err
	}
	return &rel.Case{Whens: []rel.When{{If: begins, Then: marked}}, Else: e, As: rel.String}, nil
}

// escape spells a character within the brackets of a pattern.
func escape(s string) string {
	if strings.ContainsAny(s, `\]^-[`) {
		return `\` + s
	}
	return s
}
