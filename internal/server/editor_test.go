package server

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/pack"
)

// editor is a client that has a package open, as Studio has it: a copy that it
// keeps by patches, taken up again where it was after every loss.
type editor struct {
	weftv1.PackagesClient
	t      testing.TB
	path   string
	drop   func(*weftv1.OpenPackageResponse) bool // whether a message is lost with its connection
	cancel context.CancelFunc
	ended  sync.WaitGroup

	mu        sync.Mutex
	wake      chan struct{} // closed at each change
	document  string
	tree      pack.Value
	number    int64
	opened    *weftv1.Opened
	events    []*weftv1.DocumentEvent
	snapshots int
	people    map[string]*weftv1.Presence
	file      *weftv1.FileState
	problems  *weftv1.Problems
	err       error // the latest
	wrong     error // what should never have been
}

func edit(t testing.TB, conn grpc.ClientConnInterface, path string, drop ...func(*weftv1.OpenPackageResponse) bool) *editor {
	ctx, cancel := context.WithCancel(context.Background())
	e := &editor{PackagesClient: weftv1.NewPackagesClient(conn), t: t, path: path, cancel: cancel, wake: make(chan struct{}), people: map[string]*weftv1.Presence{}}
	if len(drop) > 0 {
		e.drop = drop[0]
	}
	e.ended.Go(func() {
		for ctx.Err() == nil {
			err := e.watch(ctx)
			if ctx.Err() != nil {
				return
			}
			e.set(func() { e.err = err })
			if c := status.Code(err); c != codes.Unavailable && c != codes.Unknown {
				return
			}
		}
	})
	t.Cleanup(e.close)
	return e
}

func (e *editor) close() {
	e.cancel()
	e.ended.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.wrong != nil {
		e.t.Error(e.wrong)
	}
}

func (e *editor) set(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
	close(e.wake)
	e.wake = make(chan struct{})
}

// until waits for what is to happen.
func (e *editor) until(what string, fits func() bool) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		e.mu.Lock()
		ok, wake := fits(), e.wake
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-wake:
		case <-ctx.Done():
			e.mu.Lock()
			defer e.mu.Unlock()
			e.t.Fatalf("waiting for %s at %d: %v, %v", what, e.number, e.err, e.file)
		}
	}
}

func (e *editor) at(number int64) {
	e.t.Helper()
	e.until(fmt.Sprint("event ", number), func() bool { return e.number >= number })
}

// watch has the package open until the connection is lost.
func (e *editor) watch(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.mu.Lock()
	r := &weftv1.OpenPackageRequest{Path: e.path, Document: e.document, After: e.number, Form: weftv1.Form_FORM_TREE}
	e.mu.Unlock()
	s, err := e.OpenPackage(ctx, r)
	if err != nil {
		return err
	}
	var whole []byte
	as := int64(-1)
	for {
		m, err := s.Recv()
		if err != nil {
			return err
		}
		if e.drop != nil && e.drop(m) {
			return status.Error(codes.Unavailable, "lost")
		}
		e.set(func() { e.take(m, &whole, &as) })
	}
}

func (e *editor) take(m *weftv1.OpenPackageResponse, whole *[]byte, as *int64) {
	switch {
	case m.GetOpened() != nil:
		e.opened, e.document = m.GetOpened(), m.GetOpened().GetDocument()
		if m.GetOpened().GetSnapshot() {
			*as = m.GetOpened().GetNumber()
		}
	case m.GetSnapshot() != nil:
		*whole = append(*whole, m.GetSnapshot().GetData()...)
		if m.GetSnapshot().GetLast() {
			e.reload(*whole, *as)
			*whole = nil
		}
	case m.GetEvent() != nil:
		e.takeEvent(m.GetEvent(), as)
	case m.GetPresence() != nil:
		e.people[m.GetPresence().GetSession()] = m.GetPresence()
		if m.GetPresence().GetGone() {
			delete(e.people, m.GetPresence().GetSession())
		}
	case m.GetFile() != nil:
		e.file = m.GetFile()
	case m.GetProblems() != nil:
		e.problems = m.GetProblems()
	}
}

func (e *editor) reload(whole []byte, number int64) {
	tree, err := pack.ParseJSON(whole)
	if err != nil {
		e.wrong = fmt.Errorf("snapshot of %d bytes: %w", len(whole), err)
		return
	}
	e.tree, e.number = tree, number
	e.snapshots++
}

func (e *editor) takeEvent(ev *weftv1.DocumentEvent, as *int64) {
	e.events = append(e.events, ev)
	if ev.GetReload() {
		*as = ev.GetNumber()
		return
	}
	if ev.GetNumber() != e.number+1 {
		e.wrong = fmt.Errorf("event %d came at %d", ev.GetNumber(), e.number)
		return
	}
	if err := pack.ApplyPatches(&e.tree, patches(ev)); err != nil {
		e.wrong = fmt.Errorf("event %d: %w", ev.GetNumber(), err)
	}
	e.number = ev.GetNumber()
}

func patches(ev *weftv1.DocumentEvent) []pack.Patch {
	var out []pack.Patch
	for _, p := range ev.GetPatches() {
		q := pack.Patch{Path: p.GetPath(), Before: p.GetBefore()}
		switch {
		case p.GetRemove():
			q.Op = pack.PatchRemove
		case p.GetInsert() != "":
			q.Op, q.JSON = pack.PatchInsert, []byte(p.GetInsert())
		default:
			q.JSON = []byte(p.GetValue())
		}
		out = append(out, q)
	}
	return out
}

// copyOf is the editor's copy as text, for comparing.
func (e *editor) copyOf() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return text(e.tree)
}

func text(v pack.Value) string {
	var b bytes.Buffer
	write(&b, v)
	return b.String()
}

func write(b *bytes.Buffer, v pack.Value) {
	switch v.Kind {
	case pack.MapValue:
		for _, e := range v.Map {
			fmt.Fprintf(b, "%q:{", e.Key)
			write(b, e.Value)
			b.WriteString("}")
		}
	case pack.ListValue:
		for _, e := range v.List {
			b.WriteString("[")
			write(b, e)
			b.WriteString("]")
		}
	default:
		fmt.Fprintf(b, "%d %t %d %g %q", v.Kind, v.Bool, v.Int, v.Real, v.Text)
	}
}

// command sends a command, as often as it takes.
func (e *editor) command(ctx context.Context, client string, c pack.Command) (*weftv1.SendCommandResponse, error) {
	e.mu.Lock()
	id, base := e.document, e.number
	e.mu.Unlock()
	return e.SendCommand(ctx, &weftv1.SendCommandRequest{Document: id, ClientId: client, Base: base, Command: string(pack.EncodeCommand(c))})
}

func (e *editor) do(client string, c pack.Command) *weftv1.SendCommandResponse {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a, err := e.command(ctx, client, c)
	if err != nil {
		e.t.Fatal(err)
	}
	return a
}
