package publish

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/columnar"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// table is what a caller gives: a list of texts for each column.
type table struct {
	rows    int
	columns map[string]worker.Argument
}

// read takes the given batches in. Columns come in any order; a type must be
// the declared one.
func (o *Operation) read(batches []arrow.RecordBatch) (*table, error) {
	switch {
	case !o.HasInput && len(batches) > 0:
		return nil, errs.New(errs.Invalid, errTable, errs.P{"operation": o.Operation})
	case !o.HasInput:
		return &table{}, nil
	case len(batches) == 0:
		return nil, errs.New(errs.Invalid, errNoTable, errs.P{"operation": o.Operation})
	}
	if err := o.checkColumns(batches[0].Schema()); err != nil {
		return nil, err
	}
	t := &table{columns: make(map[string]worker.Argument, len(o.Input))}
	for _, b := range batches {
		t.rows += int(b.NumRows())
		for i, f := range b.Schema().Fields() {
			c := o.Input[o.Input.Index(f.Name)]
			list, err := cells(c, b.Column(i))
			if err != nil {
				return nil, err
			}
			t.columns[c.Name] = worker.Argument{List: append(t.columns[c.Name].List, list...)}
		}
	}
	t.fill(o.Input)
	return t, nil
}

// fill gives the columns that were left out a list: the first one is as long
// as the table, for a table is as long as its longest list.
func (t *table) fill(schema rel.Schema) {
	for i, c := range schema {
		if a := t.columns[c.Name]; a.List == nil {
			a.List = []*string{}
			if i == 0 {
				a.List = make([]*string, t.rows)
			}
			t.columns[c.Name] = a
		}
	}
}

func (o *Operation) checkColumns(s *arrow.Schema) error {
	var found errs.List
	for _, f := range s.Fields() {
		i := o.Input.Index(f.Name)
		if i < 0 {
			found.Add(errs.New(errs.Invalid, errColumn, errs.P{
				"operation": o.Operation, "column": f.Name, "suggest": errs.Suggest(f.Name, o.Input.Names()),
			}).At(columnPlace(f.Name)))
			continue
		}
		if !arrow.TypeEqual(f.Type, arrowType(o.Input[i].Type)) {
			found.Add(errs.New(errs.Invalid, errColumnType, errs.P{
				"column": f.Name, "want": o.Input[i].Type, "found": f.Type,
			}).At(columnPlace(f.Name)))
		}
	}
	for _, name := range o.Required {
		if !s.HasField(name) {
			found.Add(errs.New(errs.Invalid, errMissingColumn, errs.P{"column": name}).At(columnPlace(name)))
		}
	}
	return found.Err()
}

// cells spells a column.
func cells(c rel.Column, column arrow.Array) ([]*string, error) {
	out := make([]*string, column.Len())
	for i := range out {
		v := run.Cell(column, i)
		s, isText := v.(string)
		switch {
		case v == nil && !c.Nullable:
			return nil, errs.New(errs.Invalid, errNull, errs.P{"column": c.Name}).At(columnPlace(c.Name))
		case !inRange(v), isText && !validText(s):
			return nil, errs.New(errs.Invalid, errCellRange, errs.P{"column": c.Name, "found": v}).At(columnPlace(c.Name))
		}
		out[i] = spelled(v)
	}
	return out, nil
}

func columnPlace(name string) errs.Place { return errs.Place{Setting: "input." + name} }

// arrowType is how values of a type come. A bare null is an integer, as it is in
// the engine.
func arrowType(t rel.Type) arrow.DataType { return columnar.Type(t, arrow.PrimitiveTypes.Int32) }

// missing are the columns that a variant of the plan reads and that were not
// given.
func (o *Operation) missing(v *variant, batches []arrow.RecordBatch) error {
	if len(batches) == 0 {
		return nil
	}
	var found errs.List
	for _, name := range v.required {
		if !batches[0].Schema().HasField(name) && !slices.Contains(o.Required, name) {
			found.Add(errs.New(errs.Invalid, errMissingColumn, errs.P{"column": name}).At(columnPlace(name)))
		}
	}
	return found.Err()
}
