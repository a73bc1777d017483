package preview

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// query asks about the columns of a table in a worker.
type query struct {
	ctx       context.Context
	session   *run.Session
	functions *rel.Functions
	table     rel.Rel
}

// rows computes a plan of few rows.
func (q *query) rows(r rel.Rel) (out [][]rel.Value, err error) {
	err = q.session.Compute(q.ctx, r, nil, func(b arrow.RecordBatch) error {
		out = append(out, run.Rows(b)...)
		return nil
	})
	return out, err
}

func (q *query) build() rel.Builder { return rel.Builder{NodeID: q.table.Node()} }

// measured computes measures over the whole table.
func (q *query) measured(measures []rel.Measure) ([]rel.Value, error) {
	r, err := q.build().Aggregate(q.table, nil, measures)
	if err != nil {
		return nil, err
	}
	rows, err := q.rows(r)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

func (q *query) count() (int64, error) {
	row, err := q.measured([]rel.Measure{measure("rows", rel.CountRows, nil)})
	if err != nil || len(row) == 0 {
		return 0, err
	}
	n, _ := row[0].(int64)
	return n, nil
}

func measure(name string, f rel.AggregateFunc, arg rel.Expr) rel.Measure {
	return rel.Measure{Column: rel.Column{Name: name}, Func: f, Arg: arg}
}

// column describes one column.
func (q *query) column(c rel.Column) (Column, error) {
	out, err := q.summary(c, c.Type.Numeric())
	if err != nil && errs.KindOf(err) == errs.Failed {
		// Squares of large numbers leave the range of reals.
		out, err = q.summary(c, false)
	}
	if err != nil {
		return out, err
	}
	out.Bins, err = q.bins(c, out)
	return out, err
}

// summary is all but the bins.
func (q *query) summary(c rel.Column, numeric bool) (Column, error) {
	x := rel.Col(c)
	measures := []rel.Measure{
		measure("rows", rel.CountRows, nil), measure("values", rel.CountRows, x), measure("distinct", rel.CountDistinct, x),
		measure("least", rel.Min, x), measure("most", rel.Max, x),
	}
	if numeric {
		measures = append(measures, measure("mean", rel.Mean, x), measure("deviation", rel.StdDev, x))
	}
	row, err := q.measured(measures)
	if err != nil {
		return Column{}, err
	}
	rows, _ := row[0].(int64)
	values, _ := row[1].(int64)
	out := Column{Name: c.Name, Nulls: rows - values, Min: row[3], Max: row[4]}
	out.Distinct, _ = row[2].(int64)
	if numeric {
		out.Mean, out.Deviation = number(row[5]), number(row[6])
	}
	return out, nil
}

func number(v rel.Value) *float64 {
	if f, ok := v.(float64); ok {
		return &f
	}
	return nil
}
