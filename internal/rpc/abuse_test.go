package rpc

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/proto"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

func closeStatus(err error) websocket.StatusCode { return websocket.CloseStatus(err) }

func encode(t *testing.T, f *weftv1.Frame) []byte {
	t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// hang opens stream 1, whose handler reads one message and no more.
func hang(r *raw) {
	r.t.Helper()
	b, err := proto.Marshal(&testv1.UnaryRequest{Hang: true})
	if err != nil {
		r.t.Fatal(err)
	}
	r.open(1, "Unary")
	r.send(messageFrame(1, b, false))
}

// Whoever breaks the protocol is closed, with the code that says how.
func TestProtocolViolations(t *testing.T) {
	f := start(t)
	credit := func(id, n uint32) *weftv1.Frame {
		return &weftv1.Frame{Stream: id, Kind: &weftv1.Frame_Credit{Credit: &weftv1.Credit{Bytes: n}}}
	}
	cases := []struct {
		name string
		do   func(r *raw)
		want websocket.StatusCode
	}{
		{"text", func(r *raw) { _ = r.ws.Write(t.Context(), websocket.MessageText, []byte("{}")) }, websocket.StatusUnsupportedData},
		{"no protobuf", func(r *raw) { _ = r.write([]byte("\xff\xff\xff")) }, websocket.StatusProtocolError},
		{"a frame of nothing", func(r *raw) { _ = r.write(nil) }, websocket.StatusProtocolError},
		{"a second hello", func(r *raw) { r.hello(byPassword) }, websocket.StatusProtocolError},
		{"a server's frame", func(r *raw) { r.send(endFrame(1, nil, nil)) }, websocket.StatusProtocolError},
		{"a message without a stream", func(r *raw) { r.send(messageFrame(3, nil, false)) }, websocket.StatusProtocolError},
		{"a message on stream 0", func(r *raw) { r.send(messageFrame(0, nil, false)) }, websocket.StatusProtocolError},
		{"numbers that fall", func(r *raw) { r.open(5, "Up"); r.open(4, "Up") }, websocket.StatusProtocolError},
		{"stream 0 opened", func(r *raw) { r.open(0, "Up") }, websocket.StatusProtocolError},
		{"credit without end", func(r *raw) { r.open(1, "Up"); r.send(credit(1, 1<<31)) }, websocket.StatusProtocolError},
		{"credit without end in all", func(r *raw) { r.send(credit(0, 1<<31)) }, websocket.StatusProtocolError},
		{"more than there is credit", func(r *raw) {
			hang(r)
			for range 5 {
				r.send(messageFrame(1, make([]byte, maxPiece), false))
			}
		}, websocket.StatusProtocolError},
		{"empty messages without end", func(r *raw) {
			hang(r)
			for range 5000 {
				if r.write(encode(t, messageFrame(1, nil, false))) != nil {
					return
				}
			}
		}, websocket.StatusProtocolError},
		{"a message without end", func(r *raw) {
			r.open(1, "Up")
			for range 20 {
				if r.write(encode(t, messageFrame(1, make([]byte, maxPiece), true))) != nil {
					return
				}
				_ = r.ping(1)
			}
		}, websocket.StatusMessageTooBig},
		{"a frame over the limit", func(r *raw) { _ = r.write(make([]byte, maxFrame+1)) }, websocket.StatusMessageTooBig},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := f.connect(t)
			r.signIn()
			r.t = t
			c.do(r)
			r.wantClosed(c.want)
		})
	}
}

