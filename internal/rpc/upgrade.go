package rpc

import (
	"bufio"
	"net"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

const (
	closePolicy  = websocket.StatusPolicyViolation
	closeRestart = websocket.StatusServiceRestart
)

// ServeHTTP implements http.Handler: it takes websockets at /ws and /ws/. It
// returns once the connection is upgraded, so that an idle connection keeps
// nothing of the request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path != "/ws" && r.URL.Path != "/ws/" {
		http.Error(w, "Studio's server answers at /ws only.", http.StatusNotFound)
		return
	}
	s.warnOfProxy(r)
	asked, status, why := s.config.Origins.check(r)
	if status != 0 {
		s.config.Log.WarnContext(r.Context(), "websocket refused", "status", status, "why", why,
			"origin", r.Header.Get("Origin"), "host", r.Host, "address", r.RemoteAddr)
		http.Error(w, why, status)
		return
	}
	if status, why := upgradable(r); status != 0 {
		http.Error(w, why, status)
		return
	}
	if s.stopping() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "the server is stopping", http.StatusServiceUnavailable)
		return
	}
	h := &hijacker{ResponseWriter: w, server: s}
	ws, err := websocket.Accept(h, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Subprotocol},
		InsecureSkipVerify: true, // the origin is checked above, by our own rule
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		s.config.Log.DebugContext(r.Context(), "websocket not upgraded", "error", err)
		return
	}
	c := newServerConn(s, ws, h.meter, asked)
	c.guest = s.lobby.enter(network(asked.address), func() {
		c.fail(&broken{CloseUnauthenticated, "newer connections wait to sign in"})
	})
	if !s.start(c) {
		s.lobby.exit(c.guest)
		_ = ws.CloseNow()
	}
}

// warnOfProxy tells an administrator, once, that a web server passes websockets
// on whose address the configuration does not name: what it says of the page
// counts for nothing, so that its pages may be refused.
func (s *Server) warnOfProxy(r *http.Request) {
	if r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("X-Forwarded-Host") == "" || s.config.Origins.proxy(hostOf(r.RemoteAddr)) {
		return
	}
	s.strangers.Do(func() {
		s.config.Log.WarnContext(r.Context(), "X-Forwarded headers from an address that websocket.trusted_proxies does not name are ignored", "address", hostOf(r.RemoteAddr))
	})
}

// start runs a connection; false: the server is stopping.
func (s *Server) start(c *serverConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.conns[c] = true
	s.work.Go(c.serve)
	return true
}

// upgradable refuses what a websocket's request must not have.
func upgradable(r *http.Request) (status int, why string) {
	switch {
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "a websocket is opened by GET"
	case r.ContentLength > 0 || len(r.TransferEncoding) > 0 || r.Header.Get("Content-Length") != "":
		return http.StatusBadRequest, "a request for a websocket has no body"
	}
	for line := range strings.SplitSeq(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if strings.TrimSpace(line) == Subprotocol {
			return 0, ""
		}
	}
	return http.StatusBadRequest, "the subprotocol is " + Subprotocol
}

// hijacker puts the meter under the websocket.
type hijacker struct {
	http.ResponseWriter
	server *Server
	meter  *meter
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	l := h.server.config.Limits
	h.meter = newMeter(conn, l.Stall, l.BeforeHello-rw.Reader.Buffered())
	rw.Writer.Reset(h.meter)
	return h.meter, rw, nil
}
