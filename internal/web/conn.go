package web

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	// A writer that moves less than a piece in this time is cut: 1 KiB/s.
	writePiece = 32 << 10
	writeStall = 30 * time.Second
)

// clientConn is a connection of a client over which HTTP/1.1 is spoken: over
// TCP, or inside TLS. It scans heads, keeps the clients' counts, and holds
// writers to a progress instead of a total time.
type clientConn struct {
	net.Conn
	peer      netip.Addr
	encrypted bool

	mu    sync.Mutex
	slot  *slot // where it is counted
	heads headScanner
}

func (c *clientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n == 0 {
		return n, err
	}
	if bad := c.scan(p[:n]); bad != nil {
		return 0, bad
	}
	return n, err
}

func (c *clientConn) scan(p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.heads.scan(p)
	c.slot.unfinished(c.heads.inHead() && err == nil)
	return err
}

// Write sends p in pieces, each with its own time limit.
func (c *clientConn) Write(p []byte) (int, error) {
	sent := 0
	for sent < len(p) {
		if err := c.Conn.SetWriteDeadline(time.Now().Add(writeStall)); err != nil {
			return sent, err
		}
		n, err := c.Conn.Write(p[sent:min(sent+writePiece, len(p))])
		if sent += n; err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// Close ends the connection and its count.
func (c *clientConn) Close() error {
	c.slot.free()
	return c.Conn.Close()
}

// countedConn is a connection over which HTTP/2 is spoken: its TLS stands
// inside, so the count ends with the TCP connection below.
type countedConn struct {
	net.Conn
	slot *slot
}

// Close ends the connection and its count.
func (c *countedConn) Close() error {
	c.slot.free()
	return c.Conn.Close()
}

// queue is a net.Listener of connections that were accepted elsewhere.
type queue struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	addr  net.Addr
}

func newQueue(addr net.Addr) *queue {
	return &queue{conns: make(chan net.Conn), done: make(chan struct{}), addr: addr}
}

// Accept waits for the next connection.
func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

// put hands a connection on, or closes it when nobody takes it any more.
func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.done:
		c.Close()
	}
}

// Close ends Accept.
func (q *queue) Close() error {
	q.once.Do(func() { close(q.done) })
	return nil
}

// Addr is the address that the connections came to.
func (q *queue) Addr() net.Addr { return q.addr }

// ended tells errors of a connection that is over from others.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) }
