package publish

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

// still is a worker that can die, grow, and does nothing else.
type still struct {
	run.Engine
	engine
	dead     bool
	resident int64
}

func (e *still) Answers(context.Context) bool { return !e.dead }
func (e *still) Resident() int64              { return e.resident }
func (e *still) Close() error                 { return nil }

// stillPool makes a pool of one such worker, and counts those started.
func stillPool(t *testing.T, room func() error) (p *pool, started *[]*still) {
	t.Helper()
	started = new([]*still)
	r := &run.Runner{Temp: t.TempDir(), Room: room, Start: func(context.Context, worker.Config) (run.Engine, error) {
		*started = append(*started, &still{})
		return (*started)[len(*started)-1], nil
	}}
	files, err := workspace.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	l := limits{workers: 1, waiting: 10, requests: 1000, growth: growth, idle: time.Hour}
	p = newPool(l, slog.New(slog.DiscardHandler), func(ctx context.Context) (*run.Session, error) { return r.Open(ctx, files, nil) })
	t.Cleanup(func() {
		p.close()
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return p, started
}

// serve takes a worker and gives it back, as a call does.
func serve(t *testing.T, p *pool) *slot {
	t.Helper()
	s, err := p.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.release(s, false)
	return s
}

// A worker that died while it was idle is replaced before the next call.
func TestPoolReplacesWhatDiedAtRest(t *testing.T) {
	p, started := stillPool(t, nil)
	s := serve(t, p)
	(*started)[0].dead = true
	s.used = s.used.Add(-time.Second)
	serve(t, p)
	if len(*started) != 2 {
		t.Errorf("%d workers for a dead one", len(*started))
	}
}

// A disk without room is told to whoever calls, and the worker stays.
func TestPoolWithoutRoom(t *testing.T) {
	var full error
	p, started := stillPool(t, func() error { return full })
	serve(t, p)
	full = errs.New(errs.Exhausted, errBusy, nil)
	if _, err := p.acquire(t.Context()); errs.KindOf(err) != errs.Exhausted {
		t.Errorf("got %v", err)
	}
	full = nil
	serve(t, p)
	if len(*started) != 1 {
		t.Errorf("%d workers", len(*started))
	}
}

// A worker is replaced after so many requests, and when it has grown by a fifth.
func TestPoolReplacesTheWorn(t *testing.T) {
	p, started := stillPool(t, nil)
	for range 2*p.limits.requests + 1 {
		serve(t, p)
	}
	p.wg.Wait()
	if len(*started) != 3 {
		t.Errorf("%d workers for %d requests", len(*started), 2*p.limits.requests+1)
	}
	last := (*started)[2]
	last.resident = 100
	for range warm {
		serve(t, p)
	}
	last.resident = 119
	for range warm {
		serve(t, p)
	}
	if len(*started) != 3 {
		t.Error("it is replaced though it has not grown")
	}
	last.resident = 121
	for range warm {
		serve(t, p)
	}
	serve(t, p)
	if len(*started) != 4 {
		t.Error("it has grown and is not replaced")
	}
}

// A package that makes its declaration panic publishes nothing, and ends
// nothing: it would end the Server at each start.
func TestPackageThatPanics(t *testing.T) {
	dir := t.TempDir()
	text := "weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: test.panics}\nservices:\n  s:\n    o: {output: a}\n"
	err := os.MkdirAll(filepath.Join(dir, "user"), 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "user", "p.weft"), []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Root: dir, Runner: &run.Runner{
		Temp: t.TempDir(), Catalogue: component.NewCatalogue(append(all.All(), componenttest.Panics())), Functions: function.Catalogue(),
		Start: func(context.Context, worker.Config) (run.Engine, error) { return &still{}, nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := r.Look(); err != nil {
		t.Fatal(err)
	}
	if p := r.State().Problems; len(p) != 1 || p[0].Path != "user/p.weft" || p[0].Errors[0].Kind != errs.Internal {
		t.Errorf("problems: %+v", p)
	}
}
