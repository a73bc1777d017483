package preview

import (
	"context"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// MostRows bounds the rows of one preview.
const MostRows = 10_000

// mostBytes bounds the rows of one preview as they travel.
const mostBytes = 64 << 20

// Request says what a panel shows.
type Request struct {
	Port  Port
	Limit int64 // rows, up to MostRows
	Exact bool  // the true rows, however long they take
}

// Answer is the rows of a port, or why there are none.
type Answer struct {
	Number  int64 // of the document's event that it is as of
	Schema  rel.Schema
	Rows    *run.Spool
	Exact   bool // the true first rows, else a sample
	Follows bool // the exact ones follow
	Elapsed time.Duration
	Err     error
}

// Show answers a panel's request, and again after each change of the document
// that matters to the port, until ctx ends, which is no error. What is dear is
// first shown as a sample. send is called from this goroutine; the rows are
// its until it returns.
func (p *Previews) Show(ctx context.Context, account string, doc Document, q Request, send func(Answer) error) error {
	var v *view
	defer func() { v.forget() }()
	return follow(ctx, p, account, doc, func(s *session) *follower[*shown] {
		v.forget()
		v = &view{session: s, request: q}
		return &follower[*shown]{port: q.Port, compute: v.compute, drop: (*shown).free, send: func(number int64, got *shown, err error) error {
			if err != nil {
				return send(Answer{Number: number, Err: err})
			}
			v.keep(got)
			return send(Answer{
				Number: number, Schema: got.schema, Rows: got.rows,
				Exact: got.exact, Follows: got.follows, Elapsed: got.elapsed,
			})
		}}
	})
}

// shown is one table that was computed.
type shown struct {
	schema  rel.Schema
	rows    *run.Spool
	exact   bool
	follows bool
	elapsed time.Duration
	again   bool // the rows are those that were told before, whose owner frees them
}

func (s *shown) free() {
	if s != nil && !s.again {
		_ = s.rows.Close() // a file without a name, of which nothing is left
	}
}

// view computes what a panel shows.
type view struct {
	session *session
	request Request
	last    *shown // what was sent last: it may have to be sent again
}

func (v *view) keep(s *shown) {
	if !s.again {
		v.forget()
		v.last = s
	}
}

func (v *view) forget() {
	if v != nil {
		v.last.free()
	}
}

func (v *view) compute(ctx context.Context, g *plan.Graph, t plan.Target, tell func(*shown, error) bool) {
	times := v.session.o.Times
	if v.request.Exact {
		tell(v.rows(ctx, v.session.long, times.Asked, g, t, true))
		return
	}
	first, err := v.rows(ctx, v.session.short, times.First, g, t, false)
	if err != nil && errs.KindOf(err) == errs.Timeout {
		// It was no quick thing after all: it must not hold what is.
		first, err = v.rows(ctx, v.session.long, times.Asked, g, t, false)
	}
	if err != nil {
		tell(nil, err)
		return
	}
	follows := !first.exact && plan.Affordable(t.Rel())
	first.follows = follows
	last := *first
	if !tell(first, nil) || !follows {
		return
	}
	exact, err := v.rows(ctx, v.session.long, times.Exact, g, t, true)
	if k := errs.KindOf(err); err != nil && (k == errs.Timeout || k == errs.Exhausted) {
		// The sample is all that there will be.
		last.follows, last.again = false, true
		exact, err = &last, nil
	}
	tell(exact, err)
}

// rows computes the first rows of a target on a lane.
func (v *view) rows(ctx context.Context, l *run.Lane, limit time.Duration, g *plan.Graph, t plan.Target, exact bool) (*shown, error) {
	out := &shown{rows: run.NewSpool(v.session.o.Runner.Temp, mostBytes)}
	err := l.Do(ctx, func(w *run.Session) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		p := w.PlanPreview(g, t, v.request.Limit)
		if exact {
			p = w.PlanExact(g, t, v.request.Limit)
		}
		got, err := w.Show(ctx, g, t, p, out.rows.Take)
		if err != nil {
			return err
		}
		out.schema, out.exact, out.elapsed = got.Schema, got.Exact, got.Elapsed
		return out.rows.Finish()
	})
	if err != nil {
		_ = out.rows.Close()
		return nil, err
	}
	return out, nil
}
