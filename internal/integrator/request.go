package integrator

import (
	"bytes"
	"errors"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/weftworks/weft/internal/columnar"
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errWanted = errs.Message{
		ID: "integrator.wanted",
		En: "Here must stand {want}.",
		Ru: "Здесь должно быть {want}.",
	}
	errUnknownKey = errs.Message{
		ID: "integrator.unknown_key",
		En: "There is no {key} here. {suggest}",
		Ru: "Поля {key} здесь нет. {suggest}",
	}
	errMissingKey = errs.Message{
		ID: "integrator.missing_key",
		En: "The field {key} is missing.",
		Ru: "Нет поля {key}.",
	}
	errNullValue = errs.Message{
		ID: "integrator.null",
		En: "The field {key} takes no null.",
		Ru: "Поле {key} не может быть null.",
	}
	errNoTable = errs.Message{
		ID: "integrator.no_table",
		En: "The operation {operation} takes no table.",
		Ru: "Операция {operation} не принимает таблицу.",
	}
)

// faults are all that is wrong with a request's values, so that they can be
// mended in one go; some is enough.
type faults []*fault

func (f faults) Error() string { return f[0].Error() }

const mostFaults = 100

var errEnough = errors.New("integrator: enough faults")

// request is a call as its body tells it.
type request struct {
	variables map[string]string
	table     []byte // Arrow IPC
}

// body reads a request's body as the operation wants it.
type body struct {
	*reader
	o         *operation
	variables map[string]string
	builder   *array.RecordBuilder
	given     bool // there is a table
	row       []bool
	faults    faults
}

// parse reads the body of a call: a syntaxFault where it is no JSON, faults
// where it is not what the operation wants.
func parse(o *operation, src []byte) (*request, error) {
	b := &body{reader: &reader{src: src}, o: o, variables: map[string]string{}}
	if o.takesTable() {
		b.builder = array.NewRecordBuilder(memory.DefaultAllocator, o.schema)
		defer b.builder.Release()
		b.row = make([]bool, len(o.input))
	}
	err := b.all()
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if err == nil {
		b.missing()
	}
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	out := &request{variables: b.variables}
	if b.given {
		out.table, err = b.encode()
	}
	return out, err
}

func (b *body) all() error {
	if bytes.HasPrefix(b.src, []byte("\ufeff")) {
		return b.fail("it begins with a byte order mark", "текст начинается с метки порядка байтов")
	}
	if b.peek() != '{' && b.peek() != 0 {
		if err := b.skip(); err != nil {
			return err
		}
		if err := b.end(); err != nil {
			return err
		}
		return b.wrong(0, errs.New(errs.Invalid, errWanted, errs.P{"want": errs.Words{En: "an object", Ru: "объект"}}))
	}
	if err := b.object(b.part); err != nil {
		return err
	}
	return b.end()
}

// wrong notes a fault at the value that is read.
func (b *body) wrong(offset int, err *errs.Error) error {
	b.faults = append(b.faults, &fault{pointer: b.pointer(), offset: offset, err: err})
	if len(b.faults) >= mostFaults {
		return errEnough
	}
	return nil
}

// part reads one field of the body.
func (b *body) part(key string) error {
	at := b.pos
	switch key {
	case "variables":
		if b.peek() != '{' {
			return b.instead(at, errs.Words{En: "an object", Ru: "объект"})
		}
		return b.object(b.variable)
	case "input":
		switch {
		case !b.o.takesTable():
			if err := b.skip(); err != nil {
				return err
			}
			return b.wrong(at, errs.New(errs.Invalid, errNoTable, errs.P{"operation": b.o.decl.GetOperation()}))
		case b.peek() != '[':
			return b.instead(at, errs.Words{En: "a list of rows", Ru: "список строк"})
		}
		b.given = true
		return b.array(b.readRow)
	}
	if err := b.skip(); err != nil {
		return err
	}
	return b.unknown(at, key, []string{"variables", "input"})
}

// instead passes over a value of the wrong kind.
func (b *body) instead(at int, want errs.Words) error {
	if err := b.skip(); err != nil {
		return err
	}
	return b.wrong(at, errs.New(errs.Invalid, errWanted, errs.P{"want": want}))
}

func (b *body) unknown(at int, key string, known []string) error {
	return b.wrong(at, errs.New(errs.Invalid, errUnknownKey, errs.P{"key": key, "suggest": errs.Suggest(key, known)}))
}

func (b *body) variable(name string) error {
	at := b.pos
	t, known := b.o.variables[name]
	if !known {
		if err := b.skip(); err != nil {
			return err
		}
		return b.unknown(at, name, slices.Sorted(maps.Keys(b.o.variables)))
	}
	raw, v, err := b.value(at, t)
	if err != nil || v == nil && raw != "null" {
		return err
	}
	if v == nil {
		return b.wrong(at, errs.New(errs.Invalid, errNullValue, errs.P{"key": name}))
	}
	b.variables[name] = raw
	return nil
}

