package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/pack"
)

const (
	pageRows  = 100
	pageCount = 1000
)

// pages measures a page of a hundred rows anywhere in a result of ten times as
// many rows as the big file has, of six columns.
func pages(ctx context.Context, c config) (_ []figure, err error) {
	dir, err := os.MkdirTemp(c.data, "pages-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(filepath.Join(dir, "tree", "bench"), 0o700); err != nil {
		return nil, err
	}
	jobs, err := job.New(job.Options{
		Runner: app.NewRunner(app.RunnerConfig{Worker: []string{c.weft, "worker"}}),
		Tree:   filepath.Join(dir, "tree"), Runs: filepath.Join(dir, "runs"), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, jobs.Close()) }()
	r, err := largeResult(ctx, jobs, c.rows/1000)
	if err != nil {
		return nil, err
	}
	times, err := readPages(ctx, jobs, r)
	if err != nil {
		return nil, err
	}
	slices.Sort(times)
	fmt.Printf("pages of %d rows in %d: median %v, p99 %v, longest %v\n",
		pageRows, r.Rows, times[len(times)/2], times[len(times)*99/100], times[len(times)-1])
	return []figure{{"page p99 ms", float64(times[len(times)*99/100].Microseconds()) / 1000}}, nil
}

// largeResult runs a package that pairs n numbers with n numbers.
func largeResult(ctx context.Context, jobs *job.Jobs, n int) (job.Result, error) {
	var b strings.Builder
	b.WriteString("weft: 1\nworkflows:\n  main:\n    nodes:\n      a:\n        component: input.table\n        settings:\n          columns: [{name: n, type: integer}, {name: t}]\n          rows:\n")
	for i := range n {
		fmt.Fprintf(&b, "            - [%d, row number %d]\n", i, i)
	}
	b.WriteString(`
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      c: {component: columns.calculate, input: b, settings: {formulas: [{name: x, formula: n * n_2}, {name: share, formula: n / (n_2 + 1)}]}}
`)
	p, err := pack.Decode([]byte(b.String()), "pages.weft")
	if err != nil {
		return job.Result{}, err
	}
	id, err := jobs.Start(job.Request{Account: "bench", Path: "bench/pages.weft", Package: p, Targets: []job.Target{{Node: "c"}}})
	if err != nil {
		return job.Result{}, err
	}
	if err := jobs.Watch(ctx, id, 0, func(job.Event) error { return nil }); err != nil {
		return job.Result{}, err
	}
	done, err := jobs.Get(id)
	if err == nil && len(done.Results) != 1 {
		err = fmt.Errorf("the run ended without a result: %w", done.Failures().Err())
	}
	if err != nil {
		return job.Result{}, err
	}
	return done.Results[0], nil
}

func readPages(ctx context.Context, jobs *job.Jobs, r job.Result) ([]time.Duration, error) {
	at := rand.New(rand.NewPCG(1, 2))
	var times []time.Duration
	for i := range pageCount + 1 {
		begin := time.Now()
		rows, _, err := jobs.Read(ctx, "bench", job.Page{Result: r.ID, Offset: at.Int64N(r.Rows - pageRows), Limit: pageRows})
		if err != nil {
			return nil, err
		}
		if rows.Rows() != pageRows {
			err = fmt.Errorf("a page of %d rows", rows.Rows())
		}
		if err := errors.Join(err, rows.Close()); err != nil {
			return nil, err
		}
		if i > 0 { // the first starts the worker
			times = append(times, time.Since(begin))
		}
	}
	return times, nil
}
