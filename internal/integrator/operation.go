package integrator

import (
	"log/slog"

	"github.com/apache/arrow-go/v18/arrow"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rel"
)

// published is what a Server publishes.
type published struct {
	operations map[string]*operation // by service/operation
	list       []*operation          // in the Server's order
}

// operation is one published function, ready to take calls.
type operation struct {
	decl      *weftv1.ServiceOperation
	input     []column
	byName    map[string]int // of the input
	schema    *arrow.Schema  // of the input
	variables map[string]rel.Type
	output    []column
}

// column is a column of an input or an answer.
type column struct {
	name, label string
	typ         rel.Type
	nullable    bool
	required    bool
}

func newPublished(list []*weftv1.ServiceOperation, log *slog.Logger) *published {
	p := &published{operations: make(map[string]*operation, len(list))}
	for _, d := range list {
		o, ok := newOperation(d)
		if !ok {
			log.Warn("a Server's operation has types that this version does not know", "service", d.GetService(), "operation", d.GetOperation())
			continue
		}
		p.operations[d.GetService()+"/"+d.GetOperation()] = o
		p.list = append(p.list, o)
	}
	return p
}

func newOperation(d *weftv1.ServiceOperation) (*operation, bool) {
	o := &operation{decl: d, variables: map[string]rel.Type{}, byName: map[string]int{}}
	var ok1, ok2 bool
	o.input, ok1 = columns(d.GetInput())
	o.output, ok2 = columns(d.GetOutput())
	if !ok1 || !ok2 {
		return nil, false
	}
	for i, c := range o.input {
		o.byName[c.name] = i
	}
	for _, name := range d.GetRequired() {
		if i, ok := o.byName[name]; ok {
			o.input[i].required = true
		}
	}
	o.schema = arrowSchema(o.input)
	for _, v := range d.GetVariables() {
		t, ok := rel.ParseType(v.GetType())
		if !ok {
			return nil, false
		}
		o.variables[v.GetName()] = t
	}
	return o, true
}

func columns(s *weftv1.TableSchema) ([]column, bool) {
	var out []column
	for _, c := range s.GetColumns() {
		t, ok := rel.ParseType(c.GetType())
		if !ok && c.GetType() != rel.Null.String() {
			return nil, false
		}
		out = append(out, column{name: c.GetName(), label: c.GetLabel(), typ: t, nullable: c.GetNullable()})
	}
	return out, true
}

// takesTable reports whether the operation takes an input.
func (o *operation) takesTable() bool { return o.decl.GetInput() != nil }
