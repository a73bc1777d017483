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
		all := s.sessions.attached()
		over, err := s.guard.auth.Over(ctx, all)
		if err == nil {
			s.guard.living.Store(newLiving(all, over))
		} else if ctx.Err() == nil {
			s.config.Log.WarnContext(ctx, "whether sessions have ended was not found out", "error", err)
		}
		for _, session := range over {
			s.EndSession(ctx, session)
		}
	}
}

// living are the sessions that were there at a moment: a change of an account's
// role or password ends its sessions, so that what they may do is as it was.
type living struct {
	at       time.Time
	sessions map[string]bool
}

func newLiving(all, over []string) *living {
	l := &living{at: time.Now(), sessions: make(map[string]bool, len(all))}
	for _, s := range all {
		l.sessions[s] = true
	}
	for _, s := range over {
		delete(l.sessions, s)
	}
	return l
}

// has reports whether a session was there no longer ago than that; nil knows of
// none.
func (l *living) has(session string, age time.Duration) bool {
	return l != nil && l.sessions[session] && time.Since(l.at) < age
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
