package web

import (
	"encoding/binary"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// pair is a relay in a loop: two ends, each the other's peer. Only the loop's
// goroutine touches it.
type pair struct {
	ends  [2]end
	ended func()
	over  bool
	added bool
	ticks int // since one half has ended
}

// end is one connection.
type end struct {
	fd       int
	slot     int32
	pair     *pair
	peer     *end
	readable bool   // reading may give something
	hung     bool   // the other side has ended its half, or all: read on to the end
	eof      bool   // that end has been read
	full     bool   // the system took less than it was given
	pending  []byte // read from the peer, not taken by the system yet
	store    *[relayBuffer]byte
	ticks    int // since pending has moved
}

func newPair(a, b int, ended func()) *pair {
	p := &pair{ended: ended}
	p.ends[0] = end{fd: a, pair: p, peer: &p.ends[1]}
	p.ends[1] = end{fd: b, pair: p, peer: &p.ends[0]}
	return p
}

// turns is how many buffers one end may read before the others' turn.
const turns = 8

// loop passes bytes on for many pairs: it waits for edges of readiness, reads
// into its one buffer, and writes at once. Only what a receiver doesn't take
// is kept, in a buffer of the receiver's, and its sender is not read from
// until that is gone.
type loop struct {
	log   *slog.Logger
	step  time.Duration // between ticks
	epoll int
	wake  int // eventfd
	buf   [relayBuffer]byte
	ends  []*end // by slot, which is what epoll hands back
	free  []int32
	freed []int32 // free after this batch, so that its stale events meet nobody
	again []*end  // had their turns and have more
	pool  sync.Pool

	mu      sync.Mutex
	posted  []order
	stopped bool
}

// order is what other goroutines want of the loop.
type order struct {
	pair *pair
	end  bool // else: begin
}

func newLoop(log *slog.Logger, stall time.Duration) (*loop, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		unix.Close(epoll)
		return nil, err
	}
	l := &loop{log: log, step: stall / stallSteps, epoll: epoll, wake: wake}
	l.pool.New = func() any { return new([relayBuffer]byte) }
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, wake, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1}); err != nil {
		unix.Close(epoll)
		unix.Close(wake)
		return nil, err
	}
	return l, nil
}

// post asks the loop to begin or end a pair; false when the loop has ended.
func (l *loop) post(p *pair, end bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.posted = append(l.posted, order{p, end})
	l.ring()
	return true
}

// stop ends the loop, which must have no pairs any more.
func (l *loop) stop() {
	l.mu.Lock()
	l.stopped = true
	l.ring()
	l.mu.Unlock()
}

// ring wakes the loop. l.mu is held, so that the descriptor is still open.
func (l *loop) ring() {
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	_, _ = unix.Write(l.wake, one[:]) // it only fails where it has been rung already
}

func (l *loop) run() {
	defer l.shut()
	events := make([]unix.EpollEvent, 256)
	tick := time.Now().Add(l.step)
	for {
		wait := max(0, int(time.Until(tick).Milliseconds())+1)
		if len(l.again) > 0 {
			wait = 0
		}
		n, err := unix.EpollWait(l.epoll, events, wait)
		if err != nil && err != unix.EINTR {
			l.log.Error("epoll", "err", err)
			return
		}
		for _, ev := range events[:max(n, 0)] {
			if ev.Fd >= 0 {
				l.event(l.ends[ev.Fd], ev.Events)
			} else if !l.orders() {
				return
			}
		}
		l.further()
		if now := time.Now(); now.After(tick) {
			tick = now.Add(l.step)
			l.tick()
		}
		l.free, l.freed = append(l.free, l.freed...), l.freed[:0]
	}
}

