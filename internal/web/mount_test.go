package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/weftworks/weft/internal/errs"
)

// Another application below a path gets its requests with their bodies, and a
// connection whose end of body only it knows ends with the answer.
func TestMounts(t *testing.T) {
	s := serve(t, func(c *Config) {
		c.Mounts = map[string]http.Handler{"/api/": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+string(body))
		})}
	})
	head := "POST /api/v1/a HTTP/1.1\r\nHost: a\r\n"
	next := "GET /api/next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	cases := map[string]struct {
		request   string
		want, not string
	}{
		"length":            {head + "Content-Length: 5\r\n\r\nhello" + next, "GET /api/next ", "400"},
		"length, its body":  {head + "Content-Length: 5\r\n\r\nhello" + next, "POST /api/v1/a hello", "400"},
		"chunks":            {head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + next, "POST /api/v1/a hello", "/api/next"},
		"length and chunks": {head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400 Bad Request", "POST"},
		"elsewhere":         {strings.Replace(head, "/api/v1/a", "/app/", 1) + "Content-Length: 5\r\nConnection: close\r\n\r\nhello", "405", "hello"},
		"body for Studio":   {"GET /app/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + next, "413", "/api/next"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := raw(t, s.addr, c.request); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
				t.Errorf("%q", got)
			}
		})
	}
}

// The proxy's path is configured, and reached with and without its last slash.
func TestProxyPath(t *testing.T) {
	up := websockets(t, nil, echo)
	for _, path := range []string{"analytics/ws/", "/analytics/ws"} {
		s := serve(t, func(c *Config) { passing(up)(c); c.ProxyPath = path })
		for _, at := range []string{"/analytics/ws", "/analytics/ws/"} {
			c := connect(t, "ws://"+s.addr+at, nil)
			if err := c.Write(t.Context(), websocket.MessageText, []byte("a")); err != nil {
				t.Error(err)
			}
			if _, data, err := c.Read(t.Context()); err != nil || string(data) != "a" {
				t.Error(string(data), err)
			}
		}
		if resp, _ := s.get(t, "GET", "/ws/"); resp.StatusCode != http.StatusNotFound {
			t.Errorf("/ws/: %d", resp.StatusCode)
		}
	}
}

// refusing is an application that words refusals as its callers read them.
type refusing struct{ http.Handler }

func (refusing) Refuse(w http.ResponseWriter, _ *http.Request, status int, err *errs.Error) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "worded "+err.Message.ID)
}

// What the web server refuses below another application's path is worded by
// that one, where it can; a proxy that is off takes no path away from it.
func TestRefusalsBelowAMount(t *testing.T) {
	own := refusing{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "own "+r.URL.Path) })}
	below := serve(t, func(c *Config) { c.Mounts = map[string]http.Handler{"/api/": own} })
	alone := serve(t, func(c *Config) { c.Mounts = map[string]http.Handler{"/": own} })
	cases := map[string]struct {
		s      *running
		path   string
		status int
		want   string
	}{
		"odd":                        {below, "/api/a%2fb", 404, "worded web.not_found"},
		"dots":                       {below, "/api/../x", 404, "worded web.not_found"},
		"odd elsewhere":              {below, "/app/a%2fb", 404, "There is nothing"},
		"the proxy's path":           {below, "/ws", 404, "The websocket proxy"},
		"odd, of an application":     {alone, "/a%2fb", 404, "worded web.not_found"},
		"everything is its own":      {alone, "/ws", 200, "own /ws"},
		"with the last slash, too":   {alone, "/ws/", 200, "own /ws/"},
		"and what Studio's would be": {alone, "/app/", 200, "own /app/"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if resp, body := c.s.get(t, "GET", c.path); resp.StatusCode != c.status || !strings.HasPrefix(body, c.want) {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
		})
	}
}
