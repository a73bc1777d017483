package duckdb

import (
	"context"
	"slices"
	"sync"
	"time"

	bind "github.com/duckdb/duckdb-go-bindings"

	"github.com/weftworks/weft/internal/errs"
)

// interruptEvery is how often a canceled call is interrupted again: DuckDB
// forgets an interrupt that comes between two phases.
const interruptEvery = 10 * time.Millisecond

// queries and commands are the kinds of statement that Query and Exec take.
// This is for good errors; what protects are the settings.
func queries() []bind.StatementType { return []bind.StatementType{bind.StatementTypeSelect} }

func commands() []bind.StatementType {
	return []bind.StatementType{
		bind.StatementTypeCopy, bind.StatementTypeCreate, bind.StatementTypeInsert, bind.StatementTypeDrop,
	}
}

// interruptible calls do, and interrupts the connection again and again from
// the moment that ctx ends until do returns.
func (e *Engine) interruptible(ctx context.Context, do func() error) error {
	if ctx.Err() != nil {
		return canceled(ctx)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { e.interrupt(ctx, done) })
	err := do()
	close(done)
	wg.Wait()
	if err != nil && ctx.Err() != nil && errs.KindOf(err) == errs.Canceled {
		return canceled(ctx)
	}
	return err
}

// otherTries is how often a call that was cut short runs again.
const otherTries = 5

// cutShort reports whether a call ended as if it had been interrupted though
// nobody did: when one thread of a query fails, DuckDB interrupts the others,
// and sometimes it is that interrupt which it reports instead of the error.
// A call that fails leaves nothing behind, so running it again is safe.
func cutShort(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && errs.KindOf(err) == errs.Canceled
}

func (e *Engine) interrupt(ctx context.Context, done <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-done:
		return
	}
	tick := time.NewTicker(interruptEvery)
	defer tick.Stop()
	for {
		bind.Interrupt(e.conn)
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}

// prepare parses and binds sql, which must be exactly one statement of one of
// the allowed types (nil: any). The caller must destroy what it returns.
func (e *Engine) prepare(sql string, allowed []bind.StatementType) (bind.PreparedStatement, error) {
	var parsed bind.ExtractedStatements
	n := bind.ExtractStatements(e.conn, sql, &parsed)
	defer bind.DestroyExtracted(&parsed)
	if n == 0 {
		return bind.PreparedStatement{}, e.tidier.parsing(bind.ExtractStatementsError(parsed))
	}
	if n != 1 {
		return bind.PreparedStatement{}, errs.New(errs.Invalid, msgOneStatement, errs.P{"count": int(n)})
	}
	var st bind.PreparedStatement
	if bind.PrepareExtractedStatement(e.conn, parsed, 0, &st) == bind.StateError {
		err := e.tidier.error(bind.PrepareError(st))
		bind.DestroyPrepare(&st)
		return bind.PreparedStatement{}, err
	}
	if allowed != nil && !slices.Contains(allowed, bind.PreparedStatementType(st)) {
		bind.DestroyPrepare(&st)
		return bind.PreparedStatement{}, errs.New(errs.Invalid, msgStatementType, nil)
	}
	return st, nil
}

// execute runs a prepared statement. A streaming result is produced as it is
// fetched. The caller must destroy the result.
func (e *Engine) execute(st bind.PreparedStatement, streaming bool) (bind.Result, error) {
	pend := bind.PendingPrepared
	if streaming {
		pend = bind.PendingPreparedStreaming
	}
	var pending bind.PendingResult
	defer bind.DestroyPending(&pending)
	if pend(st, &pending) == bind.StateError {
		return bind.Result{}, e.tidier.error(bind.PendingError(pending))
	}
	var res bind.Result
	if bind.ExecutePending(pending, &res) == bind.StateError {
		err := e.tidier.error(bind.ResultError(&res))
		bind.DestroyResult(&res)
		return bind.Result{}, err
	}
	return res, nil
}

func canceled(ctx context.Context) error {
	return errs.New(errs.Canceled, msgCanceled, nil).Because(context.Cause(ctx))
}
