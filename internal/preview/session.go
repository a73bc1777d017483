package preview

import (
	"context"
	"errors"
	"path"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// session is what one person has open of one document.
type session struct {
	key   key
	o     *Options
	files *workspace.Workspace
	kept  run.Kept
	short *run.Lane // what must be there at once
	long  *run.Lane // what takes long

	// Of Previews, under its lock.
	users int
	left  time.Time // when users became 0

	mu     sync.Mutex
	number int64 // of the document, that graphs are of
	graphs map[string]*plan.Graph
}

func newSession(o *Options, k key) (*session, error) {
	var guard workspace.Guard
	if o.Guard != nil {
		guard = o.Guard(k.account)
	}
	files, err := workspace.OpenIn(o.Tree, k.path, guard)
	if err != nil {
		return nil, err
	}
	s := &session{key: k, o: o, files: files, left: time.Now(), graphs: map[string]*plan.Graph{}}
	if o.Kept != nil {
		if s.kept, err = o.Kept(k.path); err != nil {
			o.Log.Warn("kept results cannot be used", "package", path.Base(k.path), "error", err)
			s.kept = nil
		}
	}
	open := func(ctx context.Context) (*run.Session, error) { return o.Runner.Open(ctx, s.files, s.kept) }
	s.short, s.long = run.NewLane(open), run.NewLane(open)
	return s, nil
}

func (s *session) close() error {
	return errors.Join(s.short.Close(), s.long.Close(), s.files.Close())
}

// compile binds a workflow of the document as it is at a number, and looks at
// its sources. All panels share the graph; files that changed on the disk make
// a new one.
func (s *session) compile(ctx context.Context, p *pack.Package, number int64, workflow string) (*plan.Graph, error) {
	if workflow == "" {
		workflow = "main"
	}
	if g := s.compiled(number, workflow); g != nil {
		return g, nil
	}
	var g *plan.Graph
	err := s.short.Do(ctx, func(w *run.Session) (err error) {
		if g = s.compiled(number, workflow); g != nil {
			return nil // another panel was quicker
		}
		r := s.o.Runner
		if g, err = plan.Bind(p, workflow, plan.Options{Catalogue: r.Catalogue, Functions: r.Functions}); err != nil {
			return err
		}
		if err = w.Discover(ctx, g); err == nil {
			s.note(number, workflow, g)
		}
		return err
	})
	return g, err
}

// compiled is the graph of a workflow where it still holds.
func (s *session) compiled(number int64, workflow string) *plan.Graph {
	s.mu.Lock()
	g := s.graphs[workflow]
	if s.number != number {
		g = nil
	}
	s.mu.Unlock()
	if g == nil || !run.Unchanged(s.files, g) {
		return nil
	}
	return g
}

func (s *session) note(number int64, workflow string, g *plan.Graph) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < s.number {
		return
	}
	if number > s.number {
		clear(s.graphs)
		s.number = number
	}
	s.graphs[workflow] = g
}
