package server

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

const (
	patience = 60 * time.Second // how long a test waits for what is to happen
	secret   = "a password of four words "
	sample   = "weft: 1\nlabel: Sample\nworkflows:\n  main:\n    nodes:\n      a: {component: x}\n      b: {component: y, input: a}\n"
)

// site is a Server of packages on both transports. ann and bob share a folder,
// which vera may only see; mallory may not even that.
type site struct {
	dir  string
	db   *sqlite.DB
	auth *auth.Auth
	hub  *document.Hub
	wire *rpc.Server
	web  net.Listener
	tcp  net.Listener
	ends sync.WaitGroup
}

func newSite(t testing.TB, problems Problems, change ...func(*document.Options)) *site {
	t.Helper()
	s, err := openSite(t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", problems, change...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// openSite starts a Server with a folder, and fills that the first time.
func openSite(dir, web, tcp string, problems Problems, change ...func(*document.Options)) (*site, error) {
	ctx := context.Background()
	s := &site{dir: dir}
	var err error
	if s.db, err = sqlite.Open(ctx, sqlite.Options{File: filepath.Join(dir, "weft.db")}); err != nil {
		return nil, err
	}
	s.auth = auth.New(s.db.Store(), auth.Options{Cost: auth.Cost{Memory: 64, Passes: 1, Lanes: 1}})
	if err := s.fill(ctx); err != nil {
		return nil, err
	}
	o := document.Options{Root: filepath.Join(dir, "workspace"), Journals: filepath.Join(dir, "journals"), SaveAfter: 50 * time.Millisecond, Poll: 20 * time.Millisecond}
	for _, do := range change {
		do(&o)
	}
	s.hub = document.New(o)
	return s, s.serve(web, tcp, problems)
}

func (s *site) fill(ctx context.Context) error {
	admin := s.auth.Owner()
	if _, err := admin.Account(ctx, "ann"); err == nil {
		return nil
	}
	for name, role := range map[string]store.Role{"ann": store.User, "bob": store.User, "vera": store.Viewer, "mallory": store.User} {
		_, first, err := admin.CreateAccount(ctx, name, role)
		if err != nil {
			return err
		}
		signed, err := s.auth.SignIn(ctx, auth.Request{Name: name, Password: first})
		if err != nil {
			return err
		}
		if err := s.auth.ChangePassword(ctx, signed.Caller, first, secret+name); err != nil {
			return err
		}
	}
	for name, rights := range map[string]store.Rights{"ann": store.AllRights, "bob": store.AllRights, "vera": store.Read} {
		if err := admin.Grant(ctx, "/shared", auth.Subject{Name: name}, rights); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(s.dir, "workspace", "shared"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(s.path("shared/p.weft"), []byte(sample), 0o600)
}

func (s *site) path(name string) string {
	return filepath.Join(s.dir, "workspace", filepath.FromSlash(name))
}

// byName lets people call over TCP too, where only programs may.
type byName struct {
	*Authenticator
	mu     sync.Mutex
	signed map[string]rpc.Signed
}

func (b *byName) Authenticate(ctx context.Context, c rpc.Credentials) (rpc.Signed, error) {
	if c.Kind != rpc.ByServiceToken {
		return b.Authenticator.Authenticate(ctx, c)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.signed[c.Name]; ok {
		return s, nil
	}
	c.Kind = rpc.ByPassword
	s, err := b.Authenticator.Authenticate(ctx, c)
	if err == nil {
		b.signed[c.Name] = s
	}
	return s, err
}

func (s *site) serve(web, tcp string, problems Problems) (err error) {
	limits := rpc.DefaultLimits()
	limits.EditsPerSecond, limits.EditBurst, limits.OpensPerSecond, limits.OpenBurst = 1e6, 1e6, 1e6, 1e6
	s.wire = rpc.New(rpc.Config{
		Auth: &byName{Authenticator: NewAuthenticator(s.auth, nil), signed: map[string]rpc.Signed{}}, Limits: limits, Origins: rpc.Origins{AllowMissing: true},
	})
	weftv1.RegisterPackagesServer(s.wire, NewPackages(s.auth, s.hub, problems))
	if s.web, err = net.Listen("tcp", web); err != nil {
		return err
	}
	if s.tcp, err = net.Listen("tcp", tcp); err != nil {
		return err
	}
	s.ends.Go(func() { _ = s.wire.ServeWeb(s.web, s.wire) })
	s.ends.Go(func() { _ = s.wire.ServeTCP(s.tcp) })
	return nil
}

// Close stops as a Server does that is told to.
func (s *site) Close() error {
	s.wire.Close()
	s.ends.Wait()
	return errors.Join(s.hub.Close(context.Background()), s.db.Close())
}

func (s *site) websocket(t testing.TB, name string) grpc.ClientConnInterface {
	return overWebsocket(t, s.web.Addr().String(), name)
}

func overWebsocket(t testing.TB, address, name string) *rpc.WebsocketConn {
	conn := rpc.DialWebsocket(rpc.WebsocketClient{URL: "ws://" + address + "/ws", Language: "en", Agent: "test", Hello: func(h *weftv1.Hello) {
		h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: name, Password: secret + name}}
	}})
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (s *site) overTCP(t testing.TB, name string) grpc.ClientConnInterface {
	return overTCP(t, s.tcp.Addr().String(), name)
}

func overTCP(t testing.TB, address, name string) *grpc.ClientConn {
	conn, err := rpc.Dial(rpc.TCPClient{Address: address, User: name, Token: secret + name, Language: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// refused checks the kind of a call's error, and that it is told.
func refused(t *testing.T, err error, kind errs.Kind) *weftv1.Error {
	t.Helper()
	told := rpc.Errors(err)
	if len(told) == 0 || told[0].GetKind() != kind.String() || told[0].GetText() == "" {
		t.Fatalf("%v, want one of kind %v", err, kind)
	}
	return told[0]
}
