package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// get asks the websocket's port over HTTP.
func (r *runningServer) get(t *testing.T, path string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	resp, err := client.Get("http://" + r.Websockets()[0].String() + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	var state struct{ Status string }
	_ = json.NewDecoder(resp.Body).Decode(&state) // a refusal is no JSON
	return resp.StatusCode, state.Status
}

func (r *runningServer) healthy(t *testing.T) healthv1.HealthCheckResponse_ServingStatus {
	t.Helper()
	conn, err := rpc.Dial(rpc.TCPClient{Address: r.TCP().String()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return ask(t, healthv1.NewHealthClient(conn).Check, &healthv1.HealthCheckRequest{}).GetStatus()
}

// A Server whose store is dead lives, but says that it can't do its work.
func TestHealth(t *testing.T) {
	s := startServer(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, state := s.get(t, path); code != http.StatusOK || state != "ok" {
			t.Error(path, code, state)
		}
	}
	if code, _ := s.get(t, "/"); code != http.StatusNotFound {
		t.Error(code)
	}
	if got := s.healthy(t); got != healthv1.HealthCheckResponse_SERVING {
		t.Error(got)
	}
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	s.look(t.Context())
	if code, _ := s.get(t, "/healthz"); code != http.StatusOK {
		t.Error(code)
	}
	if code, state := s.get(t, "/readyz"); code != http.StatusServiceUnavailable || state != "store" {
		t.Error(code, state)
	}
	if got := s.healthy(t); got != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Error(got)
	}
}

// A Server that is told to end says so, takes no new calls, lets those that
// are under way end within its grace, and ends.
func TestDrain(t *testing.T) {
	s := startServer(t, func(c *ServerConfig) { c.Grace = 500 * time.Millisecond })
	conn, err := rpc.Dial(rpc.TCPClient{Address: s.TCP().String(), User: "service", Token: s.secret(t, "service")})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stream, err := weftv1.NewServicesClient(conn).WatchServices(t.Context(), &weftv1.WatchServicesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	// A Server that is told to end before it serves websockets never does.
	if code, state := s.get(t, "/readyz"); code != http.StatusOK {
		t.Fatal(code, state)
	}
	begun := time.Now()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.stop()
	}()
	saw := false
	for code := 1; code != 0; {
		var state string
		code, state = s.get(t, "/readyz")
		saw = saw || code == http.StatusServiceUnavailable && state == "draining"
	}
	if !saw {
		t.Error("it did not say that it ends")
	}
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	<-ended
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v to end", took)
	}
}

// With a certificate the websocket is encrypted, and the plain one is opened
// only when asked for; a new certificate is taken at once, a bad one never.
func TestEncryption(t *testing.T) {
	ca := newAuthority(t)
	until := time.Now().Add(time.Hour)
	cert, key := ca.issue("server", "weft.example", 10, until)
	s := startServer(t, func(c *ServerConfig) {
		c.CertFile, c.KeyFile, c.WSS, c.TCPTLS, c.ClientCAFile = cert, key, "127.0.0.1:0", true, ca.File
	})
	if n := len(s.Websockets()); n != 1 {
		t.Fatalf("%d websockets", n)
	}
	serial := func() int64 {
		conn, err := tls.Dial("tcp", s.Websockets()[0].String(), ca.Client())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(); got != 10 {
		t.Error(got)
	}
	transport := reboundTo(s.Websockets()[0].String())
	transport.TLSClientConfig = ca.Client()
	for host, want := range map[string]int{"weft.example": http.StatusSwitchingProtocols, "evil.example": http.StatusMisdirectedRequest} {
		ws, resp, err := websocket.Dial(t.Context(), "wss://"+host+"/ws", &websocket.DialOptions{
			HTTPClient: &http.Client{Transport: transport}, HTTPHeader: http.Header{"Origin": {"https://" + host}}, Subprotocols: []string{rpc.Subprotocol},
		})
		if resp == nil || resp.StatusCode != want {
			t.Errorf("%s: %v %v", host, resp, err)
		}
		if err == nil {
			_ = ws.CloseNow()
		}
	}
	ca.issue("server", "weft.example", 11, until)
	s.Reload()
	deadline := time.Now().Add(patience)
	for serial() != 11 && time.Now().Before(deadline) {
		s.Reload()
	}
	if got := serial(); got != 11 {
		t.Errorf("the new certificate was not taken: %d", got)
	}
	if err := os.WriteFile(cert, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Reload()
	if got := serial(); got != 11 {
		t.Errorf("after a bad one: %d", got)
	}
}

// Beside the encrypted websocket the plain one is opened when it is asked for,
// and only then.
func TestPlainToo(t *testing.T) {
	ca := newAuthority(t)
	cert, key := ca.issue("server", "weft.example", 10, time.Now().Add(time.Hour))
	s := startServer(t, func(c *ServerConfig) {
		c.CertFile, c.KeyFile, c.WSS, c.PlainToo = cert, key, "127.0.0.1:0", true
	})
	if n := len(s.Websockets()); n != 2 {
		t.Fatalf("%d websockets", n)
	}
	encrypted, err := tls.Dial("tcp", s.Websockets()[0].String(), ca.Client())
	if err != nil {
		t.Fatal(err)
	}
	encrypted.Close()
	resp, err := http.Get("http://" + s.Websockets()[1].String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Error(resp.Status)
	}
}

// gRPC with callers' certificates takes those of its authorities, with their
// token, and nobody else.
func TestMutualTLS(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	until := time.Now().Add(time.Hour)
	cert, key := ca.issue("server", "weft.example", 10, until)
	s := startServer(t, func(c *ServerConfig) {
		c.CertFile, c.KeyFile, c.WSS, c.TCPTLS, c.ClientCAFile = cert, key, "127.0.0.1:0", true, ca.File
	})
	pair := func(a *authority) tls.Certificate {
		certFile, keyFile := a.issue("caller", "caller.example", 12, until)
		p, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	own := ca.Client(pair(ca))
	tests := []struct {
		name  string
		tls   *tls.Config
		token string
		code  codes.Code
	}{
		{"certificate and token", own, s.secret(t, "service"), codes.OK},
		{"a wrong token", own, "weft_none", codes.Unauthenticated},
		{"no certificate", ca.Client(), s.secret(t, "service"), codes.Unavailable},
		{"another's certificate", ca.Client(pair(stranger)), s.secret(t, "service"), codes.Unavailable},
		{"no encryption", nil, s.secret(t, "service"), codes.Unavailable},
	}
	for _, tt := range tests {
		conn, err := rpc.Dial(rpc.TCPClient{Address: s.TCP().String(), TLS: tt.tls, User: "service", Token: tt.token})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		_, err = weftv1.NewSessionClient(conn).WhoAmI(ctx, &weftv1.WhoAmIRequest{})
		if status.Code(err) != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
		cancel()
		conn.Close()
	}
}

// A start leaves nothing behind that is old.
func TestStaleUploadsAreSwept(t *testing.T) {
	s := startServer(t)
	files := weftv1.NewFilesClient(s.person(t, "user"))
	up := ask(t, files.BeginUpload, &weftv1.BeginUploadRequest{ClientId: "x", Path: "user/x.csv", Size: 1})
	s.stop()
	past := time.Now().Add(-2 * stale)
	for _, ext := range []string{".json", ".part"} {
		if err := os.Chtimes(s.folder.path("uploads/"+up.GetUpload()+ext), past, past); err != nil {
			t.Fatal(err)
		}
	}
	again := startServer(t, func(c *ServerConfig) { c.Data = s.Folder() })
	again.stop() // sweeping comes first
	left, err := os.ReadDir(s.folder.path("uploads"))
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if first := again.First(); len(first) > 0 || !strings.HasSuffix(s.Folder(), "data") {
		t.Error("a second start makes no passwords:", first)
	}
}
