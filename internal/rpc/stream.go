package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

// stream is one call on a link. One goroutine sends at a time and one
// receives.
type stream struct {
	link *link
	id   uint32
	// onBroken is called, with link.mu held, when the connection ends.
	onBroken func(error)
	// onHeader and onEnd are a client's, called with link.mu held.
	onHeader func(*weftv1.Header)
	onEnd    func(*weftv1.End)

	canSend chan struct{} // holds one token when it is worth looking again
	canRead chan struct{}

	// Guarded by link.mu.
	credit  int
	in      window
	part    []byte // of a message that is not complete
	partial int    // bytes of part that were granted again
	held    int    // cost of part that is not granted again
	queue   []received
	reading bool
	over    error // what reading returns after the queue: io.EOF at half-close
	dead    bool  // reset: nothing more is sent
}

// received is a whole message, with what of its cost is not granted again.
type received struct {
	data []byte
	held int
}

// newStream adds a stream; link.mu is held.
func (l *link) newStream(id uint32) *stream {
	s := &stream{
		link: l, id: id, credit: l.limits.StreamCredit, in: newWindow(l.limits.StreamCredit),
		canSend: make(chan struct{}, 1), canRead: make(chan struct{}, 1), over: l.err,
	}
	l.streams[id] = s
	return s
}

// send sends one message. It returns when the last of it is written, which
// waits for the receiver's credit.
func (s *stream) send(ctx context.Context, msg []byte) error {
	if limit := s.link.limits.MaxMessage; len(msg) > limit {
		return errs.New(errs.Exhausted, msgTooLarge, errs.P{"bytes": len(msg), "limit": limit})
	}
	for {
		n, err := s.reserve(ctx, len(msg))
		if err != nil {
			return err
		}
		piece, more := msg[:n], n < len(msg)
		frame, err := proto.Marshal(&weftv1.Frame{Stream: s.id, Kind: &weftv1.Frame_Message{
			Message: &weftv1.Message{Data: piece, More: more},
		}})
		if err != nil {
			return fmt.Errorf("write a message: %w", err)
		}
		if err := s.link.out.send(ctx, frame); err != nil {
			return err
		}
		if !more {
			return nil
		}
		msg = msg[n:]
	}
}

// reserve takes credit for the next piece of so many bytes, and returns how
// long the piece may be.
func (s *stream) reserve(ctx context.Context, want int) (int, error) {
	l := s.link
	blocked := false
	defer func() {
		if blocked {
			l.mu.Lock()
			l.blocked--
			l.mu.Unlock()
		}
	}()
	for {
		l.mu.Lock()
		if l.err != nil {
			defer l.mu.Unlock()
			return 0, l.err
		}
		if l.eager && s.over != nil { // a client's call that has ended takes nothing
			l.mu.Unlock()
			return 0, io.EOF
		}
		n := min(want, maxPiece, s.credit-frameCost, l.credit-frameCost)
		if n > 0 || n == 0 && want == 0 {
			s.credit -= n + frameCost
			l.credit -= n + frameCost
			l.mu.Unlock()
			return n, nil
		}
		if !blocked {
			blocked = true
			if l.blocked++; l.blocked == 1 {
				l.moved = time.Now()
			}
		}
		l.mu.Unlock()
		select {
		case <-s.canSend:
		case <-l.done:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// receive takes in a piece of a message; link.mu is held.
func (s *stream) receive(data []byte, more bool, cost int) error {
	switch {
	case errors.Is(s.over, io.EOF):
		s.reset("a message after the half-close")
		fallthrough
	case s.over != nil: // it is ending, which the peer may not know yet
		s.free(cost)
		return nil
	}
	if len(s.part)+len(data) > s.link.limits.MaxMessage {
		return tooBig()
	}
	s.held += cost
	if len(s.part) == 0 && !more {
		s.part = data
	} else {
		s.part = append(s.part, data...)
	}
	if more {
		if s.reading {
			s.advance()
		}
		return nil
	}
	s.queue = append(s.queue, received{s.part, s.held})
	s.link.partial -= s.partial
	s.part, s.held, s.partial = nil, 0, 0
	wake(s.canRead)
	return nil
}

// advance grants again what an unfinished message has used of the credit, so
// that a message may be larger than it. Only while somebody waits for the
// message, and at a server only so much for all streams together: beyond it
// the call ends. link.mu is held.
func (s *stream) advance() {
	if s.held == 0 {
		return
	}
	s.link.partial += s.held
	s.partial += s.held
	s.free(s.held)
	s.held = 0
	if !s.link.eager && s.link.partial > s.link.limits.MaxPartial {
		s.link.partial -= s.partial
		s.part, s.partial = nil, 0
		s.end(errs.New(errs.Exhausted, msgTooMany, nil))
	}
}

// reset ends a stream whose client broke the protocol; link.mu is held.
func (s *stream) reset(why string) {
	s.link.push(&weftv1.Frame{Stream: s.id, Kind: &weftv1.Frame_Reset_{Reset_: &weftv1.Reset{Reason: why}}})
	s.dead = true
	s.over = context.Canceled
	s.broke(context.Canceled)
}

// free grants what is out of the way; link.mu is held.
func (s *stream) free(n int) {
	if !s.link.eager {
		s.link.grant(0, s.link.in.free(n))
	}
	if s.over == nil {
		s.link.grant(s.id, s.in.free(n))
	}
}

// read returns the next message: after the last, io.EOF or why the stream is
// over.
func (s *stream) read(ctx context.Context) ([]byte, error) {
	for {
		msg, ok, err := s.pop()
		if ok || err != nil {
			return msg, err
		}
		select {
		case <-s.canRead:
		case <-ctx.Done():
			s.link.mu.Lock()
			s.reading = false
			s.link.mu.Unlock()
			return nil, context.Cause(ctx)
		}
	}
}

func (s *stream) pop() (msg []byte, ok bool, err error) {
	s.link.mu.Lock()
	defer s.link.mu.Unlock()
	if len(s.queue) > 0 {
		s.reading = false
		m := s.queue[0]
		s.queue[0] = received{}
		s.queue = s.queue[1:]
		s.free(m.held)
		return m.data, true, nil
	}
	if s.over != nil {
		s.reading = false
		return nil, false, s.over
	}
	s.reading = true
	s.advance()
	return nil, false, nil
}

// end says that nothing more comes, and why; link.mu is held.
func (s *stream) end(why error) {
	if s.over == nil {
		s.over = why
		wake(s.canRead)
		wake(s.canSend)
	}
}

// broke ends a stream with its connection; link.mu is held.
func (s *stream) broke(err error) {
	s.end(err)
	if s.onBroken != nil {
		s.onBroken(err)
	}
}

// close forgets the stream and gives back what it held of the connection's
// credit; link.mu is held.
func (s *stream) close() {
	if s.link.streams[s.id] != s {
		return
	}
	delete(s.link.streams, s.id)
	held := s.held
	for _, m := range s.queue {
		held += m.held
	}
	if !s.link.eager {
		s.link.grant(0, s.link.in.free(held))
	}
	s.link.partial -= s.partial
	s.part, s.queue, s.held, s.partial = nil, nil, 0, 0
}
