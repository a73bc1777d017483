package main

import (
	"context"
	"errors"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// bound is a package over the data folder, ready to run in a worker.
type bound struct {
	*run.Session
	graph *plan.Graph
	files *workspace.Workspace
}

// open binds the package text in the data folder.
func open(ctx context.Context, c config, text string) (*bound, error) {
	p, err := pack.Decode([]byte(text), "bench.weft")
	if err != nil {
		return nil, err
	}
	files, err := workspace.Open(c.data, "")
	if err != nil {
		return nil, err
	}
	runner := app.NewRunner(app.RunnerConfig{Worker: []string{c.weft, "worker"}})
	session, err := runner.Open(ctx, files, nil)
	if err != nil {
		return nil, errors.Join(err, files.Close())
	}
	b := &bound{Session: session, files: files}
	b.graph, err = plan.Bind(p, "", plan.Options{Catalogue: runner.Catalogue, Functions: runner.Functions})
	if err == nil {
		err = session.Discover(ctx, b.graph)
	}
	if err == nil {
		err = b.graph.Errors().Err()
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bound) close() error { return errors.Join(b.Session.Close(), b.files.Close()) }
