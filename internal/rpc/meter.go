package rpc

import (
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// meter is a network connection that counts what moves. A write that moves
// nothing for the stall time fails; before the hello no more than a budget of
// bytes is read.
type meter struct {
	net.Conn
	stall  time.Duration
	begun  time.Time    // what follows counts from here, by the clock that nobody sets
	read   atomic.Int64 // time of the last byte read, in nanoseconds
	wrote  atomic.Int64 // time of the last write that had to wait for the peer, and went on
	budget atomic.Int64 // bytes that may still be read
}

const unbounded = 1 << 62

var errBudget = errors.New("too much was sent before the hello")

func newMeter(c net.Conn, stall time.Duration, budget int) *meter {
	m := &meter{Conn: c, stall: stall, begun: time.Now()}
	m.budget.Store(int64(budget))
	return m
}

// Read implements net.Conn.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if n > 0 {
		m.read.Store(int64(time.Since(m.begun)))
		if m.budget.Add(int64(-n)) < 0 {
			return 0, errBudget
		}
	}
	return n, err
}

// Write implements net.Conn. It goes by small steps, each with its own time,
// so that slow is not taken for stuck.
func (m *meter) Write(p []byte) (n int, err error) {
	const step = 16 << 10
	for n < len(p) {
		begin := time.Now()
		if err := m.SetWriteDeadline(begin.Add(m.stall)); err != nil {
			return n, err
		}
		k, err := m.Conn.Write(p[n:min(n+step, len(p))])
		n += k
		if err != nil {
			return n, err
		}
		// A write that did not wait says nothing: the system took it for a peer
		// that may be gone.
		if now := time.Now(); now.Sub(begin) > 10*time.Millisecond {
			m.wrote.Store(int64(now.Sub(m.begun)))
		}
	}
	return n, nil
}

// signedIn lifts the budget.
func (m *meter) signedIn() { m.budget.Store(unbounded) }

// idle is how long the peer has shown no sign of life, by what it sent or took.
func (m *meter) idle() time.Duration {
	return time.Since(m.begun) - time.Duration(max(m.read.Load(), m.wrote.Load()))
}
