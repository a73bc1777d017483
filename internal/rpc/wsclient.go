package rpc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// WebsocketClient says how a program calls a server over its websocket.
type WebsocketClient struct {
	URL      string // ws://host:8080/ws
	Origin   string // "": none is sent
	HTTP     *http.Client
	Language string
	Agent    string
	// Hello fills in the credentials of the first hello, and of one after the
	// session was lost.
	Hello func(*weftv1.Hello)
	// Limits of the client's own side; zero: DefaultLimits.
	Limits Limits
}

// WebsocketConn calls a server over a websocket. It connects at the first call
// and again, by the session's resume token, when the connection was lost. It
// never repeats a call: those under way fail with codes.Unavailable, and
// whoever made them takes them up again.
type WebsocketConn struct {
	config WebsocketClient
	work   sync.WaitGroup

	mu      sync.Mutex
	conn    *clientConn          // the latest
	conns   map[*clientConn]bool // all that are open: those that a server leaves live on for a while
	resume  string
	session string
	closed  bool
	dialing chan struct{} // closed when the dial that is going on ends
}

var _ grpc.ClientConnInterface = (*WebsocketConn)(nil)

// DialWebsocket prepares to call a server.
func DialWebsocket(c WebsocketClient) *WebsocketConn {
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	return &WebsocketConn{config: c, conns: map[*clientConn]bool{}}
}

// clientConn is one connection of a client.
type clientConn struct {
	*link
	welcome *weftv1.Welcome
	leaving bool // the server goes away: a new connection is due; guarded by mu
}

// Close ends the connection and waits for its goroutines.
func (c *WebsocketConn) Close() error {
	c.mu.Lock()
	c.closed = true
	conns := slices.Collect(maps.Keys(c.conns))
	c.mu.Unlock()
	for _, conn := range conns {
		conn.fail(&broken{websocket.StatusNormalClosure, ""})
	}
	c.work.Wait()
	return nil
}

// Welcome connects if need be and returns what the server said.
func (c *WebsocketConn) Welcome(ctx context.Context) (*weftv1.Welcome, error) {
	conn, err := c.connection(ctx)
	if err != nil {
		return nil, err
	}
	return conn.welcome, nil
}

// connection returns the connection that calls go over now.
func (c *WebsocketConn) connection(ctx context.Context) (*clientConn, error) {
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return nil, status.Error(codes.Canceled, "the client is closed")
		}
		if c.conn != nil && c.conn.usable() {
			defer c.mu.Unlock()
			return c.conn, nil
		}
		if wait := c.dialing; wait != nil {
			c.mu.Unlock()
			select {
			case <-wait:
				continue
			case <-ctx.Done():
				return nil, status.FromContextError(ctx.Err()).Err()
			}
		}
		c.dialing = make(chan struct{})
		resume, session := c.resume, c.session
		c.mu.Unlock()
		conn, err := c.connect(ctx, resume, session)
		c.mu.Lock()
		close(c.dialing)
		c.dialing = nil
		c.mu.Unlock()
		return conn, err
	}
}

func (c *clientConn) usable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err == nil && !c.leaving
}

// connect tries what the client has, the freshest first.
func (c *WebsocketConn) connect(ctx context.Context, resume, session string) (*clientConn, error) {
	var tries []func(*weftv1.Hello)
	if resume != "" {
		tries = append(tries, func(h *weftv1.Hello) { h.Credentials = &weftv1.Hello_ResumeToken{ResumeToken: resume} })
	}
	if session != "" {
		tries = append(tries, func(h *weftv1.Hello) { h.Credentials = &weftv1.Hello_SessionToken{SessionToken: session} })
	}
	tries = append(tries, c.config.Hello)
	var err error
	for _, credentials := range tries {
		var conn *clientConn
		conn, err = c.hello(ctx, credentials)
		if err == nil {
			return conn, nil
		}
		if status.Code(err) != codes.Unauthenticated {
			return nil, err
		}
	}
	return nil, err
}

