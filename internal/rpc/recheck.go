package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/weftworks/weft/internal/errs"
)

// recheck looks every few seconds, until ctx ends, whether the callers of the
// open connections are still there. A session that another process has ended,
// as `weft admin` does, may have no call in which that could be noticed. One
// goroutine does it for all, one after the other, so that thousands of idle
// connections cost a read each and nothing at once.
func (s *Server) recheck(ctx context.Context) {
	tick := time.NewTicker(s.config.Limits.Recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, c := range s.sessions.attached() {
			if _, err := s.guard.auth.Present(ctx, c); errs.KindOf(err) == errs.Denied && ctx.Err() == nil {
				s.EndSession(ctx, c.Session)
			}
		}
	}
}

// attached are the callers of sessions that have a connection, each reference
// once.
func (t *sessions) attached() []Caller {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := make(map[string]bool, len(t.byID))
	var out []Caller
	for _, s := range t.byID {
		if s.conn != nil && !seen[s.caller.Session] {
			seen[s.caller.Session] = true
			out = append(out, s.caller)
		}
	}
	return out
}

// callOf is the call on a websocket that a context belongs to; nil: none.
func callOf(ctx context.Context) *call {
	if t, ok := grpc.ServerTransportStreamFromContext(ctx).(transportStream); ok {
		return t.k
	}
	return nil
}
