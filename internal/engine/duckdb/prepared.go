package duckdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	bind "github.com/duckdb/duckdb-go-bindings"

	"github.com/weftworks/weft/internal/worker"
)

var _ worker.Preparer = (*Engine)(nil)

// prepared is a query that is planned.
type prepared struct {
	st  bind.PreparedStatement
	sql string
}

// Prepare plans one query and keeps it under a name; see worker.Preparer.
func (e *Engine) Prepare(ctx context.Context, name, sql string) error {
	return e.interruptible(ctx, func() error {
		st, err := e.prepare(sql, queries())
		if err != nil {
			return err
		}
		if old, ok := e.prepared[name]; ok {
			bind.DestroyPrepare(&old.st)
		}
		if e.prepared == nil {
			e.prepared = map[string]prepared{}
		}
		e.prepared[name] = prepared{st, sql}
		return nil
	})
}

// Execute runs a prepared query; see worker.Preparer.
func (e *Engine) Execute(ctx context.Context, name string, args []worker.Argument, rows int64, emit func(arrow.RecordBatch) error) error {
	p, ok := e.prepared[name]
	if !ok {
		return fmt.Errorf("duckdb: no prepared query %q", name)
	}
	return e.explained(ctx, p.sql, rerun(ctx, rows, emit, func(rows int64, emit func(arrow.RecordBatch) error) error {
		return e.interruptible(ctx, func() error {
			if err := bindAll(p.st, args); err != nil {
				return err
			}
			res, err := e.execute(p.st, true)
			if err != nil {
				return err
			}
			defer bind.DestroyResult(&res)
			return e.stream(ctx, &res, rows, emit)
		})
	}))
}

// bindAll gives a statement its values. A null where the last execution had a
// text makes the engine plan the query anew; a list without texts does not.
func bindAll(st bind.PreparedStatement, args []worker.Argument) error {
	if n := bind.NParams(st); n != bind.IdxT(len(args)) {
		return fmt.Errorf("duckdb: %d values for %d places", len(args), n)
	}
	text := bind.CreateLogicalType(bind.TypeVarchar)
	defer bind.DestroyLogicalType(&text)
	for i, a := range args {
		if bindOne(st, bind.IdxT(i+1), a, text) == bind.StateError {
			return errors.New("duckdb: a value was not taken")
		}
	}
	return nil
}

func bindOne(st bind.PreparedStatement, i bind.IdxT, a worker.Argument, text bind.LogicalType) bind.State {
	if a.List == nil {
		if a.Text == nil {
			return bind.BindNull(st, i)
		}
		return bind.BindVarcharLength(st, i, *a.Text, bind.IdxT(len(*a.Text)))
	}
	values := make([]bind.Value, len(a.List))
	defer func() {
		for i := range values {
			bind.DestroyValue(&values[i])
		}
	}()
	for i, s := range a.List {
		if s == nil {
			values[i] = bind.CreateNullValue()
			continue
		}
		values[i] = bind.CreateVarcharLength(*s, bind.IdxT(len(*s)))
	}
	list := bind.CreateListValue(text, values)
	defer bind.DestroyValue(&list)
	return bind.BindValue(st, i, list)
}
