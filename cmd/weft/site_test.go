package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/server"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/kept"
	"github.com/weftworks/weft/internal/store/sqlite"
)

// site is the part of a Server that gives previews and runs, over its real
// wire and with real workers.
type site struct {
	dir      string
	auth     *auth.Auth
	runner   *run.Runner
	previews *preview.Previews
	jobs     *job.Jobs
	open     *openSet
	url      string
	password string
}

func newSite(t *testing.T, change ...func(*run.Runner, *preview.Options, *job.Options)) *site {
	t.Helper()
	open := descriptors()
	s := &site{dir: t.TempDir(), open: &openSet{docs: map[string]*openPackage{}}}
	s.runner = app.NewRunner(app.RunnerConfig{Worker: []string{filepath.Join(install(t), "weft"), "worker"}})
	s.runner.Temp = filepath.Join(s.dir, "temp")
	for _, d := range []string{"workspace/user", "temp", "runs"} {
		if err := os.MkdirAll(filepath.Join(s.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlite.Open(t.Context(), sqlite.Options{File: filepath.Join(s.dir, "weft.db")})
	check(t, err)
	s.auth = auth.New(db.Store(), auth.Options{Cost: auth.Cost{Memory: 64, Passes: 1, Lanes: 1}})
	first, err := s.auth.First(t.Context(), filepath.Join(s.dir, "first.txt"))
	check(t, err)
	for _, c := range first {
		if c.Role == store.User {
			s.password = c.Secret
		}
	}
	keep := func(path string) (run.Kept, error) {
		return kept.Open(filepath.Join(s.dir, "kept", filepath.Base(path)), 1<<30)
	}
	po := preview.Options{Runner: s.runner, Tree: s.tree(""), Guard: server.Guards(s.auth), Kept: keep}
	jo := job.Options{Runner: s.runner, Tree: s.tree(""), Runs: filepath.Join(s.dir, "runs"), Guard: server.Guards(s.auth), Kept: keep}
	for _, do := range change {
		do(s.runner, &po, &jo)
	}
	s.previews = preview.New(po)
	s.jobs, err = job.New(jo)
	check(t, err)
	t.Cleanup(func() {
		check(t, s.previews.Close())
		check(t, s.jobs.Close())
		check(t, db.Close())
		for _, d := range []string{"temp", "runs/.work"} {
			if left, _ := filepath.Glob(filepath.Join(s.dir, d, "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		}
		if now := descriptors(); now > open {
			t.Errorf("%d descriptors are open, %d were before", now, open)
		}
		if left := workers(t); len(left) > 0 {
			t.Errorf("processes %v are left", left)
		}
	})
	s.serve(t)
	return s
}

// descriptors is how many files this process has open; 0 where that can't be
// known.
func descriptors() int {
	list, _ := os.ReadDir("/proc/self/fd")
	return len(list)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tree is a file of the Server's tree of folders.
func (s *site) tree(path string) string { return filepath.Join(s.dir, "workspace", path) }

func (s *site) serve(t *testing.T) {
	t.Helper()
	wire := rpc.New(rpc.Config{Auth: server.NewAuthenticator(s.auth, nil), Origins: rpc.Origins{AllowMissing: true}})
	weftv1.RegisterSessionServer(wire, server.NewSession(s.auth, wire))
	weftv1.RegisterDataServer(wire, server.NewData(s.auth, s.open, s.previews, s.jobs))
	weftv1.RegisterRunsServer(wire, server.NewRuns(s.auth, s.open, s.jobs))
	catalogue, err := server.NewCatalogue(s.auth, s.runner.Catalogue, s.runner.Functions)
	check(t, err)
	weftv1.RegisterCatalogueServer(wire, catalogue)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	s.url = "ws://" + l.Addr().String() + "/ws"
	var served sync.WaitGroup
	served.Go(func() {
		if err := wire.ServeWeb(l, wire); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		wire.Close()
		served.Wait()
	})
}

// client is the browser of user, who has changed the first password.
func (s *site) client(t *testing.T, limits ...rpc.Limits) *rpc.WebsocketConn {
	t.Helper()
	c := rpc.WebsocketClient{URL: s.url, Language: "en", Agent: "test", Hello: func(h *weftv1.Hello) {
		h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: "user", Password: s.password}}
	}}
	if len(limits) > 0 {
		c.Limits = limits[0]
	}
	conn := rpc.DialWebsocket(c)
	t.Cleanup(func() { _ = conn.Close() })
	if len(s.password) != len(longer) {
		_, err := weftv1.NewSessionClient(conn).ChangePassword(t.Context(), &weftv1.ChangePasswordRequest{OldPassword: s.password, NewPassword: longer})
		check(t, err)
		s.password = longer
	}
	return conn
}

// account is the id of user.
func (s *site) account(t *testing.T) string {
	t.Helper()
	a, err := s.auth.Owner().Account(t.Context(), "user")
	check(t, err)
	return a.ID
}

const longer = "a password that is longer than the first one"

// openSet has the documents that are open.
type openSet struct {
	mu   sync.Mutex
	docs map[string]*openPackage
}

// openPackage is a document without its journal and file.
type openPackage struct {
	id      string // its first path
	mu      sync.Mutex
	path    string
	doc     *pack.Document
	changed chan struct{}
}

// put opens a package of a text as the document of its path.
func (s *site) put(t testing.TB, path, text string) *openPackage {
	t.Helper()
	p, err := pack.Decode([]byte(text), path)
	check(t, err)
	d := &openPackage{id: path, path: path, doc: pack.NewDocument(p, 0), changed: make(chan struct{})}
	s.open.mu.Lock()
	defer s.open.mu.Unlock()
	s.open.docs[path] = d
	return d
}

func (o *openSet) Get(id string) (server.OpenDocument, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d := o.docs[id]; d != nil {
		return d, nil
	}
	return nil, errs.New(errs.NotFound, errs.Message{ID: "test.no_document", En: "no document", Ru: "нет документа"}, nil)
}

func (o *openSet) Open(_ context.Context, path string) (server.OpenDocument, error) {
	return o.Get(path)
}

func (d *openPackage) ID() string { return d.id }
func (d *openPackage) Release()   {}

func (d *openPackage) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.path
}

// move gives the package's file another path.
func (d *openPackage) move(to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.path = to
}

func (d *openPackage) Current() (*pack.Package, int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.doc.Package().Clone(), d.doc.Seq()
}

func (d *openPackage) Changed(after int64) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.doc.Seq() > after {
		c := make(chan struct{})
		close(c)
		return c
	}
	return d.changed
}

// do applies a command.
func (d *openPackage) do(t *testing.T, c pack.Command) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	_, err := d.doc.Do(pack.Author{Person: "user"}, c)
	check(t, err)
	close(d.changed)
	d.changed = make(chan struct{})
}

// rowsOf reads a stream of Arrow.
func rowsOf(t *testing.T, stream []byte) [][]rel.Value {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(stream))
	check(t, err)
	defer r.Release()
	var out [][]rel.Value
	for r.Next() {
		out = append(out, run.Rows(r.RecordBatch())...)
	}
	check(t, r.Err())
	return out
}

// panel is a preview as a panel of Studio sees it.
type panel struct {
	stream grpc.BidiStreamingClient[weftv1.WatchPreviewRequest, weftv1.WatchPreviewResponse]
	last   int64
}

func newPanel(t *testing.T, conn grpc.ClientConnInterface) *panel {
	t.Helper()
	stream, err := weftv1.NewDataClient(conn).WatchPreview(t.Context())
	check(t, err)
	return &panel{stream: stream}
}

func (p *panel) ask(t *testing.T, port *weftv1.Port, limit uint32, exact bool) {
	t.Helper()
	p.last++
	check(t, p.stream.Send(&weftv1.WatchPreviewRequest{Request: p.last, Port: port, Limit: limit, Exact: exact}))
}

// answered is one answer to a panel.
type answered struct {
	number int64
	schema *weftv1.TableSchema
	rows   [][]rel.Value
	done   *weftv1.PreviewDone
	failed *weftv1.PreviewFailed
}

// next is the next answer to the latest request.
func (p *panel) next(t *testing.T) answered {
	t.Helper()
	var out answered
	var arrow []byte
	for {
		m, err := p.stream.Recv()
		check(t, err)
		if m.GetRequest() != p.last {
			out, arrow = answered{}, nil
			continue
		}
		out.number = m.GetNumber()
		switch part := m.GetPart().(type) {
		case *weftv1.WatchPreviewResponse_Schema:
			out.schema, arrow = part.Schema, nil
		case *weftv1.WatchPreviewResponse_Arrow:
			arrow = append(arrow, part.Arrow...)
		case *weftv1.WatchPreviewResponse_Failed:
			out.failed = part.Failed
			return out
		case *weftv1.WatchPreviewResponse_Done:
			out.done, out.rows = part.Done, rowsOf(t, arrow)
			return out
		}
	}
}
