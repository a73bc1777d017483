package rpc

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"google.golang.org/protobuf/proto"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// pipes is a network without a system: its connections have no buffers, and
// its time is the test's.
type pipes struct {
	incoming chan net.Conn
	done     chan struct{}
	once     sync.Once
}

func newPipes() *pipes { return &pipes{incoming: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// end gives a pipe an address.
type end struct{ net.Conn }

func (e end) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.incoming <- end{far}:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: p.dial, DisableKeepAlives: true}}
}

// raw is a client that does what it likes.
type raw struct {
	t   *testing.T
	ws  *websocket.Conn
	err error // why reading ended
}

// connect opens a websocket and says nothing.
func (f *fixture) connect(t *testing.T, header ...string) *raw {
	t.Helper()
	r, err := f.tryConnect(t, header...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (f *fixture) tryConnect(t *testing.T, header ...string) (*raw, error) {
	o := &websocket.DialOptions{Subprotocols: []string{Subprotocol}, HTTPHeader: http.Header{}}
	if p, ok := f.web.(*pipes); ok {
		o.HTTPClient = p.client()
	}
	for i := 0; i+1 < len(header); i += 2 {
		o.HTTPHeader.Add(header[i], header[i+1])
	}
	ws, _, err := websocket.Dial(t.Context(), f.url(), o)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxFrame)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return &raw{t: t, ws: ws}, nil
}

func (r *raw) write(b []byte) error {
	return r.ws.Write(context.Background(), websocket.MessageBinary, b)
}

func (r *raw) send(f *weftv1.Frame) {
	r.t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.write(b); err != nil {
		r.t.Fatal(err)
	}
}

func (r *raw) read() (*weftv1.Frame, error) {
	if r.err != nil {
		return nil, r.err
	}
	_, b, err := r.ws.Read(context.Background())
	if err != nil {
		r.err = err
		return nil, err
	}
	f := &weftv1.Frame{}
	return f, proto.Unmarshal(b, f)
}

func (r *raw) recv() *weftv1.Frame {
	r.t.Helper()
	f, err := r.read()
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *raw) hello(change func(*weftv1.Hello)) {
	r.t.Helper()
	h := &weftv1.Hello{Protocol: protocol, Language: "ru", Client: "raw"}
	change(h)
	r.send(&weftv1.Frame{Kind: &weftv1.Frame_Hello{Hello: h}})
}

// signIn says hello by password and returns the welcome.
func (r *raw) signIn() *weftv1.Welcome {
	r.t.Helper()
	r.hello(byPassword)
	w := r.recv().GetWelcome()
	if w == nil {
		r.t.Fatal("no welcome")
	}
	return w
}

func (r *raw) open(id uint32, method string) {
	r.t.Helper()
	r.send(openFrame(id, method))
}

func openFrame(id uint32, method string) *weftv1.Frame {
	return &weftv1.Frame{Stream: id, Kind: &weftv1.Frame_Open{Open: &weftv1.Open{Method: "/weft.test.v1.Echo/" + method}}}
}

func messageFrame(id uint32, data []byte, more bool) *weftv1.Frame {
	return &weftv1.Frame{Stream: id, Kind: &weftv1.Frame_Message{Message: &weftv1.Message{Data: data, More: more}}}
}

// down asks for a stream of answers.
func (r *raw) down(id uint32, until int64, bytes uint32) {
	r.t.Helper()
	b, err := proto.Marshal(&testv1.DownRequest{Until: until, Bytes: bytes})
	if err != nil {
		r.t.Fatal(err)
	}
	r.open(id, "Down")
	r.send(messageFrame(id, b, false))
	r.send(&weftv1.Frame{Stream: id, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
}

// closed reads until the server closes, and returns the code; -1 when the
// connection just ended.
func (r *raw) closed() websocket.StatusCode {
	for {
		if _, err := r.read(); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

func (r *raw) wantClosed(code websocket.StatusCode) {
	r.t.Helper()
	if got := r.closed(); got != code {
		r.t.Fatalf("closed with %d, want %d", got, code)
	}
}

// ping makes sure that the connection works.
func (r *raw) ping(id uint64) error {
	b, err := proto.Marshal(&weftv1.Frame{Kind: &weftv1.Frame_Ping{Ping: &weftv1.Ping{Id: id}}})
	if err != nil {
		return err
	}
	if err := r.write(b); err != nil {
		return err
	}
	for {
		f, err := r.read()
		if err != nil {
			return err
		}
		if p := f.GetPong(); p != nil && p.GetId() == id {
			return nil
		}
	}
}