func (l *loop) shut() {
	for _, e := range l.ends {
		if e != nil {
			l.finish(e.pair)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	for _, o := range l.posted {
		l.finish(o.pair)
	}
	unix.Close(l.epoll)
	unix.Close(l.wake)
}

// orders carries out what was posted; false when the loop is to end.
func (l *loop) orders() bool {
	var n [8]byte
	_, _ = unix.Read(l.wake, n[:]) // resets it
	l.mu.Lock()
	posted, stopped := l.posted, l.stopped
	l.posted = nil
	l.mu.Unlock()
	for _, o := range posted {
		if o.end {
			l.finish(o.pair)
		} else {
			l.begin(o.pair)
		}
	}
	return !stopped
}

func (l *loop) begin(p *pair) {
	if p.over {
		return
	}
	p.added = true
	for i := range p.ends {
		e := &p.ends[i]
		e.slot = l.slot(e)
		_ = unix.SetsockoptInt(e.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // Go has set it; a wish
		ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: e.slot}
		if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, e.fd, &ev); err != nil {
			l.log.Error("epoll add", "err", err)
			l.finish(p)
			return
		}
	}
}

func (l *loop) slot(e *end) int32 {
	if n := len(l.free); n > 0 {
		i := l.free[n-1]
		l.free = l.free[:n-1]
		l.ends[i] = e
		return i
	}
	l.ends = append(l.ends, e)
	return int32(len(l.ends) - 1)
}

// finish closes both ends.
func (l *loop) finish(p *pair) {
	if p.over {
		return
	}
	p.over = true
	for i := range p.ends {
		e := &p.ends[i]
		unix.Close(e.fd) // leaves epoll with it
		l.release(e)
		if l.at(e) {
			l.ends[e.slot] = nil
			l.freed = append(l.freed, e.slot)
		}
	}
	p.ended()
}

// at tells whether e has its slot: a pair that ends while it begins may not.
func (l *loop) at(e *end) bool {
	return e.pair.added && int(e.slot) < len(l.ends) && l.ends[e.slot] == e
}

func (l *loop) event(e *end, events uint32) {
	if e == nil {
		return
	}
	if events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		e.hung = true
	}
	if events&unix.EPOLLOUT != 0 && e.full {
		l.flush(e)
	}
	if events&^uint32(unix.EPOLLOUT) != 0 {
		e.readable = true
	}
	l.read(e)
}

// further gives those another turn that had more to read.
func (l *loop) further() {
	again := l.again
	l.again = nil
	for _, e := range again {
		l.read(e)
	}
}

// read passes on what an end has.
func (l *loop) read(e *end) {
	for turn := 0; e.readable && !e.eof && !e.peer.full && !e.pair.over; turn++ {
		if turn == turns {
			l.again = append(l.again, e)
			return
		}
		n, err := unix.Read(e.fd, l.buf[:])
		switch {
		case err == unix.EAGAIN:
			e.readable = false
		case err == unix.EINTR:
		case err != nil:
			l.finish(e.pair)
		case n == 0:
			l.half(e)
		default:
			// Less than there was room for: the rest is yet to come, and an
			// edge will tell. Only an end of the stream that came along with
			// the data tells nothing more.
			e.readable = n == len(l.buf) || e.hung
			l.write(e.peer, l.buf[:n])
		}
	}
}

// half: e has ended its half, so its peer's other half ends too, once it has
// taken everything.
func (l *loop) half(e *end) {
	e.eof = true
	if e.peer.eof {
		l.finish(e.pair)
		return
	}
	if unix.Shutdown(e.peer.fd, unix.SHUT_WR) != nil {
		l.finish(e.pair)
	}
}

// write gives data to an end; what the system doesn't take is kept.
func (l *loop) write(e *end, data []byte) {
	rest, ok := l.send(e, data)
	if !ok {
		l.finish(e.pair)
		return
	}
	if len(rest) == 0 {
		return
	}
	e.full, e.ticks = true, 0
	e.store = l.pool.Get().(*[relayBuffer]byte)
	e.pending = e.store[:copy(e.store[:], rest)]
}

// flush gives an end what was kept for it, and then its peer a turn.
func (l *loop) flush(e *end) {
	rest, ok := l.send(e, e.pending)
	if !ok {
		l.finish(e.pair)
		return
	}
	if len(rest) < len(e.pending) {
		e.ticks = 0
	}
	if e.pending = rest; len(rest) > 0 {
		return
	}
	l.release(e)
	l.read(e.peer)
}

func (l *loop) release(e *end) {
	if e.store != nil {
		l.pool.Put(e.store)
	}
	e.store, e.pending, e.full = nil, nil, false
}

// send writes what the system takes and returns the rest; false: the
// connection is broken.
func (l *loop) send(e *end, data []byte) ([]byte, bool) {
	for len(data) > 0 {
		n, err := unix.Write(e.fd, data)
		switch {
		case err == unix.EAGAIN:
			return data, true
		case err == unix.EINTR:
		case err != nil:
			return nil, false
		default:
			data = data[n:]
		}
	}
	return nil, true
}

// tick ends pairs of which a receiver takes nothing any more, or of which one
// half ended long ago.
func (l *loop) tick() {
	for _, e := range l.ends {
		if e == nil || e.pair.over {
			continue
		}
		if e.full {
			e.ticks++
		}
		if e.eof {
			e.pair.ticks++
		}
		if e.ticks > stallSteps || e.pair.ticks > stallSteps {
			l.finish(e.pair)
		}
	}
}