// hello opens a websocket and begins or resumes a session.
func (c *WebsocketConn) hello(ctx context.Context, credentials func(*weftv1.Hello)) (_ *clientConn, err error) {
	header := http.Header{}
	if c.config.Origin != "" {
		header.Set("Origin", c.config.Origin)
	}
	ws, answer, err := websocket.Dial(ctx, c.config.URL, &websocket.DialOptions{
		HTTPClient: c.config.HTTP, HTTPHeader: header, Subprotocols: []string{Subprotocol},
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, dialError(answer, err)
	}
	defer func() {
		if err != nil {
			_ = ws.CloseNow()
		}
	}()
	conn := &clientConn{link: newLink(ws, c.config.Limits)}
	conn.eager = true
	conn.onFrame = conn.frame
	h := &weftv1.Hello{Protocol: protocol, Client: c.config.Agent, Language: c.config.Language}
	credentials(h)
	b, err := proto.Marshal(&weftv1.Frame{Kind: &weftv1.Frame_Hello{Hello: h}})
	if err != nil {
		return nil, fmt.Errorf("write a hello: %w", err)
	}
	if err := ws.Write(ctx, websocket.MessageBinary, b); err != nil {
		return nil, lost(err)
	}
	f, err := conn.next(ctx)
	if err != nil {
		return nil, lost(err)
	}
	if r := f.GetRefusal(); r != nil {
		return nil, refusal(r)
	}
	conn.welcome = f.GetWelcome()
	if conn.welcome == nil {
		return nil, status.Error(codes.Internal, "the server did not answer the hello")
	}
	return conn, c.adopt(conn)
}

// adopt makes a connection the one that calls go over.
func (c *WebsocketConn) adopt(conn *clientConn) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return status.Error(codes.Canceled, "the client is closed")
	}
	conn.in = newWindow(int(conn.welcome.GetConnectionCredit()))
	conn.credit = int(conn.welcome.GetConnectionCredit())
	conn.limits.StreamCredit = int(conn.welcome.GetStreamCredit())
	conn.limits.MaxMessage = int(conn.welcome.GetMaxMessage())
	c.conn = conn
	c.conns[conn] = true
	c.resume = conn.welcome.GetResumeToken()
	if t := conn.welcome.GetSessionToken(); t != "" {
		c.session = t
	}
	c.work.Go(func() {
		_ = conn.run(context.Background()) // every call was told
		conn.work.Wait()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.conns, conn)
	})
	return nil
}

// dialError words why there is no websocket.
func dialError(answer *http.Response, err error) error {
	code := codes.Unavailable
	if answer != nil {
		switch answer.StatusCode {
		case http.StatusForbidden, http.StatusMisdirectedRequest:
			code = codes.PermissionDenied
		case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed:
			code = codes.Unimplemented
		}
	}
	if e := errors.Unwrap(err); errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(e).Err()
	}
	return status.Error(code, err.Error())
}

// lost is the status of calls whose connection ended.
func lost(err error) error {
	if b, ok := errors.AsType[*broken](err); ok && b.code == websocket.StatusMessageTooBig {
		return status.Error(codes.ResourceExhausted, err.Error())
	}
	switch websocket.CloseStatus(err) {
	case CloseUnauthenticated:
		return status.Error(codes.Unauthenticated, err.Error())
	case websocket.StatusMessageTooBig, websocket.StatusPolicyViolation:
		return status.Error(codes.ResourceExhausted, err.Error())
	}
	return status.Error(codes.Unavailable, err.Error())
}

func refusal(r *weftv1.Refusal) error {
	st := status.New(codes.Code(r.GetCode()), "refused")
	if len(r.GetErrors()) > 0 {
		st = status.New(codes.Code(r.GetCode()), r.GetErrors()[0].GetText())
	}
	for _, e := range r.GetErrors() {
		if with, err := st.WithDetails(e); err == nil {
			st = with
		}
	}
	return st.Err()
}

// frame handles what only a client is sent.
func (c *clientConn) frame(f *weftv1.Frame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.streams[f.GetStream()]
	switch k := f.GetKind().(type) {
	case *weftv1.Frame_Header:
		if s != nil && s.onHeader != nil {
			s.onHeader(k.Header)
		}
	case *weftv1.Frame_End:
		if s != nil {
			s.onEnd(k.End)
			delete(c.streams, s.id)
		}
	case *weftv1.Frame_Reset_:
		if s != nil {
			s.onEnd(&weftv1.End{Code: uint32(codes.Internal), Message: k.Reset_.GetReason()})
			delete(c.streams, s.id)
		}
	case *weftv1.Frame_GoAway:
		c.leaving = true
	default:
		return violation("a frame that only a client sends")
	}
	return nil
}
