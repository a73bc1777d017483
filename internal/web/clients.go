package web

import (
	"net"
	"net/netip"
	"sync"
)

// clients counts connections by the address that they come from.
type clients struct {
	perClient, unfinishedPerClient int
	exempt                         func(netip.Addr) bool // a proxy before us: its connections are many people's

	mu sync.Mutex
	by map[netip.Prefix]*client
}

type client struct {
	conns   int
	waiting []*slot // those whose request is not there yet, the oldest first
}

// slot is the place of one connection in the counts.
type slot struct {
	clients *clients
	key     netip.Prefix
	conn    net.Conn
	waiting bool
	freed   bool
}

func newClients(c *Config, exempt func(netip.Addr) bool) *clients {
	return &clients{
		perClient: c.ConnectionsPerClient, unfinishedPerClient: c.UnfinishedPerClient,
		exempt: exempt, by: map[netip.Prefix]*client{},
	}
}

// enter counts a new connection, whose request is not there yet; nil means
// that its client has too many. The oldest unfinished one is closed where
// there are too many of those, so that they can't keep a person out.
func (c *clients) enter(conn net.Conn, peer netip.Addr) *slot {
	s := &slot{clients: c, key: clientKey(peer), conn: conn, freed: c.exempt(peer)}
	if s.freed {
		return s
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	who := c.by[s.key]
	if who == nil {
		who = &client{}
		c.by[s.key] = who
	}
	if who.conns >= c.perClient {
		return nil
	}
	who.conns++
	c.wait(who, s)
	return s
}

func (c *clients) wait(who *client, s *slot) {
	if len(who.waiting) >= c.unfinishedPerClient {
		oldest := who.waiting[0]
		who.remove(oldest)
		oldest.conn.Close() // its owner notices and frees the slot
	}
	s.waiting = true
	who.waiting = append(who.waiting, s)
}

func (w *client) remove(s *slot) {
	for i, o := range w.waiting {
		if o == s {
			w.waiting = append(w.waiting[:i], w.waiting[i+1:]...)
			break
		}
	}
	s.waiting = false
}

// unfinished tells whether the connection waits for the rest of a request.
func (s *slot) unfinished(is bool) {
	s.clients.mu.Lock()
	defer s.clients.mu.Unlock()
	if s.freed || is == s.waiting {
		return
	}
	who := s.clients.by[s.key]
	if is {
		s.clients.wait(who, s)
	} else {
		who.remove(s)
	}
}

// free ends the connection's count. It may be called again.
func (s *slot) free() {
	s.clients.mu.Lock()
	defer s.clients.mu.Unlock()
	if s.freed {
		return
	}
	s.freed = true
	who := s.clients.by[s.key]
	who.remove(s)
	if who.conns--; who.conns == 0 {
		delete(s.clients.by, s.key)
	}
}

// clientKey is what counts as one client: an IPv4 address, an IPv6 /64.
func clientKey(a netip.Addr) netip.Prefix {
	bits := 64
	if a = a.Unmap(); a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits) // an address without value gives the prefix without value
	return p
}

func peerOf(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
