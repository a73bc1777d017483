package run

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

// reader is an engine that does nothing but look into files, as it is told.
type reader struct {
	Engine
	looks *int
	err   *error
}

func (r reader) Discover(context.Context, discover.Request) (discover.Result, error) {
	*r.looks++
	return discover.Result{}, *r.err
}
func (r reader) Close() error { return nil }

// A file that makes the worker crash is tried twice, and again once it has
// changed; what is killed from outside is no fault of the file.
func TestFileThatCrashesTheWorker(t *testing.T) {
	crashed := errs.New(errs.Crashed, errs.Message{ID: "worker.crashed"}, nil)
	for name, c := range map[string]struct {
		err   error
		looks int
	}{
		"crash":              {crashed, mostCrashes},
		"failure inside":     {errs.New(errs.Internal, errs.Message{ID: "x"}, nil), mostCrashes},
		"killed":             {errs.New(errs.Crashed, errs.Message{ID: "worker.killed"}, nil), 5},
		"an error like many": {errs.New(errs.Unreadable, errs.Message{ID: "x"}, nil), 5},
	} {
		t.Run(name, func(t *testing.T) {
			dir, looks, err := t.TempDir(), 0, c.err
			put := func(text string) {
				if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			put("a\n1\n")
			r := &Runner{
				Temp: t.TempDir(), Crashes: NewCrashes(), Catalogue: component.NewCatalogue(all.All()), Functions: function.Catalogue(), Log: slog.New(slog.DiscardHandler),
				Start: func(context.Context, worker.Config) (Engine, error) { return reader{looks: &looks, err: &err}, nil },
			}
			look := func() *plan.Node { return lookOnce(t, r, dir) }
			for range 5 {
				look()
			}
			if looks != c.looks {
				t.Errorf("it is looked into %d times, want %d", looks, c.looks)
			}
			if n := look(); c.looks == mostCrashes && (len(n.Errors) != 1 || n.Errors[0].Message.ID != "run.damaged" || n.Errors[0].Place.File != "a.csv") {
				t.Errorf("the node says %v", n.Errors)
			}
			before := looks
			put("another\n1\n")
			if look(); looks != before+1 {
				t.Error("it has changed and is not looked into")
			}
			err = nil
			if look(); looks != before+2 {
				t.Error("it is not looked into after one crash")
			}
			err = crashed
			for range mostCrashes {
				look()
			}
			if looks != before+2+mostCrashes {
				t.Error("crashes before a success count")
			}
		})
	}
}

// lookOnce discovers a package that reads a.csv, in a session of its own.
func lookOnce(t *testing.T, r *Runner, dir string) *plan.Node {
	t.Helper()
	p, err := pack.Decode([]byte("weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: input.text, settings: {path: a.csv}}\n"), "p.weft")
	if err != nil {
		t.Fatal(err)
	}
	g, err := plan.Bind(p, "main", plan.Options{Catalogue: r.Catalogue, Functions: r.Functions})
	if err != nil {
		t.Fatal(err)
	}
	files, err := workspace.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Open(t.Context(), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Discover(t.Context(), g) // what it says is of the worker
	if err := errors.Join(s.Close(), files.Close()); err != nil {
		t.Fatal(err)
	}
	return g.Node("a")
}
