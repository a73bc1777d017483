package rpc

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// handshake sends a request by hand, with one header changed, and returns the
// status.
func (f *fixture) handshake(t *testing.T, path string, header map[string]string, key, value string) int {
	t.Helper()
	_, status := f.rawConn(t, path, header, key, value)
	return status
}

// rawConn sends a request by hand and returns the connection.
func (f *fixture) rawConn(t *testing.T, path string, header map[string]string, key, value string) (net.Conn, int) {
	t.Helper()
	conn, err := net.Dial("tcp", f.web.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	host := f.web.Addr().String()
	if key == "Host" {
		host = value
	}
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", path, host)
	for k, v := range header {
		if k != key {
			fmt.Fprintf(&b, "%s: %s\r\n", k, v)
		}
	}
	if key != "" && key != "Host" && value != "" {
		fmt.Fprintf(&b, "%s: %s\r\n", key, value)
	}
	b.WriteString("\r\n")
	if key == "Content-Length" {
		b.WriteString("hello")
	}
	if _, err := conn.Write([]byte(b.String())); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return conn, answer.StatusCode
}

// stranger is an upgraded connection without a hello.
func (f *fixture) stranger(t *testing.T) net.Conn {
	t.Helper()
	conn, status := f.rawConn(t, "/ws", map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": Subprotocol,
	}, "", "")
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("got %d", status)
	}
	return conn
}

// Health needs no login and tells nothing else; everything else does.
func TestTCP(t *testing.T) {
	f := start(t)
	dial := func(token string) *grpc.ClientConn {
		conn, err := Dial(TCPClient{Address: f.tcp.Addr().String(), User: "service", Token: token})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	ctx := within(t)
	health := healthv1.NewHealthClient(dial(""))
	check := func(service string, want healthv1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		got, err := health.Check(ctx, &healthv1.HealthCheckRequest{Service: service})
		if err != nil || got.GetStatus() != want {
			t.Errorf("health of %q: %v, %v; want %v", service, got, err, want)
		}
	}
	check("", healthv1.HealthCheckResponse_SERVING)
	check("weft.v1.Services", healthv1.HealthCheckResponse_SERVING)
	f.SetServing(false)
	check("", healthv1.HealthCheckResponse_NOT_SERVING)
	check("weft.v1.Services", healthv1.HealthCheckResponse_NOT_SERVING)

	for _, token := range []string{"", "wrong"} {
		_, err := testv1.NewEchoClient(dial(token)).Unary(ctx, &testv1.UnaryRequest{})
		wantCode(t, err, codes.Unauthenticated)
		if d := Errors(err); len(d) != 1 || d[0].GetText() != "You are not signed in. Sign in and try again." {
			t.Errorf("got %v", d)
		}
	}
	for _, method := range []string{"/weft.test.v1.Echo/Nothing", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/grpc.channelz.v1.Channelz/GetServers"} {
		err := dial("weft_t").Invoke(ctx, method, &testv1.UnaryRequest{}, &testv1.UnaryResponse{})
		wantCode(t, err, codes.Unimplemented)
	}
}

// A server that is back is found within a moment, however long it was away:
// the waits between attempts stay short.
func TestServerThatComesBack(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := Dial(TCPClient{Address: l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(within(t))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{}, grpc.WaitForReady(true)) // it is cancelled
	}()
	begun := time.Now()
	for range 6 {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the sixth attempt came after %v", took)
	}
	stop()
	<-ended
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

// A first password must be changed before anything else.
func TestFirstPassword(t *testing.T) {
	rule := map[bool]codes.Code{true: codes.OK, false: codes.PermissionDenied}
	for first, want := range rule {
		f := start(t, func(c *Config) {
			r := c.Rules["/weft.test.v1.Echo/Unary"]
			r.FirstPassword = first
			c.Rules["/weft.test.v1.Echo/Unary"] = r
		})
		f.auth.set(func(a *accounts) { a.first = true })
		_, err := testv1.NewEchoClient(f.overWebsocket(t)).Unary(within(t), &testv1.UnaryRequest{})
		wantCode(t, err, want)
	}
}

// Edits have a limit of their own.
func TestEditLimit(t *testing.T) {
	f := start(t, func(c *Config) {
		c.Rules["/weft.test.v1.Echo/Unary"] = Rule{Roles: []weftv1.Role{weftv1.Role_ROLE_USER}, Edit: true}
		c.Limits = DefaultLimits()
		c.Limits.EditsPerSecond, c.Limits.EditBurst = 20, 4
	})
	c := testv1.NewEchoClient(f.overWebsocket(t))
	ctx := within(t)
	const calls = 60
	results := make(chan codes.Code, calls)
	for range calls {
		go func() {
			_, err := c.Unary(ctx, &testv1.UnaryRequest{})
			results <- status.Code(err)
		}()
	}
	n := map[codes.Code]int{}
	for range calls {
		n[<-results]++
	}
	// The burst, and the debt that is only slow; what is beyond is refused, and
	// the connection stays.
	if n[codes.OK] < 5 || n[codes.ResourceExhausted] == 0 || len(n) != 2 {
		t.Errorf("of %d edits at once: %v", calls, n)
	}
	if _, err := c.Down(ctx, &testv1.DownRequest{Until: 1}); err != nil {
		t.Error(err)
	}
}

// With a certificate the port speaks nothing else.
func TestTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	f := start(t, func(c *Config) {
		c.TLS = &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12}
	})
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	cases := []struct {
		name   string
		config *tls.Config
		want   codes.Code
	}{
		{"trusted", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, codes.OK},
		{"unknown authority", &tls.Config{MinVersion: tls.VersionTLS12}, codes.Unavailable},
		{"plain text", nil, codes.Unavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			conn, err := Dial(TCPClient{Address: f.tcp.Addr().String(), TLS: c.config, User: "service", Token: "weft_t"})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_, err = testv1.NewEchoClient(conn).Unary(within(t), &testv1.UnaryRequest{})
			wantCode(t, err, c.want)
		})
	}
}
