package rpc

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	o := Origins{
		Allowed: []string{"https://studio.example", "http://lab.example:81"},
		Own:     func(h string) bool { return h == "weft.example" || h == "192.0.2.7" },
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	}
	const outside, proxy = "203.0.113.5:4000", "10.1.2.3:4000"
	cases := []struct {
		name, remote, host, origin, forwardedHost, forwardedFor string
		want                                                    int
		address                                                 string
	}{
		{"same host", outside, "weft.example:8080", "http://weft.example", "", "", 0, "203.0.113.5"},
		{"same host, other case and port", outside, "WEFT.example:8080", "https://weft.EXAMPLE:444", "", "", 0, "203.0.113.5"},
		{"own address", outside, "192.0.2.7:8080", "http://192.0.2.7:8000", "", "", 0, "203.0.113.5"},
		{"loopback", "127.0.0.1:1", "localhost:8080", "http://localhost:8000", "", "", 0, "127.0.0.1"},
		{"loopback v6", "[::1]:1", "[::1]:8080", "http://[::1]:8000", "", "", 0, "::1"},
		{"listed", outside, "weft.example", "https://studio.example", "", "", 0, "203.0.113.5"},
		{"listed with its own port", outside, "weft.example", "https://studio.example:443", "", "", 0, "203.0.113.5"},
		{"listed with port", outside, "weft.example", "http://lab.example:81", "", "", 0, "203.0.113.5"},
		{"listed, another scheme", outside, "weft.example", "http://studio.example", "", "", 403, ""},
		{"listed, another port", outside, "weft.example", "http://lab.example", "", "", 403, ""},
		{"begins with a listed one", outside, "weft.example", "https://studio.example.evil.test", "", "", 403, ""},
		{"ends with a listed one", outside, "weft.example", "https://evil-studio.example", "", "", 403, ""},
		{"with user info", outside, "weft.example", "https://weft.example@evil.test", "", "", 403, ""},
		{"with a path", outside, "weft.example", "http://weft.example/x", "", "", 403, ""},
		{"foreign", outside, "weft.example", "https://evil.test", "", "", 403, ""},
		{"null", outside, "weft.example", "null", "", "", 403, ""},
		{"none", outside, "weft.example", "", "", "", 403, ""},
		{"localhost against a name", outside, "weft.example", "http://localhost:8000", "", "", 403, ""},
		{"rebound name", "127.0.0.1:1", "evil.test:8080", "http://evil.test", "", "", 421, ""},
		{"foreign address that agrees", outside, "198.51.100.1:8080", "http://198.51.100.1", "", "", 403, ""},
		{"no host", outside, "", "http://weft.example", "", "", 421, ""},
		{"through the proxy", proxy, "weft.example", "http://192.0.2.7", "192.0.2.7:80", "203.0.113.9", 0, "203.0.113.9"},
		{"through two proxies", proxy, "weft.example", "http://weft.example", "weft.example", "127.0.0.1, 203.0.113.9, 10.9.9.9", 0, "203.0.113.9"},
		{"proxy, address unknown", proxy, "weft.example", "http://weft.example", "weft.example", "", 0, ""},
		{"proxy, rebound name", proxy, "weft.example", "http://evil.test", "evil.test", "203.0.113.9", 403, ""},
		{"forged forwarded host", outside, "weft.example", "http://192.0.2.7", "192.0.2.7", "", 403, ""},
		{"forged forwarded address", outside, "weft.example", "http://weft.example", "", "127.0.0.1", 0, "203.0.113.5"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/ws", nil)
			r.RemoteAddr, r.Host = c.remote, c.host
			for k, v := range map[string]string{"Origin": c.origin, "X-Forwarded-Host": c.forwardedHost, "X-Forwarded-For": c.forwardedFor} {
				if v != "" {
					r.Header.Set(k, v)
				}
			}
			w, status, why := o.check(r)
			if status != c.want {
				t.Fatalf("got %d (%s), want %d", status, why, c.want)
			}
			if status == 0 && w.address != c.address {
				t.Errorf("address %q, want %q", w.address, c.address)
			}
		})
	}
}

// One-time tokens are for the loopback alone; a request that only looks like
// it is not.
func TestLocal(t *testing.T) {
	o := Origins{Allowed: []string{"https://evil.test"}, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	cases := []struct {
		name, remote, origin, forwarded string
		want                            bool
	}{
		{"loopback", "[::1]:1", "http://localhost:8000", "", true},
		{"listed origin", "[::1]:1", "https://evil.test", "", false},
		{"through a proxy on loopback, from outside", "127.0.0.1:1", "http://localhost:8000", "203.0.113.9", false},
		{"through a proxy on loopback, from loopback", "127.0.0.1:1", "http://localhost:8000", "::1", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/ws", nil)
			r.RemoteAddr, r.Host = c.remote, "localhost:8080"
			r.Header.Set("Origin", c.origin)
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
				r.Header.Set("X-Forwarded-Host", "localhost:8080")
			}
			w, status, why := o.check(r)
			if status != 0 || w.local != c.want {
				t.Errorf("got %v, %d %s; want %v", w.local, status, why, c.want)
			}
		})
	}
}

// What the websocket library or we refuse before the upgrade.
func TestUpgrade(t *testing.T) {
	f := start(t, func(c *Config) { c.Origins.AllowMissing = false })
	ok := map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": Subprotocol, "Origin": "http://127.0.0.1:8000",
	}
	cases := []struct {
		name, path, key, value string
		want                   int
	}{
		{"well", "/ws", "", "", 101},
		{"well, with a slash", "/ws/", "", "", 101},
		{"another path", "/ws/x", "", "", 404},
		{"foreign origin", "/ws", "Origin", "https://evil.test", 403},
		{"rebound name", "/ws", "Host", "evil.test", 421},
		{"another subprotocol", "/ws", "Sec-WebSocket-Protocol", "graphql-ws", 400},
		{"no subprotocol", "/ws", "Sec-WebSocket-Protocol", "", 400},
		{"a body", "/ws", "Content-Length", "5", 400},
		{"an old version", "/ws", "Sec-WebSocket-Version", "8", 400},
		{"no upgrade", "/ws", "Upgrade", "", 426},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := f.handshake(t, c.path, ok, c.key, c.value)
			if got != c.want {
				t.Fatalf("got %d, want %d", got, c.want)
			}
		})
	}
}

// A web server that stands before this one and is not named is told of, once.
func TestUnnamedProxyIsWarnedOf(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	named := New(Config{Log: logger, Origins: Origins{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}})
	unnamed := New(Config{Log: logger})
	ask := func(s *Server, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "/ws", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:4000", "localhost:8080"
		if forwarded != "" {
			r.Header.Set("X-Forwarded-Host", forwarded)
		}
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	ask(named, "weft.example")
	ask(unnamed, "")
	if strings.Contains(log.String(), "trusted_proxies") {
		t.Error(log.String())
	}
	ask(unnamed, "weft.example")
	ask(unnamed, "weft.example")
	if n := strings.Count(log.String(), "trusted_proxies"); n != 1 {
		t.Error(n, log.String())
	}
	named.Close()
	unnamed.Close()
}
