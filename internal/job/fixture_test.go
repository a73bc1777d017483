package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

func TestMain(m *testing.M) { leak.Main(m) }

var errEngine = errs.Message{ID: "job.test_engine", En: "The {thing} gave in.", Ru: "Предмет {thing} не выдержал."}

// engine computes nothing: each statement waits until it is let go, and then
// fails, as the real one does when a value overflows.
type engine struct{ gate *gate }

// gate holds all engines of a test.
type gate struct {
	mu    sync.Mutex
	calls int
	came  chan struct{} // gets one for each statement
	open  chan struct{} // closed: statements go on
}

func newGate() *gate { return &gate{came: make(chan struct{}, 1000), open: make(chan struct{})} }

func (g *gate) wait(ctx context.Context) error {
	g.mu.Lock()
	g.calls++
	g.mu.Unlock()
	g.came <- struct{}{}
	select {
	case <-g.open:
		return errs.New(errs.Exhausted, errEngine, errs.P{"thing": errs.Words{En: "engine", Ru: "движок"}})
	case <-ctx.Done():
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			return errs.New(errs.Timeout, errEngine, nil)
		}
		return errs.New(errs.Canceled, errEngine, nil)
	}
}

func (e engine) Describe(ctx context.Context, _ string) ([]worker.Column, error) {
	return nil, e.gate.wait(ctx)
}

func (e engine) Query(ctx context.Context, _ string, _ int64, _ func(arrow.RecordBatch) error) error {
	return e.gate.wait(ctx)
}

func (e engine) Exec(ctx context.Context, _ string, progress func(worker.Progress)) (int64, error) {
	for p := range 10 {
		progress(worker.Progress{Percent: float64(10 * p)})
	}
	return 0, e.gate.wait(ctx)
}

func (e engine) Discover(ctx context.Context, _ discover.Request) (discover.Result, error) {
	return discover.Result{}, e.gate.wait(ctx)
}

func (e engine) Transcode(context.Context, string, string, string) error            { return nil }
func (e engine) TranscodeHead(context.Context, string, string, string, int64) error { return nil }
func (e engine) Recode(context.Context, string, string, string) error               { return nil }
func (e engine) Close() error                                                       { return nil }

// site is the runs of a test.
type site struct {
	*Jobs
	gate *gate
	o    Options
}

func newSite(t *testing.T, change ...func(*Options)) *site {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "tree", "ann"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &site{gate: newGate()}
	s.o = Options{Tree: filepath.Join(dir, "tree"), Runs: filepath.Join(dir, "runs"), AtOnce: 2, Runner: &run.Runner{
		Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue(),
		Start: func(context.Context, worker.Config) (run.Engine, error) { return engine{s.gate}, nil },
	}}
	for _, do := range change {
		do(&s.o)
	}
	s.begin(t)
	t.Cleanup(func() { s.end(t) })
	return s
}

// begin starts the Server's runs, and end ends them.
func (s *site) begin(t *testing.T) {
	t.Helper()
	jobs, err := New(s.o)
	if err != nil {
		t.Fatal(err)
	}
	s.Jobs = jobs
}

func (s *site) end(t *testing.T) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// start starts a run of a table and returns its id.
func (s *site) start(t *testing.T, account, client string, change ...func(*Request)) string {
	t.Helper()
	p, err := pack.Decode([]byte("weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: input.table, settings: {columns: [{name: x}]}}\n"), "p.weft")
	if err != nil {
		t.Fatal(err)
	}
	q := Request{Account: account, Name: account, ClientID: client, Path: "ann/p.weft", Package: p}
	for _, do := range change {
		do(&q)
	}
	id, err := s.Start(q)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// working waits until n more statements are with engines.
func (s *site) working(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-s.gate.came:
		case <-time.After(10 * time.Second):
			t.Fatal("nothing came to an engine")
		}
	}
}

// last waits for the end of a run.
func (s *site) last(t *testing.T, id string) Info {
	t.Helper()
	var last Info
	err := s.Watch(t.Context(), id, 0, func(e Event) error {
		if e.Run != nil {
			last = *e.Run
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func state(t *testing.T, s *site, id string) State {
	t.Helper()
	i, err := s.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return i.State
}
