package publish

import (
	"context"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/worker"
)

// Call is what a caller gives.
type Call struct {
	Variables map[string]string   // values by name, as JSON
	Input     []arrow.RecordBatch // of one schema; none: no table
}

// errTooMany ends a query whose answer is too long.
var errTooMany = errors.New("publish: too many rows")

// Call runs an operation and hands its rows to each, at least one batch; a
// batch is each's until it returns. The error says what is wrong with the
// call, at "variables.<name>" or "input.<column>", or what became of it.
func (o *Operation) Call(ctx context.Context, c Call, each func(arrow.RecordBatch) error) error {
	values, err := o.values(c.Variables)
	if err != nil {
		return err
	}
	given, err := o.read(c.Input)
	if err != nil {
		return err
	}
	v, err := o.plan.variant(values)
	if err != nil {
		return err
	}
	if err := o.missing(v, c.Input); err != nil {
		return err
	}
	if !o.unit.enter() {
		return errs.New(errs.Unavailable, errGone, nil)
	}
	defer o.unit.calls.Done()
	limit := o.unit.timeout
	inner, cancel := context.WithTimeoutCause(ctx, limit, errs.New(errs.Timeout, errTime, errs.P{"limit": limit}))
	defer cancel()
	err = o.run(inner, v, values, given, each)
	if late, ok := errors.AsType[*errs.Error](context.Cause(inner)); ok && err != nil && ctx.Err() == nil {
		return late
	}
	return err
}

// run computes a call in a worker.
func (o *Operation) run(ctx context.Context, v *variant, values map[string]rel.Value, given *table, each func(arrow.RecordBatch) error) error {
	p := o.unit.pool
	s, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	spent := true // after a panic nobody knows what state it is in
	defer func() { p.release(s, spent) }()
	err = s.ready(ctx, v)
	if err == nil {
		err = s.execute(ctx, v, values, given, o.unit.maxRows, each)
	}
	spent = err != nil && errs.KindOf(err) != errs.Failed
	return err
}

// ready sees that the worker has the variant's fixed parts and its query.
func (s *slot) ready(ctx context.Context, v *variant) error {
	if _, ok := s.prepared[v.id]; ok {
		return nil
	}
	for _, part := range v.fixed {
		if err := s.session.Store(ctx, part.address, part.rel); err != nil {
			return err
		}
	}
	q, err := s.session.Prepare(ctx, v.rel)
	if err != nil {
		return err
	}
	if err := s.engine.Prepare(ctx, v.id, q.SQL); err != nil {
		return err
	}
	s.prepared[v.id] = q
	return nil
}

func (s *slot) execute(ctx context.Context, v *variant, values map[string]rel.Value, given *table, maxRows int64, each func(arrow.RecordBatch) error) error {
	places := s.prepared[v.id].Places
	args := make([]worker.Argument, len(places))
	for i, at := range places {
		switch value, open := values[at.Variable]; {
		case at.List():
			args[i] = given.columns[at.Column]
		case open:
			args[i].Text = spelled(value)
		default:
			args[i].Text = v.closed[at.Variable]
		}
	}
	var rows int64
	err := s.engine.Execute(ctx, v.id, args, 0, func(b arrow.RecordBatch) error {
		if rows += b.NumRows(); rows > maxRows {
			return errTooMany
		}
		return each(b)
	})
	if errors.Is(err, errTooMany) {
		return errs.New(errs.Exhausted, errRows, errs.P{"limit": maxRows})
	}
	return err
}
