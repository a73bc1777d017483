package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// link carries streams over one websocket. Both ends use it; what only one of
// them does stands in its onFrame.
type link struct {
	ws     *websocket.Conn
	limits Limits
	eager  bool // grants the connection's credit as bytes arrive: the client
	// onFrame is given the frames that the link doesn't know; an error ends the
	// connection.
	onFrame func(f *weftv1.Frame) error
	onPong  func(id uint64)

	out  outbox
	work sync.WaitGroup // all goroutines of the connection but its reader

	mu      sync.Mutex
	streams map[uint32]*stream
	last    uint32 // greatest number of a stream so far
	credit  int    // what may be sent on all streams together
	in      window
	partial int       // bytes of unfinished messages that were granted again
	blocked int       // senders that wait for credit
	moved   time.Time // when credit came, or a sender began to wait
	err     error     // why the connection is over
	done    chan struct{}
}

// broken is a breach of the protocol, with the code to close with.
type broken struct {
	code   websocket.StatusCode
	reason string
}

func (b *broken) Error() string { return fmt.Sprintf("close %d: %s", b.code, b.reason) }

func violation(format string, args ...any) error {
	return &broken{websocket.StatusProtocolError, fmt.Sprintf(format, args...)}
}

func newLink(ws *websocket.Conn, limits Limits) *link {
	l := &link{
		ws: ws, limits: limits, streams: map[uint32]*stream{}, credit: limits.ConnectionCredit,
		in: newWindow(limits.ConnectionCredit), done: make(chan struct{}),
	}
	l.out = outbox{
		write: func(b []byte) error { return ws.Write(context.Background(), websocket.MessageBinary, b) },
		fail:  func(err error) { l.fail(err) },
		spawn: l.work.Go,
	}
	ws.SetReadLimit(maxFrame)
	return l
}

// buffers hold frames while they are parsed, so that idle connections have
// none of their own.
var buffers = sync.Pool{New: func() any { return new([maxFrame + 1]byte) }}

// next reads one frame.
func (l *link) next(ctx context.Context) (*weftv1.Frame, error) {
	kind, r, err := l.ws.Reader(ctx)
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageBinary {
		return nil, &broken{websocket.StatusUnsupportedData, "frames are binary messages"}
	}
	buf, _ := buffers.Get().(*[maxFrame + 1]byte)
	defer buffers.Put(buf)
	n := 0
	for n < len(buf) {
		k, err := r.Read(buf[n:])
		n += k
		if err == io.EOF {
			return parseFrame(buf[:n])
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, &broken{websocket.StatusMessageTooBig, "a frame is too large"}
}

// parseFrame reads a frame; it shares nothing with b.
func parseFrame(b []byte) (*weftv1.Frame, error) {
	f := &weftv1.Frame{}
	if err := proto.Unmarshal(b, f); err != nil {
		return nil, violation("a frame can't be read")
	}
	if f.GetKind() == nil {
		return nil, violation("a frame without a kind")
	}
	return f, nil
}

// push sends a frame of control; the channel is closed when it is written, or
// never will be. Its texts must be valid UTF-8.
func (l *link) push(f *weftv1.Frame) (written <-chan struct{}) {
	b, err := proto.Marshal(f)
	if err != nil {
		// The caller may hold l.mu, which ending the connection takes.
		l.work.Go(func() { l.fail(fmt.Errorf("write a frame: %w", err)) })
	}
	return l.out.push(b)
}

// run reads frames until the connection ends, which it always does with an
// error.
func (l *link) run(ctx context.Context) error {
	for {
		f, err := l.next(ctx)
		if err == nil {
			err = l.handle(f)
		}
		if err != nil {
			err = readFailure(err)
			l.fail(err)
			return err
		}
	}
}

func (l *link) handle(f *weftv1.Frame) error {
	switch k := f.GetKind().(type) {
	case *weftv1.Frame_Message:
		return l.message(f.GetStream(), k.Message.GetData(), k.Message.GetMore())
	case *weftv1.Frame_Credit:
		return l.credited(f.GetStream(), k.Credit.GetBytes())
	case *weftv1.Frame_Ping:
		b, err := proto.Marshal(&weftv1.Frame{Kind: &weftv1.Frame_Pong{Pong: &weftv1.Pong{Id: k.Ping.GetId()}}})
		l.out.answer(b)
		return err
	case *weftv1.Frame_Pong:
		if l.onPong != nil {
			l.onPong(k.Pong.GetId())
		}
		return nil
	default:
		return l.onFrame(f)
	}
}

// message takes in a frame of a message.
func (l *link) message(id uint32, data []byte, more bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	cost := len(data) + frameCost
	s := l.streams[id]
	switch {
	case id == 0 || id > l.last:
		return violation("a message on stream %d, which is not open", id)
	case !l.in.take(cost):
		return violation("more was sent than there was credit on the connection")
	case s == nil: // it has just ended here, which the peer may not know yet
		l.grant(0, l.in.free(cost))
		return nil
	case !s.in.take(cost):
		return violation("more was sent than there was credit on stream %d", id)
	}
	if l.eager {
		l.grant(0, l.in.free(cost))
	}
	return s.receive(data, more, cost)
}

// grant tells the peer of credit; l.mu is held.
func (l *link) grant(id uint32, n int) {
	if n > 0 {
		l.push(&weftv1.Frame{Stream: id, Kind: &weftv1.Frame_Credit{Credit: &weftv1.Credit{Bytes: uint32(n)}}}) //nolint:gosec // a window at most
	}
}

func (l *link) credited(id, n uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	const most = 1 << 30 // far from overflow, and from any honest window
	l.moved = time.Now()
	if id != 0 {
		s := l.streams[id]
		if s == nil {
			return nil
		}
		if int64(s.credit)+int64(n) > most {
			return violation("too much credit on stream %d", id)
		}
		s.credit += int(n)
		wake(s.canSend)
		return nil
	}
	if int64(l.credit)+int64(n) > most {
		return violation("too much credit")
	}
	l.credit += int(n)
	for _, s := range l.streams {
		wake(s.canSend)
	}
	return nil
}

// stalled reports whether something has waited for a peer that took nothing
// for so long.
func (l *link) stalled(limit time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.blocked > 0 && time.Since(l.moved) >= limit
}

// fail ends the connection: every stream ends, the peer is told the code where
// it broke the protocol. Only the first call counts.
func (l *link) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = err
	close(l.done)
	l.out.close(err)
	for _, s := range l.streams {
		s.broke(err)
	}
	l.work.Go(func() {
		if b, ok := errors.AsType[*broken](err); ok {
			_ = l.ws.Close(b.code, b.reason)
			return
		}
		_ = l.ws.CloseNow()
	})
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
