package preview

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// still is an engine that does nothing; querying it panics.
type still struct{ run.Engine }

func (still) Close() error { return nil }

// fixed is a document that does not change.
type fixed struct{ pkg *pack.Package }

func (fixed) ID() string                        { return "d" }
func (fixed) Path() string                      { return "user/p.weft" }
func (d fixed) Current() (*pack.Package, int64) { return d.pkg, 1 }
func (fixed) Changed(after int64) <-chan struct{} {
	c := make(chan struct{})
	if after < 1 {
		close(c)
	}
	return c
}

// A panic in the work on a package is what its panels show, and ends nothing.
func TestPanic(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "user"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := New(Options{Tree: dir, Runner: &run.Runner{
		Temp: t.TempDir(), Catalogue: component.NewCatalogue(append(all.All(), componenttest.Panics())), Functions: function.Catalogue(),
		Start: func(context.Context, worker.Config) (run.Engine, error) { return still{}, nil },
	}})
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, node := range map[string]string{"in planning": "{component: test.panics}", "in the work": "{component: input.table, settings: {columns: [{name: x}]}}"} {
		pkg, err := pack.Decode([]byte("weft: 1\nworkflows:\n  main:\n    nodes:\n      a: "+node+"\n"), "p.weft")
		if err != nil {
			t.Fatal(err)
		}
		doc := fixed{pkg}
		enough := errors.New("enough")
		var told error
		err = p.Show(t.Context(), "ann", doc, Request{Port: Port{Node: "a"}, Limit: 10}, func(a Answer) error { told = a.Err; return enough })
		if errs.KindOf(err) != errs.Internal || told == nil && errors.Is(err, enough) {
			t.Errorf("rows, %s: %v, told %v", name, err, told)
		}
		told = nil
		err = p.Describe(t.Context(), "ann", doc, Port{Node: "a"}, nil, func(s Statistics) error { told = s.Err; return enough })
		if errs.KindOf(err) != errs.Internal || told == nil && errors.Is(err, enough) {
			t.Errorf("statistics, %s: %v, told %v", name, err, told)
		}
		p.Forget("d")
	}
	pkg, err := pack.Decode([]byte("weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: test.panics}\n"), "p.weft")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Problems(t.Context(), "ann", fixed{pkg}); errs.KindOf(err) != errs.Internal {
		t.Errorf("problems: %v", err)
	}
}