// The length is the attacker's: nothing is allocated for what is only
// announced, signed in or not.
func TestAnnouncedLengths(t *testing.T) {
	f := start(t)
	header := func(first byte, length uint64) []byte {
		b := append([]byte{first, 0x80 | 127}, make([]byte, 12)...)
		binary.BigEndian.PutUint64(b[2:], length)
		return b
	}
	cases := []struct {
		name string
		send []byte
	}{
		{"2^63 bytes", header(0x82, 1<<63)},
		{"2^62 bytes", header(0x82, 1<<62)},
		{"a ping of 2^32 bytes", header(0x89, 1<<32)},
		{"reserved bits: compressed", header(0xc2, 10)},
		{"unmasked", []byte{0x82, 0x01, 0x00}},
		{"continuation of nothing", header(0x80, 10)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			conn := f.stranger(t)
			if _, err := conn.Write(c.send); err != nil {
				t.Fatal(err)
			}
			// Fragments without end, if the server still listens.
			junk := make([]byte, 32<<10)
			_ = conn.SetWriteDeadline(time.Now().Add(3 * time.Second))
			for range 100 {
				if _, err := conn.Write(junk); err != nil {
					break
				}
			}
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			for {
				if _, err := conn.Read(junk); err != nil {
					if errors.Is(err, os.ErrDeadlineExceeded) {
						t.Error("the connection was not closed")
					}
					break
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 2<<20 {
				t.Errorf("the heap grew by %d bytes", grown)
			}
		})
	}
}

// A breach on one stream ends that stream alone.
func TestReset(t *testing.T) {
	f := start(t)
	r := f.connect(t)
	r.signIn()
	hang(r)
	r.send(&weftv1.Frame{Stream: 1, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
	r.send(messageFrame(1, []byte("late"), false))
	if e := r.recv(); e.GetStream() != 1 || e.GetReset_() == nil {
		t.Fatalf("got %v", e)
	}
	r.send(messageFrame(1, []byte("later"), false)) // on its way before the reset was known
	if err := r.ping(1); err != nil {
		t.Fatal(err)
	}
	r.open(2, "Up")
	r.send(&weftv1.Frame{Stream: 2, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
	if m := r.recv(); m.GetStream() != 2 || m.GetMessage() == nil {
		t.Fatalf("got %v", m)
	}
}

// Unfinished messages are bounded for all streams together; the call that goes
// beyond ends, and the connection goes on.
func TestUnfinishedMessages(t *testing.T) {
	f := start(t)
	r := f.connect(t)
	r.signIn()
	var last *weftv1.Frame
	for id := uint32(1); last.GetEnd() == nil; id++ {
		if id > 60 {
			t.Fatal("nothing bounds what is held")
		}
		r.open(id, "Up")
		for range 3 {
			r.send(messageFrame(id, make([]byte, maxPiece), true))
			r.send(&weftv1.Frame{Kind: &weftv1.Frame_Ping{Ping: &weftv1.Ping{Id: uint64(id)}}})
			for last = r.recv(); last.GetPong() == nil && last.GetEnd() == nil; last = r.recv() {
			}
			if last.GetEnd() != nil {
				break
			}
		}
	}
	if got := codes.Code(last.GetEnd().GetCode()); got != codes.ResourceExhausted {
		t.Fatalf("got %v", got)
	}
	if err := r.ping(1000); err != nil {
		t.Fatal(err)
	}
}

func TestStreamLimit(t *testing.T) {
	f := start(t)
	r := f.connect(t)
	most := r.signIn().GetMaxStreams()
	for id := range most + 1 {
		r.open(id+1, "Up")
	}
	e := r.recv()
	if e.GetStream() != most+1 || codes.Code(e.GetEnd().GetCode()) != codes.ResourceExhausted {
		t.Fatalf("got %v", e)
	}
	r.open(most+2, "Nothing")
	if e := r.recv(); codes.Code(e.GetEnd().GetCode()) != codes.Unimplemented {
		t.Fatalf("got %v", e)
	}
}

// Stopping lets calls end, tells streams, and closes with 1012.
func TestDrain(t *testing.T) {
	f := start(t)
	r := f.connect(t)
	r.signIn()
	r.open(1, "Both")
	r.open(2, "Unary")
	if err := r.ping(1); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		f.Drain(ctx)
	}()
	if r.recv().GetGoAway() == nil {
		t.Fatal("no goaway")
	}
	r.open(3, "Unary")
	if e := r.recv(); e.GetStream() != 3 || codes.Code(e.GetEnd().GetCode()) != codes.Unavailable {
		t.Fatalf("a call while stopping: %v", e)
	}
	if _, err := f.tryConnect(t); err == nil {
		t.Error("a new connection while stopping")
	}
	r.send(messageFrame(2, nil, false)) // the call that is under way ends well
	if m := r.recv(); m.GetStream() != 2 || m.GetMessage() == nil {
		t.Fatalf("got %v", m)
	}
	if e := r.recv(); e.GetEnd() == nil || e.GetEnd().GetCode() != 0 {
		t.Fatalf("got %v", e)
	}
	r.wantClosed(closeRestart)
	<-drained
}

// Streams that have no end of their own don't hold up the end of the server:
// whoever watches its health is told, and goes on elsewhere.
func TestDrainWaitsForNoWatch(t *testing.T) {
	f := start(t)
	conn, err := Dial(TCPClient{Address: f.tcp.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	watch, err := healthv1.NewHealthClient(conn).Watch(t.Context(), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := watch.Recv(); err != nil || m.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Fatal(m, err)
	}
	grace := within(t)
	f.Drain(grace)
	if grace.Err() != nil {
		t.Error("it waited until the end of its grace")
	}
	for err == nil { // that it is not serving may come before
		_, err = watch.Recv()
	}
	wantCode(t, err, codes.Unavailable)
}

// What an idle connection costs the server.
func TestIdleConnections(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("memory is measured without the race detector")
	}
	f := start(t, func(c *Config) { c.Limits = DefaultLimits(); c.Limits.PerAddress = 10_000 })
	const n = 500
	hello := encode(t, &weftv1.Frame{Kind: &weftv1.Frame_Hello{Hello: &weftv1.Hello{
		Protocol: protocol, Credentials: &weftv1.Hello_Password{Password: &weftv1.Password{Name: "ann", Password: "password"}},
	}}})
	frame := append([]byte{0x82, 0x80 | byte(len(hello)), 0, 0, 0, 0}, hello...)
	before := used()
	goroutines := runtime.NumGoroutine()
	for range n {
		conn := f.stranger(t)
		if _, err := conn.Write(frame); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1024)); err != nil {
			t.Fatal(err)
		}
	}
	each := (used() - before) / n
	t.Logf("%d bytes and %.1f goroutines for each of %d idle connections", each, float64(runtime.NumGoroutine()-goroutines)/n, n)
	if each > 64<<10 {
		t.Errorf("%d bytes for each", each)
	}
	if got := runtime.NumGoroutine() - goroutines; got > 2*n {
		t.Errorf("%d goroutines for %d connections", got, n)
	}
}

// used is the memory in use: heap and stacks.
func used() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
