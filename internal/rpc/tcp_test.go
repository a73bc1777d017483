package rpc

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
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
