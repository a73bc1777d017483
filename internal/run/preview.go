package run

import (
	"context"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// Preview is the first rows of an output.
type Preview struct {
	Schema  rel.Schema
	Rows    [][]rel.Value
	Exact   bool // false: a sample, made from the heads of the sources
	Elapsed time.Duration
}

// Preview computes the first limit rows of a target without a run. Where the
// whole would take long it answers from the heads of the sources and says so;
// exact asks for the true rows however long they take.
func (s *Session) Preview(ctx context.Context, g *plan.Graph, t plan.Target, limit int64, exact bool) (*Preview, error) {
	if err := targetErrors(Job{Graph: g, Targets: []plan.Target{t}}); err != nil {
		return nil, err
	}
	begin := time.Now()
	r := t.Rel()
	if s.kept != nil {
		r = g.UseKept(r, s.prints(g), s.kept)
	}
	p := plan.PreviewOf(r, limit)
	if exact {
		p = plan.ExactOf(r, limit)
	}
	query, err := s.render(ctx, p.Rel, sql.Options{Cap: p.Caps})
	if err != nil {
		return nil, err
	}
	out := &Preview{Schema: r.Schema()}
	err = s.engine.Query(ctx, query, limit, func(b arrow.RecordBatch) error {
		out.Rows = append(out.Rows, Rows(b)...)
		return nil
	})
	if err != nil {
		return nil, s.locate(ctx, &plan.Step{Node: t.Node, Port: t.Port, Rel: p.Rel}, err)
	}
	out.Exact = p.Exact(int64(len(out.Rows)))
	out.Elapsed = time.Since(begin)
	return out, nil
}
