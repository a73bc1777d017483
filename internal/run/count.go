package run

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// Count is the number of rows at an output port.
type Count struct {
	Node string
	Port string
	Rows int64
}

// Counts counts the rows at every output port of the nodes that the targets
// need: so also the rows that a filter turned away, those that found no match
// in a join, and those with misfits. Each port is one query over the sources,
// or over the nearest kept result.
func (s *Session) Counts(ctx context.Context, g *plan.Graph, targets []plan.Target) ([]Count, error) {
	var out []Count
	for _, n := range readBy(targets) {
		for i, r := range n.Outputs {
			if r == nil {
				continue
			}
			rows, err := s.count(ctx, g, r)
			if err != nil {
				return nil, s.locate(ctx, &plan.Step{Node: n, Port: i, Rel: r}, err)
			}
			out = append(out, Count{Node: n.ID, Port: n.Def.Outputs[i].Name, Rows: rows})
		}
	}
	return out, nil
}

func (s *Session) count(ctx context.Context, g *plan.Graph, r rel.Rel) (rows int64, err error) {
	if s.kept != nil {
		r = g.UseKept(r, s.prints(g), s.kept)
	}
	counted, err := rel.Builder{NodeID: r.Node()}.Aggregate(r, nil, []rel.Measure{{Column: rel.Column{Name: "rows"}, Func: rel.CountRows}})
	if err != nil {
		return 0, err
	}
	query, err := s.render(ctx, counted, sql.Options{})
	if err != nil {
		return 0, err
	}
	err = s.engine.Query(ctx, query, 1, func(b arrow.RecordBatch) error {
		for _, row := range Rows(b) {
			rows, _ = row[0].(int64)
		}
		return nil
	})
	return rows, err
}
