package run

import (
	"context"
	"encoding/json"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// Misfit counts the values of a column that were not of its type and so are
// null.
type Misfit struct {
	Node    string
	Column  string
	Type    rel.Type
	Count   int64
	Rows    int64  // rows of the source
	Example string // one of the values, as it stands in the file
}

// Misfits proves the types of every text source that the targets read: it
// counts, over the whole files, the values that did not convert. Columns
// without any are left out.
func (s *Session) Misfits(ctx context.Context, g *plan.Graph, targets []plan.Target) ([]Misfit, error) {
	var out []Misfit
	for _, n := range readBy(targets) {
		if n.Wants == nil || n.Wants.Parquet || n.Given != nil || len(n.Outputs) == 0 {
			continue
		}
		found, err := s.misfits(ctx, g, n)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// readBy lists the nodes that targets need, inputs first.
func readBy(targets []plan.Target) []*plan.Node {
	var out []*plan.Node
	seen := map[*plan.Node]bool{}
	var visit func(n *plan.Node)
	visit = func(n *plan.Node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		for _, in := range n.Inputs {
			visit(in.From)
		}
		out = append(out, n)
	}
	for _, t := range targets {
		visit(t.Node)
	}
	return out
}

// conversion is a column of a text source that is read as another type.
type conversion struct {
	column rel.Column
	text   rel.Expr
	value  rel.Expr
}

func (s *Session) misfits(ctx context.Context, g *plan.Graph, n *plan.Node) ([]Misfit, error) {
	project, ok := n.Outputs[0].(*rel.Project)
	if !ok {
		return nil, nil
	}
	var converted []conversion
	for _, it := range project.Items {
		if cast, ok := it.Expr.(*rel.Cast); ok && cast.Try && cast.X.Type() == rel.String {
			converted = append(converted, conversion{column: it.Column, text: cast.X, value: cast})
		}
	}
	if len(converted) == 0 {
		return nil, nil
	}
	r, err := countMisfits(g.Functions, n.ID, project.Input, converted)
	if err != nil {
		return nil, err
	}
	address := plan.Address(r, s.prints(g))
	if out, ok := s.notedMisfits(address); ok {
		return out, nil
	}
	query, err := s.render(ctx, r, sql.Options{})
	if err != nil {
		return nil, err
	}
	out := []Misfit{}
	err = s.engine.Query(ctx, query, 1, func(b arrow.RecordBatch) error {
		for _, row := range Rows(b) {
			out = append(out, readMisfits(n.ID, converted, row)...)
		}
		return nil
	})
	if err != nil {
		return nil, s.locate(ctx, &plan.Step{Node: n, Rel: r}, err)
	}
	s.noteMisfits(ctx, address, out)
	return out, nil
}

// notedMisfits returns what was proved before about the same files and types.
func (s *Session) notedMisfits(address string) (out []Misfit, ok bool) {
	if s.kept == nil {
		return nil, false
	}
	note, ok := s.kept.Note(address)
	return out, ok && json.Unmarshal(note, &out) == nil
}

func (s *Session) noteMisfits(ctx context.Context, address string, found []Misfit) {
	if s.kept == nil {
		return
	}
	note, err := json.Marshal(found)
	if err == nil {
		err = s.kept.SetNote(address, note)
	}
	if err != nil {
		s.runner.Log.WarnContext(ctx, "misfits not kept", "error", err)
	}
}

// countMisfits is one row: the number of rows, then for each conversion the
// number of misfits and the least of them.
func countMisfits(functions *rel.Functions, node string, in rel.Rel, converted []conversion) (rel.Rel, error) {
	measures := []rel.Measure{{Column: rel.Column{Name: "rows"}, Func: rel.CountRows}}
	for _, c := range converted {
		bad, err := misfit(functions, c)
		if err != nil {
			return nil, err
		}
		measures = append(measures,
			rel.Measure{Column: rel.Column{Name: "count_" + c.column.Name}, Func: rel.CountRows, Arg: bad},
			rel.Measure{Column: rel.Column{Name: "least_" + c.column.Name}, Func: rel.Min, Arg: bad})
	}
	return rel.Builder{NodeID: node}.Aggregate(in, nil, measures)
}

// misfit is the text that there is no value for, else null. A text of nothing
// but blanks is no misfit, as on the source's own port of misfits.
func misfit(functions *rel.Functions, c conversion) (rel.Expr, error) {
	gone, err := functions.Must("is_null").Call(c.value)
	if err != nil {
		return nil, err
	}
	trimmed, err := functions.Must("trim").Call(c.text)
	if err != nil {
		return nil, err
	}
	filled, err := functions.Must("<>").Call(trimmed, rel.Lit(""))
	if err != nil {
		return nil, err
	}
	// The case inside is computed only where the value is gone, which is rare.
	text := &rel.Case{Whens: []rel.When{{If: filled, Then: c.text}}, As: rel.String}
	return &rel.Case{Whens: []rel.When{{If: gone, Then: text}}, As: rel.String}, nil
}

func readMisfits(node string, converted []conversion, row []rel.Value) []Misfit {
	var out []Misfit
	rows, _ := row[0].(int64)
	for i, c := range converted {
		count, _ := row[1+2*i].(int64)
		example, _ := row[2+2*i].(string)
		if count > 0 {
			out = append(out, Misfit{
				Node: node, Column: c.column.Name, Type: c.column.Type, Count: count, Rows: rows, Example: example,
			})
		}
	}
	return out
}
