package rpc

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// session is one tab's, and outlives its connections. Only hashes of its
// resume tokens are kept.
type session struct {
	id     string
	caller Caller
	// issued is the hash of the latest token; used, of the one that was shown
	// for it. Both are good: an answer that got lost must not lock anyone out.
	// The first use of issued ends used.
	issued, used [32]byte
	conn         *serverConn // nil: detached
	expires      *time.Timer // runs while detached
}

// sessions knows the sessions that can be resumed.
type sessions struct {
	keep   time.Duration
	mu     sync.Mutex
	byID   map[string]*session
	tokens map[[32]byte]*session
	closed bool
}

func newSessions(keep time.Duration) *sessions {
	return &sessions{keep: keep, byID: map[string]*session{}, tokens: map[[32]byte]*session{}}
}

func newToken() (token string, hash [32]byte) {
	token = rand.Text() + rand.Text() // 256 bits and more
	return token, sha256.Sum256([]byte(token))
}

// attach gives a connection the session of a caller who has just signed in,
// and returns its resume token. An older connection of the session is closed.
func (t *sessions) attach(id string, c Caller, conn *serverConn) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.byID[id]
	if s == nil {
		s = &session{id: id}
		t.byID[id] = s
	}
	s.caller = c
	conn.sessionID = id
	delete(t.tokens, s.used)
	delete(t.tokens, s.issued)
	s.used = [32]byte{}
	return t.take(s, conn)
}

// resume gives a connection the session of a resume token; ok is false when
// the token is none, or no more.
func (t *sessions) resume(token string, conn *serverConn) (c Caller, next string, ok bool) {
	hash := sha256.Sum256([]byte(token))
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.tokens[hash]
	if s == nil {
		return Caller{}, "", false
	}
	// The token that was shown stays good until the next one is used.
	for _, old := range [][32]byte{s.used, s.issued} {
		if old != hash {
			delete(t.tokens, old)
		}
	}
	s.used = hash
	conn.sessionID = s.id
	return s.caller, t.take(s, conn), true
}

// take makes conn the session's connection; t.mu is held.
func (t *sessions) take(s *session, conn *serverConn) (token string) {
	if old := s.conn; old != nil && old != conn {
		old.fail(&broken{CloseReplaced, "a newer connection has this session"})
	}
	if s.expires != nil {
		s.expires.Stop()
		s.expires = nil
	}
	s.conn = conn
	token, s.issued = newToken()
	t.tokens[s.issued] = s
	return token
}

// detach says that a connection is gone.
func (t *sessions) detach(conn *serverConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.byID[conn.sessionID]
	if s == nil || s.conn != conn {
		return
	}
	s.conn = nil
	if t.closed {
		t.forget(s)
		return
	}
	s.expires = time.AfterFunc(t.keep, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if s.conn == nil {
			t.forget(s)
		}
	})
}

// end forgets the sessions that match and closes their connections: that of the
// call that asks for it, if there is one, once the call is answered.
func (t *sessions) end(match func(Caller) bool, asking *call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.byID {
		if !match(s.caller) {
			continue
		}
		switch {
		case s.conn == nil:
		case asking != nil && asking.conn == s.conn:
			asking.last.Store(true)
		default:
			s.conn.fail(sessionEnded())
		}
		t.forget(s)
	}
}

func sessionEnded() error { return &broken{CloseUnauthenticated, "the session has ended"} }

// forget drops a session; t.mu is held.
func (t *sessions) forget(s *session) {
	if s.expires != nil {
		s.expires.Stop()
	}
	delete(t.tokens, s.used)
	delete(t.tokens, s.issued)
	delete(t.byID, s.id)
}

// close forgets all that are detached, and the others as they go.
func (t *sessions) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for _, s := range t.byID {
		if s.conn == nil {
			t.forget(s)
		}
	}
}
