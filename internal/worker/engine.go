package worker

import (
	"context"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
)

// Engine executes SQL inside a worker. Calls come one at a time. A call whose
// context ends stops soon and returns an error of kind Canceled; the engine
// serves the next call as if nothing had been.
type Engine interface {
	// Describe binds sql, which must be one query, and returns its columns
	// without running it.
	Describe(ctx context.Context, sql string) ([]Column, error)
	// Query runs one query and hands its first rows (0: all) to emit in order:
	// at least one batch, one without rows if there are none. A batch is
	// emit's only until it returns.
	Query(ctx context.Context, sql string, rows int64, emit func(arrow.RecordBatch) error) error
	// Exec runs one statement that writes a file or makes a table, and returns
	// the number of rows written to a file or into a table that is there. It
	// calls progress from time to time, from one goroutine.
	Exec(ctx context.Context, sql string, progress func(Progress)) (int64, error)
	// Close ends the engine and frees what it holds.
	Close() error
}

// Preparer is an Engine that keeps queries which it has planned, to run them
// again and again with other values.
type Preparer interface {
	// Prepare plans one query under a name; one that had the name is dropped.
	// Its values, $1 and so on, are texts and lists of texts.
	Prepare(ctx context.Context, name, sql string) error
	// Execute runs a prepared query as Query does, with a value for each place.
	Execute(ctx context.Context, name string, args []Argument, rows int64, emit func(arrow.RecordBatch) error) error
}

// Broke reports whether the error of a call says that the process ended by what
// it was to do: it crashed, or its engine failed inside itself. What was killed
// from outside, or for its memory, did not.
func Broke(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && (e.Kind == errs.Internal || e.Kind == errs.Crashed && (e.Message.ID == msgCrashed.ID || e.Message.ID == msgExited.ID))
}

// Spent marks the error of a call after which an engine serves no other: its
// worker ends, as after an error of kind Internal.
func Spent(err error) error { return spent{err} }

type spent struct{ error }

func (s spent) Unwrap() error { return s.error }

// Open makes the engine of a worker, locked down as setup says.
type Open func(ctx context.Context, setup Setup) (Engine, error)
