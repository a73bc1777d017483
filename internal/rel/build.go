package rel

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errNotBoolean = errs.Message{
		ID: "rel.not_boolean",
		En: "A condition must be true or false, but this is {found}: {expression}.",
		Ru: "Условие должно давать да или нет, а здесь {found}: {expression}.",
	}
	errRowWidth = errs.Message{
		ID: "rel.row_width",
		En: "Row {row} has {found} values, but the table has {want} columns.",
		Ru: "В строке {row} значений {found}, а столбцов в таблице {want}.",
	}
	errShare = errs.Message{
		ID: "rel.sample_share",
		En: "The share of a sample lies between 0 and 1, not at {found}.",
		Ru: "Доля выборки — число от 0 до 1, а не {found}.",
	}
	errCount = errs.Message{
		ID: "rel.count_positive",
		En: "The number of rows must be at least {least}, not {found}.",
		Ru: "Число строк должно быть не меньше {least}, а не {found}.",
	}
)

// fail puts the node on an error.
func (b Builder) fail(err error) error {
	return errs.At(err, errs.Place{Node: b.NodeID})
}

// described fills in what a column takes from the expression behind it.
func described(c Column, e Expr) Column {
	c.Type, c.Nullable = e.Type(), e.Nullable()
	return c
}

// Scan reads src, whose rows have the given schema; natural says that they
// come in an order that means something, as a file's lines do.
func (b Builder) Scan(src Source, schema Schema, natural bool) (*Scan, error) {
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	return &Scan{base: b.base(slices.Clone(schema), Ordering{Natural: natural}), Source: src}, nil
}

// Values makes a table of rows whose values have the schema's types.
func (b Builder) Values(schema Schema, rows [][]Value) (*Values, error) {
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	schema = slices.Clone(schema)
	for i := range schema {
		schema[i].Nullable = slices.ContainsFunc(rows, func(r []Value) bool { return i < len(r) && r[i] == nil })
	}
	for i, r := range rows {
		if len(r) != len(schema) {
			return nil, b.fail(errs.New(errs.Invalid, errRowWidth, errs.P{"row": i + 1, "found": len(r), "want": len(schema)}))
		}
	}
	return &Values{base: b.base(schema, Ordering{Natural: true}), Rows: rows}, nil
}

// Project computes items over in. Each item's column takes type and
// nullability from its expression.
func (b Builder) Project(in Rel, items []Item) (*Project, error) {
	items = slices.Clone(items)
	schema := make(Schema, len(items))
	for i := range items {
		items[i].Column = described(items[i].Column, items[i].Expr)
		schema[i] = items[i].Column
	}
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	return &Project{base: b.base(schema, projectOrdering(in.Ordering(), items)), Input: in, Items: items}, nil
}

// projectOrdering follows the keys of an order through a projection: those
// before the first that is lost stay named.
func projectOrdering(o Ordering, items []Item) Ordering {
	out := Ordering{Natural: o.Natural}
	for _, k := range o.Keys {
		i := slices.IndexFunc(items, func(it Item) bool {
			r, ok := it.Expr.(*Ref)
			return ok && r.Column.Name == k.Column
		})
		if i < 0 {
			out.Natural = true
			break
		}
		k.Column = items[i].Column.Name
		out.Keys = append(out.Keys, k)
	}
	return out
}

// Filter keeps the rows of in for which cond is true.
func (b Builder) Filter(in Rel, cond Expr) (*Filter, error) {
	if t := cond.Type(); t != Boolean && t != Null {
		return nil, b.fail(errs.New(errs.Invalid, errNotBoolean, errs.P{"found": t, "expression": FormatExpr(cond)}))
	}
	return &Filter{base: b.base(in.Schema(), in.Ordering()), Input: in, Cond: cond}, nil
}

// Sort orders in by keys; ties keep no order.
func (b Builder) Sort(in Rel, keys []SortKey) (*Sort, error) {
	keys, err := resolveKeys(in.Schema(), keys)
	if err != nil {
		return nil, b.fail(err)
	}
	return &Sort{base: b.base(in.Schema(), Ordering{Keys: keys}), Input: in, Keys: keys}, nil
}

