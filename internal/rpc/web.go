package rpc

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServeWeb serves HTTP/1.1 on a listener until Close or Drain; then it returns
// nil. h has the paths: /ws and /ws/ of this server, and whatever stands beside
// them. Its limits are those that a port which strangers reach must have. It
// closes the listener.
func (s *Server) ServeWeb(l net.Listener, h http.Handler) error {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true) // a websocket over HTTP/2 is another handshake
	web := &http.Server{
		Handler:           h,
		Protocols:         protocols,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second, // no request here has a body; an upgrade lifts it
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	}
	s.mu.Lock()
	if s.draining {
		s.mu.Unlock()
		return l.Close()
	}
	if len(s.webs) == 0 {
		s.work.Go(func() { s.recheck(s.look) })
	}
	s.webs = append(s.webs, web)
	s.mu.Unlock()
	if err := web.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve websockets: %w", err)
	}
	return nil
}
