package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

var msgBroken = errs.Message{ID: "rpc.test_broken", En: "The {thing} is broken.", Ru: "Предмет {thing} сломан."}

// echo implements the test service.
type echo struct {
	testv1.UnimplementedEchoServer
	mu   sync.Mutex
	sent int64 // answers of Down that were handed to the transport
	// before is called by Unary with its context; nil: nothing is.
	before func(context.Context)
}

func (e *echo) Unary(ctx context.Context, r *testv1.UnaryRequest) (*testv1.UnaryResponse, error) {
	if e.before != nil {
		e.before(ctx)
	}
	if r.GetHang() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	switch r.GetFail() {
	case "":
	case "panic":
		panic("as asked")
	case "bytes":
		return nil, errs.New(errs.Conflict, msgBroken, errs.P{"thing": "\xff"})
	default:
		return nil, errs.New(errs.Conflict, msgBroken, errs.P{"thing": r.GetFail()}).
			At(errs.Place{Node: "n1", Setting: "keys[0]"}).Because(errors.New("a secret cause"))
	}
	if md, ok := metadata.FromIncomingContext(ctx); ok && len(md.Get("ask")) > 0 {
		if err := grpc.SetHeader(ctx, metadata.Pairs("told", md.Get("ask")[0])); err != nil {
			return nil, err
		}
		if err := grpc.SetTrailer(ctx, metadata.Pairs("after", "all")); err != nil {
			return nil, err
		}
	}
	out := &testv1.UnaryResponse{Data: r.GetData()}
	if n := r.GetAnswerBytes(); n > 0 {
		out.Data = make([]byte, n)
	}
	if c, ok := CallerFrom(ctx); ok {
		out.Caller = c.Account
	}
	if at, ok := ctx.Deadline(); ok {
		out.LeftMs = time.Until(at).Milliseconds()
	}
	return out, nil
}

func (e *echo) Down(r *testv1.DownRequest, s grpc.ServerStreamingServer[testv1.DownResponse]) error {
	for n := r.GetAfter() + 1; n <= r.GetUntil(); n++ {
		if err := s.Send(&testv1.DownResponse{Number: n, Data: make([]byte, r.GetBytes())}); err != nil {
			return err
		}
		e.mu.Lock()
		e.sent = n
		e.mu.Unlock()
	}
	return nil
}

func (e *echo) handed() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sent
}

func (e *echo) Up(s grpc.ClientStreamingServer[testv1.UpRequest, testv1.UpResponse]) error {
	out := &testv1.UpResponse{}
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return s.SendAndClose(out)
		}
		if err != nil {
			return err
		}
		out.Messages++
		out.Bytes += int64(len(m.GetData()))
	}
}

func (e *echo) Both(s grpc.BidiStreamingServer[testv1.BothRequest, testv1.BothResponse]) error {
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.Send(&testv1.BothResponse{Number: m.GetNumber()}); err != nil {
			return err
		}
	}
}

// accounts is an Authenticator with one person, one program, and a switch.
type accounts struct {
	mu       sync.Mutex
	sessions map[string]Caller // by token
	made     int
	gone     bool // the account was disabled
	role     weftv1.Role
	first    bool // the password is the first one
	local    bool // what the latest credentials said
	slow     time.Duration
	looks    int // at one caller
}

func newAccounts() *accounts {
	return &accounts{sessions: map[string]Caller{}, role: weftv1.Role_ROLE_USER}
}

func (a *accounts) Authenticate(_ context.Context, c Credentials) (Signed, error) {
	time.Sleep(a.slow) // of a clock that tests make
	a.mu.Lock()
	defer a.mu.Unlock()
	a.local = c.Local
	switch {
	case a.gone:
	case c.Kind == ByPassword && c.Name == "ann" && c.Secret == "password":
		a.made++
		s := Signed{Caller: Caller{Account: "a1", Name: "ann", Role: a.role, Session: fmt.Sprint("s", a.made)}, Token: fmt.Sprint("token", a.made)}
		a.sessions[s.Token] = s.Caller
		return s, nil
	case c.Kind == BySession:
		if caller, ok := a.sessions[c.Secret]; ok {
			return Signed{Caller: caller}, nil
		}
	case c.Kind == ByServiceToken && c.Name == "service" && c.Secret == "weft_t":
		return Signed{Caller: Caller{Account: "svc", Name: "service", Role: a.role, Session: "token:1"}}, nil
	}
	return Signed{}, errs.New(errs.Denied, msgSignIn, nil)
}

func (a *accounts) Present(_ context.Context, c Caller) (Caller, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.looks++
	if a.gone {
		return Caller{}, errs.New(errs.Denied, msgSignIn, nil)
	}
	c.Role, c.MustChangePassword = a.role, a.first
	return c, nil
}

func (a *accounts) Over(_ context.Context, sessions []string) ([]string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gone {
		return sessions, nil
	}
	return nil, nil
}

func (a *accounts) set(change func(*accounts)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a)
}

// fixture is a server with the test service, on both transports.
type fixture struct {
	*Server
	echo *echo
	auth *accounts
	web  net.Listener
	tcp  net.Listener
}

func testRules() map[string]Rule {
	rules := Rules()
	for _, m := range []string{"Unary", "Down", "Up", "Both"} {
		rules["/weft.test.v1.Echo/"+m] = Rule{Roles: []weftv1.Role{weftv1.Role_ROLE_USER}}
	}
	return rules
}

// serve starts a server on the listeners, and stops it at the test's end.
func serve(t testing.TB, web, tcp net.Listener, change ...func(*Config)) *fixture {
	t.Helper()
	f := &fixture{echo: &echo{}, auth: newAccounts(), web: web, tcp: tcp}
	c := Config{Auth: f.auth, Rules: testRules(), Version: "test", Origins: Origins{AllowMissing: true}}
	for _, do := range change {
		do(&c)
	}
	f.Server = New(c)
	testv1.RegisterEchoServer(f, f.echo)
	var served sync.WaitGroup
	run := func(serve func() error) {
		served.Go(func() {
			if err := serve(); err != nil {
				t.Error(err)
			}
		})
	}
	run(func() error { return f.ServeWeb(web, f.Server) })
	if tcp != nil {
		run(func() error { return f.ServeTCP(tcp) })
	}
	t.Cleanup(func() {
		f.Close()
		served.Wait()
	})
	return f
}

// start is a server on loopback.
func start(t testing.TB, change ...func(*Config)) *fixture {
	t.Helper()
	return serve(t, listen(t), listen(t), change...)
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (f *fixture) url() string { return "ws://" + f.web.Addr().String() + "/ws" }

func byPassword(h *weftv1.Hello) {
	h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: "ann", Password: "password"}}
}

// overWebsocket is a signed-in client.
func (f *fixture) overWebsocket(t testing.TB, change ...func(*WebsocketClient)) *WebsocketConn {
	t.Helper()
	c := WebsocketClient{URL: f.url(), Language: "ru", Agent: "test", Hello: byPassword}
	for _, do := range change {
		do(&c)
	}
	conn := DialWebsocket(c)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (f *fixture) overTCP(t testing.TB) *grpc.ClientConn {
	t.Helper()
	conn, err := Dial(TCPClient{Address: f.tcp.Addr().String(), User: "service", Token: "weft_t", Language: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
