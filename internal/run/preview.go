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
	p := s.PlanPreview(g, t, limit)
	if exact {
		p = s.PlanExact(g, t, limit)
	}
	var rows [][]rel.Value
	out, err := s.Show(ctx, g, t, p, func(b arrow.RecordBatch) error {
		rows = append(rows, Rows(b)...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Rows = rows
	return out, nil
}

// PlanPreview plans the first rows of a target, of the heads of its sources
// where the whole would take long. It is nil where the target has errors.
func (s *Session) PlanPreview(g *plan.Graph, t plan.Target, limit int64) *plan.Preview {
	if r := s.previewed(g, t); r != nil {
		return plan.PreviewOf(r, limit)
	}
	return nil
}

// PlanExact plans the true first rows of a target, likewise.
func (s *Session) PlanExact(g *plan.Graph, t plan.Target, limit int64) *plan.Preview {
	if r := s.previewed(g, t); r != nil {
		return plan.ExactOf(r, limit)
	}
	return nil
}

func (s *Session) previewed(g *plan.Graph, t plan.Target) rel.Rel {
	r := t.Rel()
	if r != nil && s.kept != nil {
		r = g.UseKept(r, s.prints(g), s.kept)
	}
	return r
}

// Show computes a planned preview of a target and hands its rows to each,
// batch by batch; a batch is valid until each returns. The Rows of what it
// returns are left empty.
func (s *Session) Show(ctx context.Context, g *plan.Graph, t plan.Target, p *plan.Preview, each func(arrow.RecordBatch) error) (*Preview, error) {
	if err := g.ErrorsOf([]plan.Target{t}).Err(); err != nil {
		return nil, err
	}
	begin := time.Now()
	query, err := s.render(ctx, p.Rel, sql.Options{Cap: p.Caps})
	if err != nil {
		return nil, err
	}
	var rows int64
	err = s.engine.Query(ctx, query, p.Limit, func(b arrow.RecordBatch) error {
		rows += b.NumRows()
		return each(b)
	})
	if err != nil {
		return nil, s.locate(ctx, &plan.Step{Node: t.Node, Port: t.Port, Rel: p.Rel}, err)
	}
	return &Preview{Schema: p.Rel.Schema(), Exact: p.Exact(rows), Elapsed: time.Since(begin)}, nil
}
