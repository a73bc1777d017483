package app

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/rpc"
)

// patience is how long a test waits for what is to happen.
const patience = 20 * time.Second

// runningServer is a Server at work.
type runningServer struct {
	*Server
	stop func() // and wait for its end
}

// startServer starts a Server on free ports with a data folder of its own.
func startServer(t *testing.T, change ...func(*ServerConfig)) *runningServer {
	t.Helper()
	c := DefaultServer()
	c.WS, c.TCP, c.Data, c.Version = "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "data"), "test"
	c.Grace, c.cost = time.Second, auth.Cost{Memory: 64, Passes: 1, Lanes: 1}
	for _, do := range change {
		do(&c)
	}
	s, err := NewServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	r := &runningServer{Server: s}
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(r.stop)
	return r
}

// url is the address of the websocket.
func (r *runningServer) url() string { return "ws://" + r.Websockets()[0].String() + "/ws" }

// secret is the first password of an account, or token of the service.
func (r *runningServer) secret(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Folder(), FirstPasswords))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if secret, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(secret)
		}
	}
	t.Fatalf("no first password of %s", name)
	return ""
}

// dial is a client of the websocket, from a page of the Server's own host.
func (r *runningServer) dial(t *testing.T, hello func(*weftv1.Hello), change ...func(*rpc.WebsocketClient)) *rpc.WebsocketConn {
	t.Helper()
	c := rpc.WebsocketClient{URL: r.url(), Origin: "http://127.0.0.1:8000", Agent: "test", Hello: hello}
	for _, do := range change {
		do(&c)
	}
	conn := rpc.DialWebsocket(c)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func byPassword(name, password string) func(*weftv1.Hello) {
	return func(h *weftv1.Hello) {
		h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: name, Password: password}}
	}
}

func byTicket(token string) func(*weftv1.Hello) {
	return func(h *weftv1.Hello) { h.Credentials = &weftv1.Hello_OneTimeToken{OneTimeToken: token} }
}

// changed is the password of accounts whose first one was changed.
const changed = "a long way from home"

// person is a signed-in account that has changed its first password.
func (r *runningServer) person(t *testing.T, name string) *rpc.WebsocketConn {
	t.Helper()
	conn := r.dial(t, byPassword(name, r.secret(t, name)))
	ask(t, weftv1.NewSessionClient(conn).ChangePassword, &weftv1.ChangePasswordRequest{OldPassword: r.secret(t, name), NewPassword: changed})
	return conn
}

// ask makes a call that must succeed.
func ask[Q, A any](t *testing.T, call func(context.Context, Q, ...grpc.CallOption) (A, error), q Q) A {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	a, err := call(ctx, q)
	if err != nil {
		t.Fatal(err, rpc.Errors(err))
	}
	return a
}

// refused makes a call that must fail, and returns its code and the ids of its
// messages.
func refused[Q, A any](t *testing.T, call func(context.Context, Q, ...grpc.CallOption) (A, error), q Q) (codes.Code, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := call(ctx, q)
	if err == nil {
		t.Fatalf("%T was not refused", q)
	}
	var ids []string
	for _, e := range rpc.Errors(err) {
		ids = append(ids, e.GetId())
	}
	return status.Code(err), strings.Join(ids, " ")
}

// reboundTo leads every name to one address.
func reboundTo(address string) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
}
