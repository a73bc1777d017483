package rpc

import (
	"context"
	"maps"
	"slices"
	"time"

	"google.golang.org/grpc"
)

// recheck looks every few seconds, until ctx ends, whether the callers of the
// open connections are still there. A session that another process has ended,
// as `weft admin` does, may have no call in which that could be noticed. One
// goroutine and one question do it for all: thousands of idle connections cost
// nothing each.
func (s *Server) recheck(ctx context.Context) {
	tick := time.NewTicker(s.config.Limits.Recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		over, err := s.guard.auth.Over(ctx, s.sessions.attached())
		if err != nil && ctx.Err() == nil {
			s.config.Log.WarnContext(ctx, "whether sessions have ended was not found out", "error", err)
		}
		for _, session := range over {
			s.EndSession(ctx, session)
		}
	}
}

// attached are the references of sessions that have a connection, each once.
func (t *sessions) attached() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := make(map[string]bool, len(t.byID))
	for _, s := range t.byID {
		if s.conn != nil {
			seen[s.caller.Session] = true
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// callOf is the call on a websocket that a context belongs to; nil: none.
func callOf(ctx context.Context) *call {
	if t, ok := grpc.ServerTransportStreamFromContext(ctx).(transportStream); ok {
		return t.k
	}
	return nil
}
