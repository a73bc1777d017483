package fields

import (
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errNoneLeft = errs.Message{
		ID: "fields.none_left",
		En: "No column is left. Keep at least one.",
		Ru: "Не осталось ни одного столбца. Оставьте хотя бы один.",
	}
	errTwice = errs.Message{
		ID: "fields.twice",
		En: "The result would have two columns named {name}. Give this one another name.",
		Ru: "В результате было бы два столбца {name}. Дайте этому другое имя.",
	}
	errFormatPlace = errs.Message{
		ID: "fields.format_place",
		En: "A format is for conversions between text and dates or times; here {from} becomes {to}.",
		Ru: "Формат нужен при преобразовании между текстом и датой или временем, а здесь {from} становится {to}.",
	}
	errKind = errs.Message{
		ID: "fields.kind",
		En: "{column} is {found}, and columns of this type are always discrete.",
		Ru: "Столбец {column} имеет тип {found}; столбцы такого типа всегда дискретные.",
	}
)

// Compile makes one projection: the fields of the list in its order, then the
// others in theirs.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	var found errs.List
	schema := in[0].Schema()
	listed, taken := map[string]bool{}, map[string]bool{}
	var items []rel.Item
	for i, f := range s.Fields {
		col, err := c.Column(setting(i, "column"), f.Column, schema)
		if err != nil {
			found.Add(err)
			continue
		}
		listed[col.Name] = true
		if f.Drop {
			continue
		}
		item, err := s.item(c, i, col)
		found.Add(err)
		if key := rel.Fold(item.Column.Name); taken[key] {
			found.Add(c.At(nameSetting(i, f), errs.New(errs.Invalid, errTwice, errs.P{"name": item.Column.Name})))
		} else {
			taken[key] = true
		}
		items = append(items, item)
	}
	for _, col := range schema {
		if s.Others == Drop || listed[col.Name] {
			continue
		}
		items = append(items, rel.Item{Column: col, Expr: rel.Col(col)})
		if taken[rel.Fold(col.Name)] {
			found.Add(s.takenBy(c, col.Name))
		}
	}
	if len(items) == 0 && len(found) == 0 {
		found.Add(c.At("fields", errs.New(errs.Invalid, errNoneLeft, nil)))
	}
	if len(found) > 0 {
		return nil, found
	}
	out, err := c.Build.Project(in[0], items)
	return []rel.Rel{out}, err
}

// takenBy is the error of the field that took the name of a column that is
// not in the list.
func (s *Settings) takenBy(c *component.Context, name string) error {
	for i, f := range s.Fields {
		if rel.Fold(f.Name) == rel.Fold(name) && !f.Drop {
			return c.At(setting(i, "name"), errs.New(errs.Invalid, errTwice, errs.P{"name": name}))
		}
	}
	return nil
}

func nameSetting(i int, f Field) string {
	if f.Name == "" {
		return setting(i, "column")
	}
	return setting(i, "name")
}

func (s *Settings) item(c *component.Context, i int, col rel.Column) (rel.Item, error) {
	f := s.Fields[i]
	e, err := f.convert(c, i, col)
	if err != nil {
		e = rel.Col(col)
	}
	out := col
	if e.Type() != col.Type {
		out.Continuous = component.Continuous(e.Type())
	}
	if f.Name != "" {
		out.Name = f.Name
	}
	if f.Label != "" {
		out.Label = f.Label
	}
	if u, ok := rel.ParseUsage(f.Usage); ok {
		out.Usage = u
	}
	if f.Kind != "" {
		out.Continuous = f.Kind == Continuous
	}
	if t := e.Type(); err == nil && f.Kind == Continuous && (t.ID == rel.BooleanID || t.ID == rel.StringID) {
		err = c.At(setting(i, "kind"), errs.New(errs.Invalid, errKind, errs.P{"column": out.Name, "found": t}))
	}
	return rel.Item{Column: out, Expr: e}, err
}

// convert brings the column to the type that is set.
func (f Field) convert(c *component.Context, i int, col rel.Column) (rel.Expr, error) {
	e := rel.Expr(rel.Col(col))
	to := f.Type
	if to == rel.Null {
		to = col.Type
	}
	how := &rel.TextFormat{Decimal: f.Decimal, Thousands: f.Thousands}
	if f.Format != "" {
		if !textAndTime(col.Type, to) {
			return nil, c.At(setting(i, "format"), errs.New(errs.Invalid, errFormatPlace, errs.P{"from": col.Type, "to": to}))
		}
		if err := c.DateFormat(setting(i, "format"), f.Format); err != nil {
			return nil, err
		}
		how.Dates = []string{f.Format}
	}
	if to == col.Type {
		return e, nil
	}
	return c.Cast(setting(i, "type"), e, to, f.Misfits != component.MisfitsError, how)
}

// textAndTime reports whether one of the types is text and the other one of
// days or times.
func textAndTime(a, b rel.Type) bool {
	if a.ID != rel.StringID {
		a, b = b, a
	}
	return a.ID == rel.StringID && (b.Temporal() || b.ID == rel.TimeID)
}
