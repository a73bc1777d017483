// Package duckdb is the embedded engine: it executes SQL with DuckDB, locked
// down, in one worker process. It is the only importer of the driver.
//
// It speaks to DuckDB's C API through the driver's bindings, not through
// database/sql, because only there results are streamed (the driver holds a
// whole result in memory that DuckDB does not count), and progress and the
// class of an error are to be had. It knows no plan, no component and no
// protocol. Wherever it is linked, the build tag duckdb_arrow is needed.
package duckdb

import (
	"context"
	"errors"
	"fmt"

	bind "github.com/duckdb/duckdb-go-bindings"

	"github.com/weftworks/weft/internal/worker"
)

// Engine is an in-memory database with one connection. It implements
// worker.Engine; its methods must not be called at the same time.
type Engine struct {
	db     bind.Database
	conn   bind.Connection
	tidier tidier

	prepared map[string]prepared // by name
}

var _ worker.Engine = (*Engine)(nil)

// Open makes an engine that reads and writes only where setup says, uses no
// more than it says, and whose settings cannot be changed any more. It is a
// worker.Open.
func Open(ctx context.Context, setup worker.Setup) (worker.Engine, error) {
	e := &Engine{tidier: newTidier(setup)}
	if err := e.open(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	if err := e.lockDown(ctx, setup); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) open() error {
	var config bind.Config
	if bind.CreateConfig(&config) == bind.StateError {
		return errors.New("duckdb: no configuration")
	}
	defer bind.DestroyConfig(&config)
	for name, value := range openSettings() {
		if bind.SetConfig(config, name, value) == bind.StateError {
			return fmt.Errorf("duckdb: set %s to %q at open", name, value)
		}
	}
	var message string
	if bind.OpenExt("", &e.db, config, &message) == bind.StateError {
		return fmt.Errorf("duckdb: open: %s", message)
	}
	if bind.Connect(e.db, &e.conn) == bind.StateError {
		return errors.New("duckdb: connect")
	}
	return nil
}

// Close ends the engine; DuckDB removes its temporary files. Close may be
// called again.
func (e *Engine) Close() error {
	for name, p := range e.prepared {
		bind.DestroyPrepare(&p.st)
		delete(e.prepared, name)
	}
	bind.Disconnect(&e.conn)
	bind.Close(&e.db)
	return nil
}
