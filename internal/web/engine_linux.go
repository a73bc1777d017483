package web

import (
	"log/slog"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// engine passes the bytes of plain TCP connections on by a few loops over
// epoll, instead of two goroutines a websocket: an idle websocket costs two
// descriptors and no buffer, and a small message two system calls and no
// switch between goroutines.
type engine struct {
	loops []*loop
	next  atomic.Uint32
	done  sync.WaitGroup
}

// loopCount leaves half of the processors to others: moving bytes is the
// kernel's work, and on two processors one loop needs less of them than two.
func loopCount() int { return min(max(runtime.GOMAXPROCS(0)/2, 1), 4) }

// newEngine returns nil where epoll can't be had; goroutines do the work then.
func newEngine(log *slog.Logger, stall time.Duration) *engine {
	e := &engine{}
	for range loopCount() {
		l, err := newLoop(log, stall)
		if err != nil {
			log.Warn("no epoll for websockets", "err", err)
			e.close()
			return nil
		}
		e.loops = append(e.loops, l)
		e.done.Go(l.run)
	}
	return e
}

// take moves a relay to a loop; false where one of its sides is not plain TCP.
func (e *engine) take(r *relay) bool {
	if e == nil {
		return false
	}
	client, ok := r.client.Conn.(*net.TCPConn)
	up, ok2 := r.up.(*net.TCPConn)
	if !ok || !ok2 {
		return false
	}
	a, err := detach(client)
	if err != nil {
		return false
	}
	b, err := detach(up)
	if err != nil {
		unix.Close(a)
		return false
	}
	// From here on the descriptors are the loop's; the connections they came
	// from leave the runtime's own poller.
	_, _ = client.Close(), up.Close()
	l := e.loops[int(e.next.Add(1))%len(e.loops)]
	p := newPair(a, b, func() {
		r.client.slot.free()
		r.owner.ended(r)
	})
	r.owner.mu.Lock()
	r.kill = func() { l.post(p, true) } // a loop that has ended has ended its pairs
	killed := r.killed
	r.owner.mu.Unlock()
	if !l.post(p, false) {
		l.finish(p)
	} else if killed {
		l.post(p, true)
	}
	return true
}

// detach returns a descriptor of its own for a connection.
func detach(c *net.TCPConn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, err
	}
	fd, dupErr := -1, error(nil)
	if err := raw.Control(func(s uintptr) { fd, dupErr = unix.FcntlInt(s, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return -1, err
	}
	return fd, dupErr
}

func (e *engine) close() {
	if e == nil {
		return
	}
	for _, l := range e.loops {
		l.stop()
	}
	e.done.Wait()
}
