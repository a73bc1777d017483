// Package trial runs the tests that a package holds: tables given in place of
// inputs, and what must come out at chosen nodes.
//
// It knows no engine and prints nothing: rows come from a session of run, and
// what differs is returned.
package trial

import (
	"context"
	"maps"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// Trial is one test, bound to its workflow.
type Trial struct {
	Test  *pack.Test
	Graph *plan.Graph
}

// New binds a test of a package and puts its tables in place. base is the
// workflow as it stands, with its sources discovered as far as they can be: a
// given table takes the types of the output whose place it takes; it may be
// nil. The error is an errs.List of what is wrong with the given tables; the
// trial is nil only where the workflow cannot be bound at all.
func New(p *pack.Package, t *pack.Test, o plan.Options, base *plan.Graph) (*Trial, error) {
	o.Set = slices.Concat(o.Set, t.Variables)
	g, err := plan.Bind(p, t.Workflow, o)
	if err != nil {
		return nil, errs.At(err, t.Pos.Place())
	}
	var list errs.List
	for _, given := range t.Given {
		n := g.Node(given.Node)
		if n == nil {
			continue // the package's decoder has told
		}
		list.Add(errs.At(g.Give(n, given.Rows, types(base, given.Node)), given.Pos.Place()))
	}
	return &Trial{Test: t, Graph: g}, list.Err()
}

// types are the columns of a node's first output, nil where they are unknown.
func types(base *plan.Graph, id string) rel.Schema {
	if base == nil {
		return nil
	}
	n := base.Node(id)
	if n == nil || len(n.Outputs) == 0 || n.Outputs[0] == nil {
		return nil
	}
	return n.Outputs[0].Schema()
}

var (
	errNoTable = errs.Message{
		ID: "trial.no_table",
		En: "The node {node} has no such output to test.",
		Ru: "У узла {node} нет такого выхода, проверять нечего.",
	}
	errMissingColumn = errs.Message{
		ID: "trial.missing_column",
		En: "The test wants a column that {node} does not give: {reason}",
		Ru: "Тест ждёт столбец, которого узел {node} не даёт: {reason}",
	}
)

// Check finds what is wrong with the wants of a test whose graph is compiled:
// columns that are not there, formulas that do not compile. Nodes that have
// errors of their own are passed over.
func (t *Trial) Check() errs.List {
	var list errs.List
	for i := range t.Test.Want {
		w := &t.Test.Want[i]
		target, ok := t.target(w)
		if !ok {
			list.Add(errs.New(errs.Invalid, errNoTable, errs.P{"node": w.At.Node}).At(w.Pos.Place()))
			continue
		}
		if target.Rel() == nil {
			continue
		}
		_, err := t.expect(w, target.Rel().Schema())
		list.Add(err)
		for _, f := range w.Holds {
			_, err := t.violations(target, w, f)
			list.Add(err)
		}
	}
	return list
}

// target is the output that a want speaks of.
func (t *Trial) target(w *pack.Want) (plan.Target, bool) {
	n := t.Graph.Node(w.At.Node)
	if n == nil || n.Def == nil {
		return plan.Target{Node: n}, n != nil
	}
	port := n.Def.Output(w.At.Port)
	return plan.Target{Node: n, Port: port}, port >= 0
}

// expectation is what a want says about the rows, by the columns of the output.
type expectation struct {
	columns []int // the columns that are compared
	rows    [][]rel.Value
	unique  []int
	notNull []int
}

// expect reads a want against the schema of its output.
func (t *Trial) expect(w *pack.Want, schema rel.Schema) (expectation, error) {
	var list errs.List
	find := func(name string, at pack.Pos) int {
		i := schema.Index(name)
		if i < 0 {
			_, err := schema.Find(name)
			list.Add(errs.New(errs.Invalid, errMissingColumn, errs.P{"node": w.At.String(), "reason": words(err)}).At(at.Place()))
		}
		return i
	}
	var e expectation
	named := map[int]bool{}
	for _, row := range w.Rows {
		values := make([]rel.Value, len(schema))
		for _, cell := range row.Map {
			i := find(cell.Key, cell.Pos)
			if i < 0 {
				continue
			}
			v, err := component.ToConstant(cell.Value, schema[i].Type)
			list.Add(errs.At(err, cell.Pos.Place()))
			values[i], named[i] = v, true
		}
		e.rows = append(e.rows, values)
	}
	e.columns = slices.Sorted(maps.Keys(named))
	if len(named) == 0 {
		for i := range schema {
			e.columns = append(e.columns, i)
		}
	}
	for _, name := range w.Unique {
		e.unique = append(e.unique, find(name, w.Pos))
	}
	for _, name := range w.NotNull {
		e.notNull = append(e.notNull, find(name, w.Pos))
	}
	return e, list.Err()
}

// words is an error's message as a parameter of another.
func words(err error) errs.Words {
	e := errs.All(err)[0]
	return errs.Words{En: e.Text("en"), Ru: e.Text("ru")}
}

// violations is the output's rows for which a formula is not true.
func (t *Trial) violations(target plan.Target, w *pack.Want, text string) (plan.Target, error) {
	in := target.Rel()
	c := component.Context{
		Build: rel.Builder{NodeID: target.Node.ID}, Functions: t.Graph.Functions, Variables: t.Graph.Params,
	}
	if _, err := c.Formula("", text, in.Schema()); err != nil {
		return target, errs.At(err, w.Pos.Place())
	}
	// A formula that is null does not hold either; the text was compiled, so
	// its brackets are closed.
	cond, err := c.Formula("", "not coalesce((\n"+text+"\n), false)", in.Schema())
	if err != nil {
		return target, errs.At(err, w.Pos.Place())
	}
	out, err := c.Build.Filter(in, cond)
	if err != nil {
		return target, errs.At(err, w.Pos.Place())
	}
	n := &plan.Node{Node: target.Node.Node, Outputs: []rel.Rel{out}}
	return plan.Target{Node: n}, nil
}

// most bounds the rows of an output that a test looks at.
const most = 1_000_000

// Run computes what the test speaks of and returns what is not as it wants.
// The error is one of the engine, the caller or the package, not of the test.
func (t *Trial) Run(ctx context.Context, s *run.Session) ([]Failure, error) {
	if err := s.Discover(ctx, t.Graph); err != nil {
		return nil, err
	}
	var out []Failure
	for i := range t.Test.Want {
		w := &t.Test.Want[i]
		target, ok := t.target(w)
		if !ok {
			return nil, errs.New(errs.Invalid, errNoTable, errs.P{"node": w.At.Node}).At(w.Pos.Place())
		}
		found, err := s.Preview(ctx, t.Graph, target, most, true)
		if err != nil {
			return nil, err
		}
		failures, err := t.compare(w, found)
		if err != nil {
			return nil, err
		}
		out = append(out, failures...)
		for _, f := range w.Holds {
			failure, err := t.holds(ctx, s, target, w, f)
			if err != nil {
				return nil, err
			}
			out = append(out, failure...)
		}
	}
	return out, nil
}

// holds returns a failure where a formula is not true for every row.
func (t *Trial) holds(ctx context.Context, s *run.Session, target plan.Target, w *pack.Want, text string) ([]Failure, error) {
	against, err := t.violations(target, w, text)
	if err != nil {
		return nil, err
	}
	found, err := s.Preview(ctx, t.Graph, against, most, true)
	if err != nil || len(found.Rows) == 0 {
		return nil, err
	}
	return []Failure{{
		Want:   w,
		Error:  errs.New(errs.Failed, errNotTrue, errs.P{"formula": text, "count": len(found.Rows)}),
		Schema: found.Schema, Rows: found.Rows[:min(len(found.Rows), shown)],
	}}, nil
}
