package duckdb

import (
	"context"
	"sync"
	"time"

	bind "github.com/duckdb/duckdb-go-bindings"

	"github.com/weftworks/weft/internal/worker"
)

// progressEvery is how often progress is told.
const progressEvery = 100 * time.Millisecond

// Exec runs one COPY, CREATE, INSERT or DROP and returns the number of rows
// written by COPY, INSERT or CREATE TABLE AS (0 for the others); see
// worker.Engine.
func (e *Engine) Exec(ctx context.Context, sql string, progress func(worker.Progress)) (int64, error) {
	rows, err := e.exec(ctx, sql, progress)
	for range otherTries {
		if !cutShort(ctx, err) {
			break
		}
		rows, err = e.exec(ctx, sql, progress)
	}
	return rows, e.explained(ctx, sql, err)
}

func (e *Engine) exec(ctx context.Context, sql string, progress func(worker.Progress)) (int64, error) {
	var rows int64
	err := e.interruptible(ctx, func() error {
		st, err := e.prepare(sql, commands())
		if err != nil {
			return err
		}
		defer bind.DestroyPrepare(&st)
		stop := e.report(progress)
		rows, err = e.finish(st)
		stop()
		return err
	})
	return rows, err
}

// run runs one statement of the engine's own.
func (e *Engine) run(ctx context.Context, sql string, allowed []bind.StatementType) (int64, error) {
	var rows int64
	err := e.interruptible(ctx, func() error {
		st, err := e.prepare(sql, allowed)
		if err != nil {
			return err
		}
		defer bind.DestroyPrepare(&st)
		rows, err = e.finish(st)
		return err
	})
	return rows, err
}

// finish runs a statement to its end and returns the rows that it changed.
func (e *Engine) finish(st bind.PreparedStatement) (int64, error) {
	res, err := e.execute(st, false)
	if err != nil {
		return 0, err
	}
	defer bind.DestroyResult(&res)
	if n := int64(bind.RowsChanged(&res)); n > 0 {
		return n, nil
	}
	return counted(res), nil
}

// counted reads the number that CREATE TABLE AS gives as its one row; it is 0
// for what gives none.
func counted(res bind.Result) int64 {
	chunk := bind.FetchChunk(res)
	if chunk.Ptr == nil {
		return 0
	}
	defer bind.DestroyDataChunk(&chunk)
	if bind.DataChunkGetSize(chunk) != 1 || bind.DataChunkGetColumnCount(chunk) != 1 {
		return 0
	}
	column := bind.DataChunkGetVector(chunk, 0)
	kind := bind.VectorGetColumnType(column)
	defer bind.DestroyLogicalType(&kind)
	if bind.GetTypeId(kind) != bind.TypeBigInt {
		return 0
	}
	return *(*int64)(bind.VectorGetData(column))
}

// report tells the progress until the function that it returns is called.
func (e *Engine) report(progress func(worker.Progress)) (stop func()) {
	if progress == nil {
		return func() {}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				p := bind.QueryProgress(e.conn)
				percent, rows, _ := bind.QueryProgressTypeMembers(&p)
				progress(worker.Progress{Percent: percent, Rows: int64(rows)})
			}
		}
	})
	return func() { close(done); wg.Wait() }
}
