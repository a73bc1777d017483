package rpc

import (
	"container/list"
	"sync"
)

// lobby holds the connections that have not said who they are. It never
// refuses a new one: the oldest goes, so that whoever fills it locks nobody
// out.
type lobby struct {
	limits Limits
	mu     sync.Mutex
	all    *list.List // of *guest, the oldest first
	from   map[string]int
}

// guest is a connection in the lobby.
type guest struct {
	network string // "": unknown
	leave   func() // drops the connection; must not block
	place   *list.Element
}

func newLobby(l Limits) *lobby { return &lobby{limits: l, all: list.New(), from: map[string]int{}} }

// enter adds a connection. leave is called when it is crowded out.
func (l *lobby) enter(network string, leave func()) *guest {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := &guest{network: network, leave: leave}
	if network != "" && l.from[network] >= l.limits.PerAddress {
		l.drop(func(o *guest) bool { return o.network == network })
	}
	if l.all.Len() >= l.limits.Unauthenticated {
		l.drop(func(*guest) bool { return true })
	}
	g.place = l.all.PushBack(g)
	l.from[network]++
	return g
}

// drop throws the oldest of some out; l.mu is held.
func (l *lobby) drop(which func(*guest) bool) {
	for e := l.all.Front(); e != nil; e = e.Next() {
		if g, ok := e.Value.(*guest); ok && which(g) {
			l.remove(g)
			g.leave()
			return
		}
	}
}

// exit removes a connection that is signed in, or gone.
func (l *lobby) exit(g *guest) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(g)
}

func (l *lobby) remove(g *guest) {
	if g.place == nil {
		return
	}
	l.all.Remove(g.place)
	g.place = nil
	if l.from[g.network]--; l.from[g.network] <= 0 {
		delete(l.from, g.network)
	}
}
