package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// ServeHTTP answers at the websocket's port: the websocket itself, and whether
// the Server lives and can do its work.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz", "/readyz":
		s.health(w, r)
		return
	}
	s.rpc.ServeHTTP(w, r)
}

// health tells that the process lives, or, for readiness, that it takes new
// work. Why it does not stands in the log.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	state := struct {
		Status   string   `json:"status"`
		Warnings []string `json:"warnings,omitempty"`
	}{Status: "ok"}
	status := http.StatusOK
	if r.URL.Path == "/readyz" {
		switch {
		case s.draining.Load():
			state.Status, status = "draining", http.StatusServiceUnavailable
		case s.unfit.Load() != nil:
			state.Status, status = *s.unfit.Load(), http.StatusServiceUnavailable
		}
	}
	if s.cert != nil && s.cert.ExpiresSoon() {
		state.Warnings = append(state.Warnings, "certificate expires within 14 days")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(state) // the caller is gone
}

// watch looks now and then whether the Server can do its work, and tells the
// health service.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		s.disk.look()
		s.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Server) look(ctx context.Context) {
	why := s.wrong(ctx)
	old := s.unfit.Load()
	if ctx.Err() != nil || s.draining.Load() || old != nil && *old == why || old == nil && why == "" {
		return
	}
	if why == "" {
		s.log.Info("able to work again")
		s.unfit.Store(nil)
	} else {
		s.log.Error("not able to work", "why", why)
		s.unfit.Store(&why)
	}
	s.rpc.SetServing(why == "")
}

// wrong says in a word what keeps the Server from its work.
func (s *Server) wrong(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	if _, err := s.db.Store().Accounts.List(ctx, "", 1); err != nil {
		return "store"
	}
	if s.disk.full() {
		return "disk"
	}
	return ""
}
