package preview

import (
	"context"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// Statistics describe columns of a port. A later answer about a column takes
// the place of an earlier one.
type Statistics struct {
	Number  int64 // of the document's event that they are as of
	Rows    int64 // of the table, or of the sample
	Exact   bool  // of all rows; else of a sample
	Columns []Column
	Err     error // why there are none
}

// Column describes the values of one column.
type Column struct {
	Name      string
	Nulls     int64
	Distinct  int64
	Min, Max  rel.Value // nil: there is none
	Mean      *float64  // of numbers
	Deviation *float64  // of numbers
	Bins      []Bin
}

// Bin counts values: those from From below To, or those that are From.
type Bin struct {
	From, To string // To is empty for a value
	Count    int64
}

// Describe tells about columns of a port (none: all), coarse first and then
// exact where that takes some seconds at most, and again after each change of
// the document that matters to the port, until ctx ends, which is no error.
func (p *Previews) Describe(ctx context.Context, account string, doc Document, port Port, columns []string, send func(Statistics) error) error {
	return follow(ctx, p, account, doc, func(s *session) *follower[*Statistics] {
		d := &describer{session: s, columns: columns}
		return &follower[*Statistics]{port: port, compute: d.compute, drop: func(*Statistics) {}, send: func(number int64, got *Statistics, err error) error {
			if err != nil {
				return send(Statistics{Number: number, Err: err})
			}
			got.Number = number
			return send(*got)
		}}
	})
}

// describer computes the statistics of a port.
type describer struct {
	session *session
	columns []string
}

// sampleRows is how many rows the coarse statistics are of.
const sampleRows = MostRows

// tableName names the rows that are described, in the worker.
const tableName = "described"

func (d *describer) compute(ctx context.Context, g *plan.Graph, t plan.Target, tell func(*Statistics, error) bool) {
	s := d.session
	whole, err := d.coarse(ctx, s.short, s.o.Times.First, g, t, tell)
	if err != nil && errs.KindOf(err) == errs.Timeout {
		whole, err = d.coarse(ctx, s.long, s.o.Times.Exact, g, t, tell)
	}
	if err != nil {
		tell(nil, err)
		return
	}
	if whole || !plan.Affordable(t.Rel()) {
		return
	}
	err = d.exact(ctx, g, t, tell)
	if k := errs.KindOf(err); err != nil && k != errs.Timeout && k != errs.Exhausted {
		tell(nil, err) // else the sample's are all that there will be
	}
}

// coarse describes the first rows of the preview, and reports whether they are
// all there are.
func (d *describer) coarse(ctx context.Context, l *run.Lane, limit time.Duration, g *plan.Graph, t plan.Target, tell func(*Statistics, error) bool) (whole bool, err error) {
	out := &Statistics{}
	err = l.Do(ctx, func(w *run.Session) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		p := w.PlanPreview(g, t, sampleRows)
		r, err := pruned(p.Rel, d.columns)
		if err != nil {
			return err
		}
		return d.describe(ctx, w, g, r, p.Caps, func(rows int64, c Column) bool {
			out.Rows, out.Columns = rows, append(out.Columns, c)
			return true
		}, func(rows int64) {
			out.Rows, out.Exact = rows, p.Complete() && rows < sampleRows
		})
	})
	if err == nil {
		tell(out, nil)
	}
	return out.Exact, err
}

// exact describes all rows, column by column.
func (d *describer) exact(ctx context.Context, g *plan.Graph, t plan.Target, tell func(*Statistics, error) bool) error {
	s := d.session
	return s.long.Do(ctx, func(w *run.Session) error {
		ctx, cancel := context.WithTimeout(ctx, s.o.Times.Exact)
		defer cancel()
		r, err := pruned(w.PlanExact(g, t, -1).Rel, d.columns)
		if err != nil {
			return err
		}
		return d.describe(ctx, w, g, r, nil, func(rows int64, c Column) bool {
			return tell(&Statistics{Rows: rows, Exact: true, Columns: []Column{c}}, nil)
		}, func(int64) {})
	})
}

// describe computes r once, into a table, and describes one column after
// another, until each no longer wants them.
func (d *describer) describe(ctx context.Context, w *run.Session, g *plan.Graph, r rel.Rel, caps map[*rel.Scan]int64, each func(rows int64, c Column) bool, counted func(rows int64)) error {
	table, drop, err := w.Table(ctx, tableName, r, caps)
	if err != nil {
		return err
	}
	defer drop()
	q := &query{ctx: ctx, session: w, functions: g.Functions, table: table}
	rows, err := q.count()
	if err != nil {
		return err
	}
	counted(rows)
	for _, c := range table.Schema() {
		got, err := q.column(c)
		if err != nil {
			return err
		}
		if !each(rows, got) {
			return nil
		}
	}
	return nil
}
