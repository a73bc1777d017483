package web

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPages(t *testing.T) {
	s := serve(t, nil)
	cases := map[string]struct {
		method, path string
		headers      []string
		status       int
		body         string            // what it starts with
		want         map[string]string // headers
	}{
		"app redirects":           {path: "/app", status: 308, want: map[string]string{"Location": "/app/"}},
		"app keeps its query":     {path: "/app?a=1", status: 308, want: map[string]string{"Location": "/app/?a=1"}},
		"root redirects":          {path: "/", status: 308, want: map[string]string{"Location": "/app/"}},
		"index":                   {path: "/app/", status: 200, body: `<meta nonce="`, want: map[string]string{"Cache-Control": "no-cache", "ETag": "", "Content-Type": "text/html; charset=utf-8"}},
		"index by name":           {path: "/app/index.html", status: 200, body: `<meta nonce="`},
		"head":                    {method: "HEAD", path: "/app/assets/a-1f.js", status: 200, want: map[string]string{"Content-Length": "19"}},
		"hashed file":             {path: "/app/assets/a-1f.js", status: 200, body: "console.log", want: map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/javascript; charset=utf-8", "Vary": "Accept-Encoding"}},
		"brotli":                  {path: "/app/assets/a-1f.js", headers: []string{"Accept-Encoding", "gzip, br"}, status: 200, body: "brotli", want: map[string]string{"Content-Encoding": "br"}},
		"gzip":                    {path: "/app/assets/a-1f.js", headers: []string{"Accept-Encoding", "gzip;q=0.5, br;q=0"}, status: 200, body: "gzipped", want: map[string]string{"Content-Encoding": "gzip"}},
		"packed form by name":     {path: "/app/assets/a-1f.js.gz", status: 404},
		"other file":              {path: "/app/locales/ru.json", status: 200, body: "{}", want: map[string]string{"Cache-Control": "no-cache"}},
		"unknown kind":            {path: "/app/deep/er/thing.unknown", status: 200, want: map[string]string{"Content-Type": "application/octet-stream"}},
		"server.json":             {path: "/app/server.json", status: 200, body: `{"host":null,"wsport":8080,"wssport":null,"wsproxy":false,"path":"ws/","secure":false}`, want: map[string]string{"Cache-Control": "no-store", "Content-Type": "application/json"}},
		"health":                  {path: "/healthz", status: 200, body: `{"status":"ok"}`},
		"ready":                   {path: "/readyz", status: 200, body: `{"status":"ok"}`},
		"missing":                 {path: "/app/none.js", status: 404, body: "There is nothing at this address. [web.not_found]"},
		"missing, in Russian":     {path: "/none", headers: []string{"Accept-Language", "ru-RU,ru;q=0.9"}, status: 404, body: "По этому адресу ничего нет."},
		"folder":                  {path: "/app/assets/", status: 404},
		"above":                   {path: "/app/../app/index.html", status: 404},
		"above, escaped":          {path: "/app/%2e%2e/healthz", status: 404},
		"slash, escaped":          {path: "/app%2findex.html", status: 404},
		"backslash, escaped":      {path: "/app/assets%5ca-1f.js", status: 404},
		"nul":                     {path: "/app/index.html%00", status: 404},
		"twice escaped":           {path: "/app/%2569ndex.html", status: 404},
		"matrix parameter":        {path: "/app/..;/index.html", status: 404},
		"two slashes":             {path: "//app/", status: 404},
		"debug":                   {path: "/debug/pprof/", status: 404},
		"post":                    {method: "POST", path: "/app/", status: 405, want: map[string]string{"Allow": "GET, HEAD"}},
		"proxy is off":            {path: "/ws", status: 404, body: "The websocket proxy of this web server is off"},
		"proxy is off, slash":     {path: "/ws/", status: 404, body: "The websocket proxy of this web server is off"},
		"the same file once more": {path: "/app/locales/ru.json", headers: []string{"If-None-Match", `"44136fa355b3678a1146ad16"`}, status: 304},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.method == "" {
				c.method = http.MethodGet
			}
			resp, body := s.get(t, c.method, c.path, c.headers...)
			if resp.StatusCode != c.status || !strings.HasPrefix(body, c.body) {
				t.Errorf("got %d %q", resp.StatusCode, body)
			}
			for k, v := range c.want {
				if got := resp.Header.Get(k); got != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			for _, k := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"} {
				if resp.Header.Get(k) == "" {
					t.Errorf("no %s", k)
				}
			}
			if resp.Header.Get("Strict-Transport-Security") != "" {
				t.Error("a host that needs port 80 must not lock itself out")
			}
		})
	}
}

