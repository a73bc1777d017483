package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// recheck is how often the rights of whoever watches are looked at again.
const recheck = 4 * time.Second

// OpenPackage implements weftv1.PackagesServer.
func (p *packages) OpenPackage(r *weftv1.OpenPackageRequest, s grpc.ServerStreamingServer[weftv1.OpenPackageResponse]) error {
	ctx := s.Context()
	c, d, err := p.find(ctx, r.GetPath(), r.GetDocument())
	if err != nil {
		return err
	}
	defer d.Release()
	d.Arrive(c.Ref(), c.Name)
	defer d.Leave(c.Ref())
	w := &packageWatch{
		packages: p, d: d, caller: c, form: r.GetForm(), lang: rpc.Language(ctx),
		send: func(what *weftv1.OpenPackageResponse) error { return s.Send(what) },
	}
	if err := w.open(ctx, r.GetDocument(), r.GetAfter()); err != nil {
		return err
	}
	return w.follow(ctx)
}

// find opens the document of a path, or that of an id which the client knows
// from before: its file may have been renamed meanwhile.
func (p *packages) find(ctx context.Context, path, id string) (auth.Caller, *document.Document, error) {
	c, err := p.mayOn(ctx, auth.ReadFiles, path)
	if err != nil {
		return c, nil, err
	}
	d, err := p.hub.Open(ctx, path)
	if errs.KindOf(err) != errs.NotFound || id == "" {
		return c, d, err
	}
	now, known := p.hub.PathOf(id)
	if !known || now == path {
		return c, nil, err
	}
	if c, e := p.mayOn(ctx, auth.ReadFiles, now); e != nil {
		return c, nil, err // as if it were not there
	}
	d, err = p.hub.Open(ctx, now)
	return c, d, err
}

// packageWatch tells one client what happens to a document. It has no queue:
// it compares what it has told with what is. A client that lags behind the
// events that are still known gets the whole anew.
type packageWatch struct {
	*packages
	d      *document.Document
	caller auth.Caller
	form   weftv1.Form
	lang   string
	send   func(*weftv1.OpenPackageResponse) error

	number   int64            // of the last event that was told
	version  int64            // of the last state that was told
	file     *document.State  // as it was told
	path     string           // of the file, as it was told
	presence map[string]int64 // versions that were told, by session
}

// open tells how the document is, or what has happened since the client's last
// event.
func (w *packageWatch) open(ctx context.Context, id string, after int64) error {
	state, changes, known := w.d.Since(after)
	known = known && id == w.d.ID() && !reloads(changes)
	can := w.d.Can(w.caller.Account)
	opened := &weftv1.Opened{
		Document: w.d.ID(), Number: state.Number, Snapshot: !known, CanUndo: can.Undo, CanRedo: can.Redo,
		Writable: w.auth.Check(ctx, w.caller, auth.WriteFiles, "/"+w.d.Path()) == nil,
		Runnable: w.auth.Check(ctx, w.caller, auth.StartRuns, "/"+w.d.Path()) == nil,
	}
	var all whole
	if !known {
		all = w.whole(state)
		opened.Number, opened.SnapshotBytes = all.number, all.size
	}
	if err := w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Opened{Opened: opened}}); err != nil {
		return err
	}
	if !known {
		if err := w.snapshot(all); err != nil {
			return err
		}
		return w.state(state)
	}
	w.number = after
	return w.tell(state, changes, true)
}

// follow tells what happens until the client goes, the document does, or the
// right to see it.
func (w *packageWatch) follow(ctx context.Context) error {
	problems, stop := w.watchProblems(ctx)
	defer stop()
	rights := time.NewTicker(recheck)
	defer rights.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case found := <-problems:
			if err := w.send(found); err != nil {
				return err
			}
		case <-rights.C:
			if _, err := w.may(ctx, auth.ReadFiles, w.d.Path()); err != nil {
				return err
			}
		case <-w.d.News(w.version):
			state, changes, known := w.d.Since(w.number)
			if state.Gone != nil {
				return state.Gone
			}
			if err := w.tell(state, changes, known); err != nil {
				return err
			}
		}
	}
}

// tell tells events, the whole where they are no longer known, and the rest of
// the state.
func (w *packageWatch) tell(state document.State, changes []document.Change, known bool) error {
	if !known || reloads(changes) {
		if err := w.reload(state, changes); err != nil {
			return err
		}
		return w.state(state)
	}
	for _, c := range changes {
		if err := w.event(c); err != nil {
			return err
		}
	}
	return w.state(state)
}

func reloads(changes []document.Change) bool {
	for _, c := range changes {
		if c.Reload {
			return true
		}
	}
	return false
}

func (w *packageWatch) event(c document.Change) error {
	w.number = c.Number
	return w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Event{Event: w.wireEvent(c)}})
}

// reload says that the whole follows, and sends it. The latest event is told
// with it.
func (w *packageWatch) reload(state document.State, changes []document.Change) error {
	all := w.whole(state)
	e := &weftv1.DocumentEvent{}
	if n := len(changes); n > 0 && changes[n-1].Number == all.number {
		e = w.wireEvent(changes[n-1])
	}
	can := w.d.Can(w.caller.Account)
	e.Number, e.Reload, e.Patches, e.CanUndo, e.CanRedo = all.number, true, nil, can.Undo, can.Redo
	if err := w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Event{Event: e}}); err != nil {
		return err
	}
	return w.snapshot(all)
}

// state tells what has changed beside the package.
func (w *packageWatch) state(s document.State) error {
	w.version = s.Version
	if path := w.d.Path(); w.file == nil || w.file.File != s.File || w.file.Refusal != s.Refusal || w.path != path {
		w.file, w.path = &s, path
		if err := w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_File{File: w.wireFile(s)}}); err != nil {
			return err
		}
	}
	return w.people(s.Presence)
}

// people tells who came, moved or went; not of the client itself.
func (w *packageWatch) people(list []document.Presence) error {
	now := make(map[string]int64, len(list))
	for _, p := range list {
		now[p.Session] = p.Version
		if p.Session == w.caller.Ref() || w.presence[p.Session] == p.Version {
			continue
		}
		if err := w.person(&weftv1.Presence{Session: p.Session, Name: p.Name, Workflow: p.Workflow, Nodes: p.Nodes}); err != nil {
			return err
		}
	}
	for session := range w.presence {
		if _, there := now[session]; there || session == w.caller.Ref() {
			continue
		}
		if err := w.person(&weftv1.Presence{Session: session, Gone: true}); err != nil {
			return err
		}
	}
	w.presence = now
	return nil
}

func (w *packageWatch) person(p *weftv1.Presence) error {
	return w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Presence{Presence: p}})
}
