package textinput

import (
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var errNoField = errs.Message{
	ID: "textinput.no_field",
	En: "{file} has no field {field}; it has {fields}. {suggest}",
	Ru: "В файле {file} нет поля {field}; есть {fields}. {suggest}",
}

// reading is one column with the field that it is read from.
type reading struct {
	column rel.Column
	field  *rel.Ref
	format string
}

// Compile reads all fields as text and converts those that are asked for; the
// second output has the rows in which a conversion misses.
func (s *Settings) Compile(c *component.Context, _ []rel.Rel) ([]rel.Rel, error) {
	scan, err := s.scan(c)
	if err != nil {
		return nil, err
	}
	columns, err := s.columns(c, scan.Schema())
	if err != nil {
		return nil, err
	}
	items := make([]rel.Item, len(columns))
	for i, r := range columns {
		e, err := s.convert(c, r, s.Misfits == component.MisfitsError)
		if err != nil {
			return nil, err
		}
		items[i] = rel.Item{Column: r.column, Expr: e}
	}
	out, err := c.Build.Project(scan, items)
	if err != nil {
		return nil, err
	}
	misfits, err := s.misfits(c, scan, columns)
	return []rel.Rel{out, misfits}, err
}

// scan is the file with all its fields as text.
func (s *Settings) scan(c *component.Context) (*rel.Scan, error) {
	found := c.Found.Text
	src := &rel.TextFile{
		Files: c.Found.Paths(), Encoding: found.Encoding, Delimiter: found.Delimiter, Quote: found.Quote,
		Header: found.Header, Skip: found.Skip, Nulls: s.Nulls, Bytes: c.Found.Bytes(),
	}
	if src.Quote == discover.NoQuote {
		src.Quote = ""
	}
	if src.Encoding == "utf-8-bom" {
		src.Encoding = "utf-8" // which may have the mark, too
	}
	schema := make(rel.Schema, len(found.Columns))
	for i, col := range found.Columns {
		src.Fields = append(src.Fields, col.Name)
		schema[i] = rel.Column{Name: col.Name, Label: labelled(col.Label, col.Name), Type: rel.String, Nullable: true}
	}
	return c.Build.Scan(src, schema, true)
}

// labelled leaves a label out that says no more than the name.
func labelled(label, name string) string {
	if label == name {
		return ""
	}
	return label
}

// columns are the columns to read: those of the settings, or as found.
func (s *Settings) columns(c *component.Context, fields rel.Schema) ([]reading, error) {
	found := c.Found.Text.Columns
	var out []reading
	if len(s.Columns) == 0 {
		for i := range found {
			col := fields[i]
			col.Type = typeOf(found[i])
			col.Continuous = component.Continuous(col.Type)
			out = append(out, reading{column: col, field: rel.Col(fields[i]), format: found[i].Format})
		}
		return out, nil
	}
	var wrong errs.List
	for i, col := range s.Columns {
		k := find(found, col)
		if k < 0 {
			wrong.Add(s.noField(c, i))
			continue
		}
		out = append(out, col.read(found[k], fields[k], s.Dates))
	}
	return out, wrong.Err()
}

// read says how one column of the settings is read from a field.
func (col Column) read(found discover.Column, field rel.Column, dates []string) reading {
	r := reading{field: rel.Col(field), format: col.Format}
	r.column = rel.Column{Name: col.Name, Label: labelled(col.Label, col.Name), Type: col.Type, Nullable: true}
	if col.Type == rel.Null {
		r.column.Type = typeOf(found)
	}
	if col.Format == "" && r.column.Type == typeOf(found) {
		r.format = found.Format
	} else if col.Format == "" && len(dates) > 0 {
		r.format = strings.Join(dates, "\n")
	}
	r.column.Continuous = component.Continuous(r.column.Type)
	return r
}

// find returns the field of a column: by the field's own text where that is
// given, else by label and name together, by label, by name. Names as found
// are unique, headers need not be. It is -1 where there is none.
func find(found []discover.Column, col Column) int {
	is := func(f func(discover.Column) bool) int {
		for i, x := range found {
			if f(x) {
				return i
			}
		}
		return -1
	}
	label := func(text string) int {
		return is(func(x discover.Column) bool { return text != "" && x.Label == text })
	}
	name := func(text string) int { return is(func(x discover.Column) bool { return x.Name == text }) }
	if col.Field != "" {
		return firstOf(label(col.Field), name(col.Field))
	}
	title := col.Label
	if title == "" {
		title = col.Name
	}
	both := is(func(x discover.Column) bool { return x.Name == col.Name && x.Label == title })
	return firstOf(both, label(title), label(col.Name), name(col.Name))
}

// firstOf is the first that is not -1.
func firstOf(places ...int) int {
	for _, p := range places {
		if p >= 0 {
			return p
		}
	}
	return -1
}

func (s *Settings) noField(c *component.Context, i int) error {
	col, key := s.Columns[i], "name"
	want := col.Name
	switch {
	case col.Field != "":
		want, key = col.Field, "field"
	case col.Label != "":
		want = col.Label
	}
	titles := make([]string, len(c.Found.Text.Columns))
	for k, x := range c.Found.Text.Columns {
		titles[k] = x.Label
		if x.Label == "" {
			titles[k] = x.Name
		}
	}
	return c.At(setting(i, key), errs.New(errs.Invalid, errNoField, errs.P{
		"file": c.Found.Files[0].Path, "field": want, "fields": rel.Enumerate(titles), "suggest": errs.Suggest(want, titles),
	}))
}

func typeOf(found discover.Column) rel.Type {
	if t, ok := rel.ParseType(found.Type); ok {
		return t
	}
	return rel.String
}

// convert brings a field to its column's type. A cell with nothing but blanks
// is no value of any type but text, and no misfit.
func (s *Settings) convert(c *component.Context, r reading, strict bool) (rel.Expr, error) {
	if r.column.Type == rel.String {
		return r.field, nil
	}
	var e rel.Expr = r.field
	if strict {
		filled, err := c.Functions.Must("trim").Call(e)
		if err != nil {
			return nil, err
		}
		if e, err = c.Functions.Must("nullif").Call(filled, rel.Lit("")); err != nil {
			return nil, err
		}
	}
	how := &rel.TextFormat{
		Decimal: c.Found.Text.Decimal, Thousands: c.Found.Text.Thousands,
		True: []string{"true", "t", "yes", "y", "1"}, False: []string{"false", "f", "no", "n", "0"},
	}
	if r.format != "" {
		how.Dates = strings.Split(r.format, "\n")
	}
	return c.Cast("columns", e, r.column.Type, !strict, how)
}