// Nothing that the web server has itself takes a body.
func TestBodiesAreRefused(t *testing.T) {
	s := serve(t, nil)
	for _, path := range []string{"/app/", "/app/server.json", "/healthz"} {
		answer := raw(t, s.addr, "GET "+path+" HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
		if status(t, answer) != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "web.no_body") {
			t.Errorf("%s: %q", path, answer)
		}
	}
}

func TestPolicy(t *testing.T) {
	cases := map[string]struct {
		change func(*Config)
		host   string
		want   string
	}{
		"direct":            {nil, "weft.example:8000", "connect-src 'self' ws://weft.example:8080;"},
		"IPv6":              {nil, "[2001:db8::7]", "connect-src 'self' ws://[2001:db8::7]:8080;"},
		"encrypted Server":  {func(c *Config) { c.ServerTLS, c.ServerHost = true, "server.example" }, "weft.example", "connect-src 'self' wss://server.example:8443;"},
		"proxy":             {func(c *Config) { c.Proxy = true }, "weft.example:8000", "connect-src 'self' ws://weft.example:8000 wss://weft.example:8000;"},
		"hostile host":      {nil, "a;script-src", "connect-src 'self';"},
		"file with mistake": {func(c *Config) { c.ServerJSONFile = writeFile(t, `{"wsport": "x"}`) }, "weft.example", "connect-src 'self';"},
		"file with a host":  {func(c *Config) { c.ServerJSONFile = writeFile(t, `{"host": "other.example", "wsport": 9}`) }, "weft.example", "connect-src 'self' ws://other.example:9;"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.change)
			answer := raw(t, s.addr, "GET /app/ HTTP/1.1\r\nHost: "+c.host+"\r\nConnection: close\r\n\r\n")
			if !strings.Contains(answer, c.want) || strings.Contains(answer, "unsafe") {
				t.Errorf("want %q in %s", c.want, answer)
			}
		})
	}
}

