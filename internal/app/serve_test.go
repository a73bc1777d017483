package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

func localConfig(t *testing.T) LocalConfig {
	t.Helper()
	return LocalConfig{
		Data: filepath.Join(t.TempDir(), "data"), Version: "test",
		Examples: fstest.MapFS{
			"start.weft": {Data: []byte("weft: 1\n")}, "data/a.csv": {Data: []byte("a\n1\n")}, ".keep": {Data: []byte("x")},
		},
	}
}

// startLocal runs everything on free ports.
func startLocal(t *testing.T, cfg LocalConfig) (l *Local, stop func()) {
	t.Helper()
	l, err := NewLocal(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return l, stop
}

// studioAt signs in as a browser does that opens an address.
func studioAt(t *testing.T, l *Local, address string) *rpc.WebsocketConn {
	t.Helper()
	page, token, ok := strings.Cut(address, "#token=")
	token, _, _ = strings.Cut(token, "&")
	if !ok || page != l.Address() {
		t.Fatal(address)
	}
	conn := rpc.DialWebsocket(rpc.WebsocketClient{
		URL:    "ws://" + l.server.Websockets()[0].String() + "/ws",
		Origin: strings.TrimSuffix(page, "/app/"), Agent: "test", Hello: byTicket(token),
	})
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// The whole of weft serve: the page, server.json with the Server's port, the
// local user signed in by the file, the examples in the workspace; and a new
// token in the file once one was used.
func TestServe(t *testing.T) {
	l, stop := startLocal(t, localConfig(t))
	resp, err := http.Get(l.Address())
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "Studio") {
		t.Error(resp.StatusCode, string(page))
	}
	file, address, err := Link(l.Folder())
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others can read the token:", info.Mode(), err)
	}
	if _, to, _ := strings.Cut(address, "&to="); to != "/open/user/start.weft" {
		t.Error("the first start does not lead to the example:", address)
	}
	conn := studioAt(t, l, address)
	me := ask(t, weftv1.NewSessionClient(conn).WhoAmI, &weftv1.WhoAmIRequest{}).GetCaller()
	if me.GetName() != LocalUser || me.GetMustChangePassword() {
		t.Error(me)
	}
	list := ask(t, weftv1.NewFilesClient(conn).ListFiles, &weftv1.ListFilesRequest{Path: LocalUser}).GetFiles()
	if len(list) != 2 || list[1].GetPath() != "user/start.weft" {
		t.Error(list)
	}
	next := address
	for next == address { // it is written by a goroutine of its own
		if _, next, err = Link(l.Folder()); err != nil {
			t.Fatal(err)
		}
	}
	ask(t, weftv1.NewSessionClient(studioAt(t, l, next)).WhoAmI, &weftv1.WhoAmIRequest{})
	stop()
	if _, _, err := Link(l.Folder()); errs.KindOf(err) != errs.NotFound {
		t.Error("after the end:", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file with the token is still there")
	}
}

// The examples come once: what a person removed stays removed.
func TestServeAgain(t *testing.T) {
	cfg := localConfig(t)
	l, stop := startLocal(t, cfg)
	home := filepath.Join(l.Folder(), "workspace", LocalUser)
	if err := os.Remove(filepath.Join(home, "start.weft")); err != nil {
		t.Fatal(err)
	}
	stop()
	l, _ = startLocal(t, cfg)
	if left, err := os.ReadDir(home); err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	if len(l.First()) > 0 {
		t.Error("first passwords again")
	}
}

func TestServeRefusals(t *testing.T) {
	cfg := localConfig(t)
	startLocal(t, cfg)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	busy := portOf(taken.Addr())
	tests := []struct {
		name   string
		change func(*LocalConfig)
		id     string
		says   string
	}{
		{"it runs already", func(*LocalConfig) {}, "app.serve_running", "weft open"},
		{"Studio's port", func(c *LocalConfig) { c.Data, c.Ports.Web = t.TempDir(), busy }, "app.serve_port_taken", "--port"},
		{"the websocket's port", func(c *LocalConfig) { c.Data, c.Ports.Server = t.TempDir(), busy }, "app.serve_port_taken", "--server-port"},
		{"gRPC's port", func(c *LocalConfig) { c.Data, c.Ports.TCP = t.TempDir(), busy }, "app.serve_port_taken", "--tcp-port"},
		{"a file as data folder", func(c *LocalConfig) { c.Data = os.Args[0] }, "app.data_folder", "--data"},
	}
	for _, tt := range tests {
		c := cfg
		tt.change(&c)
		l, err := NewLocal(t.Context(), c)
		if err == nil {
			t.Fatal(tt.name, l.Close())
		}
		e := errs.All(err)[0]
		if e.Message.ID != tt.id || !strings.Contains(e.Text("en"), tt.says) || !strings.Contains(e.Text("ru"), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// Only this machine reaches what weft serve opens.
func TestServeIsLocal(t *testing.T) {
	l, _ := startLocal(t, localConfig(t))
	for _, a := range append(l.server.Websockets(), l.server.TCP(), l.web.Addrs()[0]) {
		if t2, ok := a.(*net.TCPAddr); !ok || !t2.IP.IsLoopback() {
			t.Errorf("listens on %v", a)
		}
	}
}
