package web

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A thousand clients that send their head byte by byte are cut, and a person
// from the same address is served meanwhile.
func TestSlowHeads(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the five seconds that a head has")
	}
	s := serve(t, nil)
	start := time.Now()
	slow := make([]net.Conn, 1000)
	for i := range slow {
		slow[i] = dial(t, s.addr)
		defer slow[i].Close()
		_, _ = io.WriteString(slow[i], "G")
		if i == 500 {
			asked := time.Now()
			if resp, _ := s.get(t, "GET", "/app/"); resp.StatusCode != http.StatusOK || time.Since(asked) > time.Second {
				t.Errorf("Studio: %d after %v", resp.StatusCode, time.Since(asked))
			}
		}
	}
	for i, c := range slow {
		if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatalf("connection %d lives after %v", i, time.Since(start))
		}
	}
	if took := time.Since(start); took > headerTime+3*time.Second {
		t.Errorf("the last one was cut after %v", took)
	}
	eventually(t, "all are forgotten", func() bool { return s.clients.len() == 0 })
}

func (c *clients) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.by)
}

func TestConnectionsOfOneClient(t *testing.T) {
	s := serve(t, func(c *Config) { c.ConnectionsPerClient = 3 })
	request := "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 127.0.0.99\r\n\r\n"
	open := func(from string) (net.Conn, string) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		c, err := d.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(patience))
		_, _ = io.WriteString(c, request)
		b := make([]byte, 12)
		n, _ := io.ReadFull(c, b)
		return c, string(b[:n])
	}
	var kept []net.Conn
	for range 3 {
		c, got := open("127.0.0.1")
		defer c.Close()
		if got != "HTTP/1.1 200" {
			t.Fatal(got)
		}
		kept = append(kept, c)
	}
	if c, got := open("127.0.0.1"); got != "" {
		t.Errorf("a fourth: %q", got)
	} else {
		c.Close()
	}
	if c, got := open("127.0.0.2"); got != "HTTP/1.1 200" {
		t.Errorf("another address: %q", got)
	} else {
		c.Close()
	}
	kept[0].Close()
	eventually(t, "the place is free again", func() bool {
		c, got := open("127.0.0.1")
		defer c.Close()
		return got == "HTTP/1.1 200"
	})
}

func TestClientKey(t *testing.T) {
	for a, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "::ffff:192.0.2.7": "192.0.2.7/32", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
	} {
		if got := clientKey(netip.MustParseAddr(a)); got.String() != want {
			t.Errorf("%s: %s", a, got)
		}
	}
}

// How the bytes of valid requests are cut into reads changes nothing.
func TestScannerTakesAnyCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "requests") {
			n := rapid.IntRange(0, 40).Draw(t, "body")
			fmt.Fprintf(&text, "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", n, strings.Repeat("\n", n))
		}
		s, rest := newHeadScanner(), []byte(text.String())
		for len(rest) > 0 {
			n := rapid.IntRange(1, len(rest)).Draw(t, "cut")
			if err := s.scan(rest[:n]); err != nil {
				t.Fatalf("%v in %q", err, text.String())
			}
			rest = rest[n:]
		}
		if s.inHead() || s.body != 0 {
			t.Fatalf("%+v after %q", s, text.String())
		}
	})
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte(shake+"\r\n"), 3)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		whole, parts := newHeadScanner(), newHeadScanner()
		err := whole.scan(data)
		cut = min(max(cut, 0), len(data))
		perr := parts.scan(data[:cut])
		if perr == nil {
			perr = parts.scan(data[cut:])
		}
		if (err == nil) != (perr == nil) || err == nil && bytes.Contains(whole.line, []byte("\n")) {
			t.Errorf("whole %v, in parts %v", err, perr)
		}
	})
}