// Browsers complain of this header where they ignore it.
func TestOpenerPolicyWhereItCounts(t *testing.T) {
	s := serve(t, func(c *Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	cases := map[string]struct {
		host, proto string
		want        bool
	}{
		"a name, plain": {"weft.example", "", false}, "a name behind encryption": {"weft.example", "https", true},
		"localhost": {"localhost:8000", "", true}, "IPv6": {"[::1]:8000", "", true}, "an address": {"192.0.2.7", "", false},
	}
	for name, c := range cases {
		answer := raw(t, s.addr, "GET /app/ HTTP/1.1\r\nHost: "+c.host+"\r\nX-Forwarded-Proto: "+c.proto+"\r\nConnection: close\r\n\r\n")
		if strings.Contains(answer, "Cross-Origin-Opener-Policy") != c.want {
			t.Errorf("%s: %s", name, answer)
		}
	}
}

func TestNonceIsNewEachTime(t *testing.T) {
	s := serve(t, nil)
	seen := map[string]bool{}
	for range 3 {
		resp, body := s.get(t, "GET", "/app/")
		_, nonce, _ := strings.Cut(body, `nonce="`)
		nonce, _, _ = strings.Cut(nonce, `"`)
		if seen[nonce] || len(nonce) < 20 || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
			t.Errorf("nonce %q, policy %s", nonce, resp.Header.Get("Content-Security-Policy"))
		}
		seen[nonce] = true
	}
}

func TestWithoutStudioAPageSaysSo(t *testing.T) {
	s := serve(t, func(c *Config) { c.Studio = nil })
	if _, body := s.get(t, "GET", "/app/"); !strings.Contains(body, "Studio is not in this build") || strings.Contains(body, NoncePlaceholder) {
		t.Error(body)
	}
}

func writeFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "server.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What the configuration says, browsers are told.
func TestServerJSONFromConfiguration(t *testing.T) {
	cases := map[string]struct {
		change func(*Config)
		want   string
	}{
		"defaults":         {func(*Config) {}, `{"host":null,"wsport":8080,"wssport":null,"wsproxy":false,"path":"ws/","secure":false}`},
		"port":             {func(c *Config) { c.ServerPort = 9001 }, `{"host":null,"wsport":9001,"wssport":null,"wsproxy":false,"path":"ws/","secure":false}`},
		"encrypted":        {func(c *Config) { c.ServerTLS = true }, `{"host":null,"wsport":null,"wssport":8443,"wsproxy":false,"path":"ws/","secure":true}`},
		"other host":       {func(c *Config) { c.ServerHost = "server.example" }, `{"host":"server.example","wsport":8080,"wssport":null,"wsproxy":false,"path":"ws/","secure":false}`},
		"proxy":            {func(c *Config) { c.Proxy, c.ProxyPath = true, "a/ws/" }, `{"host":null,"wsport":8080,"wssport":null,"wsproxy":true,"path":"a/ws/","secure":false}`},
		"file wins":        {func(c *Config) { c.ServerJSONFile = writeFile(t, `{"wsport": 7}`) }, `{"wsport": 7}`},
		"mistake is shown": {func(c *Config) { c.ServerJSONFile = writeFile(t, `{"wsPort": 7}`) }, `{"wsPort": 7}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.change)
			_, body := s.get(t, "GET", "/app/server.json")
			if d := cmp.Diff(c.want, strings.TrimSpace(body)); d != "" {
				t.Error(d)
			}
			if name != "mistake is shown" && !json.Valid([]byte(body)) {
				t.Error("no JSON")
			}
		})
	}
}

func TestRefusedConfigurations(t *testing.T) {
	ca := newAuthority(t)
	cert, key := ca.issue("good", 1, future())
	old, oldKey := ca.issue("old", 2, past())
	taken := serve(t, nil)
	cases := map[string]struct {
		change func(*Config)
		want   string
	}{
		"proxy and encrypted Server without certificate": {func(c *Config) { c.Proxy, c.ServerTLS = true, true }, "With proxy.enabled and server.tls, browsers must reach this web server encrypted too. Set tls.cert_file and tls.key_file"},
		"certificate without key":                        {func(c *Config) { c.CertFile = cert }, "tls.key_file is empty"},
		"key without certificate":                        {func(c *Config) { c.KeyFile = key }, "tls.cert_file is empty"},
		"nothing to listen on":                           {func(c *Config) { c.HTTP = "" }, "There is nothing to listen on"},
		"certificate is missing":                         {func(c *Config) { c.CertFile, c.KeyFile = "/none.pem", key }, "The certificate of tls.cert_file (/none.pem)"},
		"key of another":                                 {func(c *Config) { c.CertFile, c.KeyFile = cert, oldKey }, "private key does not match public key"},
		"expired":                                        {func(c *Config) { c.CertFile, c.KeyFile = old, oldKey }, "it expired on"},
		"authorities missing":                            {func(c *Config) { c.ServerTLS, c.ServerCAFile = true, "/none.pem" }, "server.ca_file (/none.pem) holds no usable certificates"},
		"authorities no PEM":                             {func(c *Config) { c.ServerTLS, c.ServerCAFile = true, writeFile(t, "x") }, "it is no PEM"},
		"server.json missing":                            {func(c *Config) { c.ServerJSONFile = "/none.json" }, "studio.server_json (/none.json) can't be read"},
		"port is taken":                                  {func(c *Config) { c.HTTP = taken.addr }, "(listen.http): another program uses this port"},
		"no such address":                                {func(c *Config) { c.HTTP = "192.0.2.1:0" }, "this host has no such address"},
		"no index":                                       {func(c *Config) { f := studioFiles(); delete(f, "index.html"); c.Studio = f }, "no index.html"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := New(defaults(c.change))
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
