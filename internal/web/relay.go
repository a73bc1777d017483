package web

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"
)

const (
	// relayBuffer is what one direction of a websocket holds at most, in bytes.
	relayBuffer = 64 << 10
	// A receiver that takes nothing for this long is cut, and so is a
	// connection of which one half has ended and the other does not.
	relayStall = 30 * time.Second
	// In how many steps that is measured: setting a time limit for each write
	// would cost too much beside the write of a small message.
	stallSteps = 6
)

// relays owns all websockets that are passed on.
type relays struct {
	stall   time.Duration
	engine  *engine // nil where the system has none
	mu      sync.Mutex
	active  map[*relay]struct{}
	shaking int  // handshakes that are under way
	closed  bool // takes no more
	changed chan struct{}
	pumps   sync.WaitGroup
}

// relay is one websocket: bytes between a client and the Server.
type relay struct {
	owner  *relays
	client *clientConn
	up     net.Conn
	kill   func() // ends it at once; any goroutine may call it
	killed bool   // kill was called
}

func newRelays(log *slog.Logger, stall time.Duration) *relays {
	return &relays{stall: stall, engine: newEngine(log, stall), active: map[*relay]struct{}{}, changed: make(chan struct{}, 1)}
}

// enter announces a handshake, which leave ends; false: it is too late.
func (s *relays) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.shaking++
	}
	return !s.closed
}

func (s *relays) leave() {
	s.mu.Lock()
	s.shaking--
	s.mu.Unlock()
	s.signal()
}

// start passes bytes on until both sides have ended, and closes them then. It
// returns at once.
func (s *relays) start(client *clientConn, up net.Conn) {
	r := &relay{owner: s, client: client, up: up}
	r.kill = r.close
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.active[r] = struct{}{}
	}
	s.mu.Unlock()
	if closed {
		r.close()
		return
	}
	if !s.engine.take(r) {
		s.pumps.Go(r.pump)
	}
}

func (s *relays) ended(r *relay) {
	s.mu.Lock()
	delete(s.active, r)
	s.mu.Unlock()
	s.signal()
}

func (s *relays) signal() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// count is the number of websockets that are open or about to be.
func (s *relays) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.active) + s.shaking
}

// wait returns when none is open, or ctx ends.
func (s *relays) wait(ctx context.Context) {
	for s.count() > 0 {
		select {
		case <-s.changed:
		case <-ctx.Done():
			return
		}
	}
}

// closeAll ends what is open by closing TCP: the proxy writes no frames of
// its own.
func (s *relays) closeAll() {
	s.mu.Lock()
	var kills []func()
	for r := range s.active {
		r.killed = true
		kills = append(kills, r.kill)
	}
	s.mu.Unlock()
	for _, kill := range kills {
		kill()
	}
}

// close waits for everything that belongs to the websockets.
func (s *relays) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.closeAll()
	s.wait(context.Background())
	s.pumps.Wait()
	s.engine.close()
}

func (r *relay) close() {
	_, _ = r.client.Close(), r.up.Close() // one may have closed itself
}

// pump passes bytes on by a goroutine a direction: over TLS, and where there
// is no engine.
func (r *relay) pump() {
	defer r.owner.ended(r)
	defer r.close()
	var back sync.WaitGroup
	back.Go(func() { r.half(r.client.Conn, r.up) })
	r.half(r.up, r.client.Conn)
	back.Wait()
}

// half passes one direction on to its end. Where it ends badly, both end;
// where it just ends, the other half has some time left.
func (r *relay) half(dst, src net.Conn) {
	buf := make([]byte, relayBuffer/2)
	stall := r.owner.stall
	var limit time.Time
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if now := time.Now(); limit.Sub(now) < stall-stall/stallSteps {
				limit = now.Add(stall)
				_ = dst.SetWriteDeadline(limit) // the write tells
			}
			if _, werr := dst.Write(buf[:n]); werr != nil {
				r.close()
				return
			}
		}
		if err != nil {
			if half, ok := dst.(interface{ CloseWrite() error }); !ok || !ended(err) || half.CloseWrite() != nil {
				r.close()
				return
			}
			_ = dst.SetReadDeadline(time.Now().Add(stall)) // the read of the other half tells
			return
		}
	}
}