// resolveKeys checks the columns of sort keys and spells them as the schema
// does.
func resolveKeys(s Schema, keys []SortKey) ([]SortKey, error) {
	keys = slices.Clone(keys)
	for i := range keys {
		c, err := s.Find(keys[i].Column)
		if err != nil {
			return nil, err
		}
		keys[i].Column = c.Name
	}
	return keys, nil
}

// resolveNames checks columns and spells them as the schema does.
func resolveNames(s Schema, names []string) ([]string, error) {
	out := make([]string, len(names))
	for i, n := range names {
		c, err := s.Find(n)
		if err != nil {
			return nil, err
		}
		out[i] = c.Name
	}
	return out, nil
}

// Limit keeps count rows of in (all when negative) after the first offset.
func (b Builder) Limit(in Rel, count, offset int64) *Limit {
	return &Limit{base: b.base(in.Schema(), in.Ordering()), Input: in, Count: count, Offset: max(offset, 0)}
}

// Sample draws rows of in as s says (its Kind, Count, Share, Seed and By).
func (b Builder) Sample(in Rel, s Sample) (*Sample, error) {
	by, err := resolveNames(in.Schema(), s.By)
	if err != nil {
		return nil, b.fail(err)
	}
	if s.Kind == SampleShare {
		if !(s.Share >= 0 && s.Share <= 1) {
			return nil, b.fail(errs.New(errs.Invalid, errShare, errs.P{"found": FormatReal(s.Share)}))
		}
	} else if least := map[bool]int64{true: 1, false: 0}[s.Kind == SampleEvery]; s.Count < least {
		return nil, b.fail(errs.New(errs.Invalid, errCount, errs.P{"least": least, "found": s.Count}))
	}
	s.base, s.Input, s.By = b.base(in.Schema(), in.Ordering()), in, by
	return &s, nil
}

// Distinct keeps one row of in for each combination of the columns on, or of
// all columns when there are none: the first by order, without one the first
// in the order that in comes in; ties by all columns.
func (b Builder) Distinct(in Rel, on []string, order []SortKey) (*Distinct, error) {
	on, err := resolveNames(in.Schema(), on)
	if err != nil {
		return nil, b.fail(err)
	}
	if order, err = resolveKeys(in.Schema(), order); err != nil {
		return nil, b.fail(err)
	}
	return &Distinct{base: b.base(in.Schema(), Ordering{}), Input: in, On: on, Order: order}, nil
}

var errWindowFunc = errs.Message{
	ID: "rel.window_function",
	En: "{function} cannot be computed over a window of {column}, which is {found}.",
	Ru: "Функцию {function} нельзя вычислить в окне по столбцу {column} типа {found}.",
}

// Window adds items to the columns of in. Dividing or ordering the rows for an
// item loses an order that only their places in a source give.
func (b Builder) Window(in Rel, items []WindowItem) (*Window, error) {
	items = slices.Clone(items)
	schema := slices.Clone(in.Schema())
	ordering := in.Ordering()
	for i := range items {
		it := &items[i]
		ordering.Natural = ordering.Natural && len(it.Partition) == 0 && len(it.Order) == 0
		t, nullable, spelled := Null, true, "rows"
		if it.Arg != nil {
			t, nullable, spelled = it.Arg.Type(), it.Arg.Nullable(), FormatExpr(it.Arg)
		}
		out, null, ok := it.Func.Result(t, nullable)
		if !ok {
			return nil, b.fail(errs.New(errs.Invalid, errWindowFunc, errs.P{"function": it.Func, "column": spelled, "found": t}))
		}
		it.Column.Type, it.Column.Nullable = out, null
		var err error
		if it.Partition, err = resolveNames(in.Schema(), it.Partition); err != nil {
			return nil, b.fail(err)
		}
		if it.Order, err = resolveKeys(in.Schema(), it.Order); err != nil {
			return nil, b.fail(err)
		}
		schema = append(schema, it.Column)
	}
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	return &Window{base: b.base(schema, ordering), Input: in, Items: items}, nil
}
