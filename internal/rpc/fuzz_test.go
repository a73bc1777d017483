package rpc

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// Whatever a client sends, the server answers or closes: it neither panics nor
// holds more than the windows allow.
func FuzzFrames(f *testing.F) {
	pack := func(frames ...*weftv1.Frame) []byte {
		var out []byte
		for _, fr := range frames {
			b, err := proto.Marshal(fr)
			if err != nil {
				f.Fatal(err)
			}
			out = binary.BigEndian.AppendUint16(out, uint16(len(b))) //nolint:gosec // short
			out = append(out, b...)
		}
		return out
	}
	half := &weftv1.Frame{Stream: 1, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}}
	cancel := &weftv1.Frame{Stream: 1, Kind: &weftv1.Frame_Cancel{Cancel: &weftv1.Cancel{}}}
	f.Add(pack(openFrame(1, "Up"), messageFrame(1, []byte("abc"), true), messageFrame(1, nil, false), half))
	f.Add(pack(openFrame(1, "Both"), messageFrame(1, nil, false), cancel, messageFrame(1, nil, false)))
	f.Add(pack(openFrame(1, "Unary"), half, openFrame(2, "No"), openFrame(2, "Up")))
	f.Add(pack(&weftv1.Frame{Kind: &weftv1.Frame_Credit{Credit: &weftv1.Credit{Bytes: 1 << 31}}}))

	f.Fuzz(func(t *testing.T, input []byte) {
		s := New(Config{Auth: newAccounts(), Rules: testRules()})
		testv1.RegisterEchoServer(s, &echo{})
		defer s.Close()
		c := detached(s)
		for len(input) >= 2 {
			n := min(int(binary.BigEndian.Uint16(input)), len(input)-2)
			frame, err := parseFrame(input[2 : 2+n])
			input = input[2+n:]
			if err == nil {
				err = c.handle(frame)
			}
			if err != nil {
				break
			}
			if held := c.holds(); held > c.limits.ConnectionCredit+c.limits.MaxPartial {
				t.Fatalf("the server holds %d bytes", held)
			}
		}
		c.mu.Lock()
		for _, st := range c.streams {
			st.broke(context.Canceled)
		}
		c.mu.Unlock()
		c.work.Wait()
	})
}

// detached is a connection whose frames go nowhere.
func detached(s *Server) *serverConn {
	l := s.config.Limits
	c := &serverConn{
		link: &link{
			limits: l, streams: map[uint32]*stream{}, credit: l.ConnectionCredit,
			in: newWindow(l.ConnectionCredit), moved: time.Now(), done: make(chan struct{}),
		},
		server: s, caller: Caller{Account: "a1", Role: weftv1.Role_ROLE_USER}, language: "en",
		opens: newBucket(1e6, 1e6), edits: newBucket(1e6, 1e6),
	}
	c.onFrame = c.frame
	c.out = outbox{write: func([]byte) error { return nil }, fail: func(error) {}, spawn: c.work.Go}
	return c
}

// holds is how many bytes of messages wait for their handlers.
func (l *link) holds() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, s := range l.streams {
		n += len(s.part)
		for _, m := range s.queue {
			n += len(m.data)
		}
	}
	return n
}