// value reads a constant of a type. It is nil, and raw is not null, where that
// is wrong, which is noted.
func (b *body) value(at int, t rel.Type) (raw string, v rel.Value, err error) {
	if c := b.peek(); c == '{' || c == '[' {
		return "", nil, b.instead(at, errs.Words{En: "a value of type " + t.String(), Ru: "значение типа " + t.String()})
	}
	if raw, err = b.scalar(); err != nil {
		return "", nil, err
	}
	v, err = component.FromJSON(raw, t)
	if err != nil {
		return "", nil, b.wrong(at, errs.All(err)[0])
	}
	return raw, v, nil
}

// readRow reads one row of the table.
func (b *body) readRow(int) error {
	at := b.pos
	if b.peek() != '{' {
		return b.instead(at, errs.Words{En: "an object", Ru: "объект"})
	}
	clear(b.row)
	if err := b.object(b.cell); err != nil {
		return err
	}
	for i, c := range b.o.input {
		if b.row[i] {
			continue
		}
		b.builder.Field(i).AppendNull()
		if c.required {
			if err := b.wrong(at, errs.New(errs.Invalid, errMissingKey, errs.P{"key": c.name})); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *body) cell(key string) error {
	at := b.pos
	i, known := b.o.byName[key]
	if !known {
		if err := b.skip(); err != nil {
			return err
		}
		names := make([]string, len(b.o.input))
		for i, c := range b.o.input {
			names[i] = c.name
		}
		return b.unknown(at, key, names)
	}
	b.row[i] = true
	raw, v, err := b.value(at, b.o.input[i].typ)
	if err != nil {
		return err
	}
	appendValue(b.builder.Field(i), v)
	if v == nil && raw == "null" && !b.o.input[i].nullable {
		return b.wrong(at, errs.New(errs.Invalid, errNullValue, errs.P{"key": key}))
	}
	return nil
}

// missing notes what must be given and is not.
func (b *body) missing() {
	need := func(key string, parts ...string) {
		b.path = parts
		_ = b.wrong(-1, errs.New(errs.Invalid, errMissingKey, errs.P{"key": key})) // that there are enough does not matter any more
		b.path = nil
	}
	if b.o.takesTable() && !b.given && !slices.ContainsFunc(b.faults, func(f *fault) bool { return f.pointer == "/input" }) {
		need("input")
	}
	for _, v := range b.o.decl.GetVariables() {
		if _, ok := b.variables[v.GetName()]; v.Default == nil && !ok && !slices.ContainsFunc(b.faults, func(f *fault) bool { return f.pointer == "/variables/"+v.GetName() }) {
			need(v.GetName(), "variables")
		}
	}
}

// encode writes the table as a stream of Arrow IPC.
func (b *body) encode() ([]byte, error) {
	batch := b.builder.NewRecordBatch()
	defer batch.Release()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(b.o.schema))
	if err := w.Write(batch); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func appendValue(b array.Builder, v rel.Value) {
	switch b := b.(type) {
	case *array.BooleanBuilder:
		appendOr(b, v, b.Append)
	case *array.Int64Builder:
		appendOr(b, v, b.Append)
	case *array.Float64Builder:
		appendOr(b, v, b.Append)
	case *array.StringBuilder:
		appendOr(b, v, b.Append)
	case *array.Decimal128Builder:
		appendOr(b, v, func(d rel.Dec) { b.Append(decimal128.FromBigInt(d.Unscaled)) })
	case *array.Date32Builder:
		appendOr(b, v, func(d rel.Day) { b.Append(arrow.Date32(d)) })
	case *array.Time64Builder:
		appendOr(b, v, func(c rel.Clock) { b.Append(arrow.Time64(c)) })
	case *array.TimestampBuilder:
		if i, ok := v.(rel.Instant); ok {
			v = rel.Stamp(i)
		}
		appendOr(b, v, func(s rel.Stamp) { b.Append(arrow.Timestamp(s)) })
	default:
		b.AppendNull()
	}
}

// appendOr appends a value of a type, or null for anything else.
func appendOr[T any](b array.Builder, v rel.Value, add func(T)) {
	if t, ok := v.(T); ok {
		add(t)
		return
	}
	b.AppendNull()
}

func arrowSchema(list []column) *arrow.Schema {
	fields := make([]arrow.Field, len(list))
	for i, c := range list {
		fields[i] = arrow.Field{Name: c.name, Type: columnar.Type(c.typ, arrow.BinaryTypes.String), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}
