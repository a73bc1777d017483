package rpc

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

// serverConn is the server's end of one websocket.
type serverConn struct {
	*link
	server    *Server
	meter     *meter
	asked     wanted
	guest     *guest
	sessionID string
	caller    Caller
	language  string
	client    string
	opens     bucket
	edits     bucket

	clock struct {
		sync.Mutex
		timer *time.Timer
		ticks int
		over  bool
	}
}

func newServerConn(s *Server, ws *websocket.Conn, m *meter, asked wanted) *serverConn {
	l := s.config.Limits
	c := &serverConn{
		link: newLink(ws, l), server: s, meter: m, asked: asked, language: "en",
		opens: newBucket(l.OpensPerSecond, l.OpenBurst), edits: newBucket(l.EditsPerSecond, l.EditBurst),
	}
	c.onFrame = c.frame
	return c
}

// serve lives as long as the connection.
func (c *serverConn) serve() {
	defer c.server.remove(c)
	defer c.work.Wait()
	defer c.server.sessions.detach(c)
	if !c.enter() {
		return
	}
	c.startClock()
	err := c.run(c.server.ctx)
	c.stopClock()
	c.server.config.Log.Debug("websocket closed", "account", c.caller.Account, "error", err)
}

// enter waits for the hello and answers it.
func (c *serverConn) enter() bool {
	defer c.server.lobby.exit(c.guest)
	late := time.AfterFunc(c.limits.HelloTimeout, func() {
		c.fail(&broken{CloseUnauthenticated, "no hello came in time"})
	})
	defer late.Stop()

	f, err := c.next(c.server.ctx)
	if err != nil {
		c.fail(refusedEarly(err))
		return false
	}
	if !late.Stop() {
		return false
	}
	hello := f.GetHello()
	if hello == nil || f.GetStream() != 0 {
		c.fail(&broken{CloseUnauthenticated, "the first frame is a hello"})
		return false
	}
	welcome, err := c.welcome(hello)
	if err != nil {
		c.refuse(err)
		return false
	}
	if c.over() {
		return false
	}
	c.meter.signedIn()
	c.push(welcome)
	return true
}

// refusedEarly makes what a stranger did wrong the lack of a hello.
func refusedEarly(err error) error {
	if b, ok := errors.AsType[*broken](err); ok && b.code == websocket.StatusProtocolError {
		return &broken{CloseUnauthenticated, "the first frame is a hello"}
	}
	return readFailure(err)
}

// welcome checks a hello and gives the connection its session.
func (c *serverConn) welcome(h *weftv1.Hello) (*weftv1.Frame, error) {
	c.language = Language(withLanguage(context.Background(), h.GetLanguage()))
	c.client = short(h.GetClient(), 64)
	if h.GetProtocol() != protocol {
		return nil, &statusError{codes.FailedPrecondition, errs.New(errs.Invalid, msgProtocol,
			errs.P{"found": h.GetProtocol(), "want": protocol})}
	}
	w := &weftv1.Welcome{
		Server: c.server.config.Version, Protocol: protocol,
		StreamCredit: count(c.limits.StreamCredit), ConnectionCredit: count(c.limits.ConnectionCredit),
		MaxMessage: count(c.limits.MaxMessage), MaxStreams: count(c.limits.MaxStreams),
		PingMs: count(int(c.limits.Ping.Milliseconds())),
	}
	ctx, cancel := context.WithTimeout(withLanguage(c.server.ctx, c.language), c.limits.Stall)
	defer cancel()
	if token := h.GetResumeToken(); token != "" {
		caller, next, ok := c.server.sessions.resume(token, c)
		if !ok {
			return nil, unauthenticated(nil)
		}
		now, err := c.server.guard.auth.Present(ctx, caller)
		if err != nil {
			return nil, unauthenticated(err)
		}
		c.caller, w.ResumeToken, w.Resumed = now, next, true
	} else {
		signed, err := c.server.guard.auth.Authenticate(ctx, c.credentials(h))
		if err != nil {
			return nil, unauthenticated(err)
		}
		c.caller, w.SessionToken = signed.Caller, signed.Token
		id := signed.Caller.Session
		if h.GetServiceToken() != nil { // several connections may have one token
			id = rand.Text()
		}
		w.ResumeToken = c.server.sessions.attach(id, signed.Caller, c)
	}
	w.Caller = c.caller.proto()
	return &weftv1.Frame{Kind: &weftv1.Frame_Welcome{Welcome: w}}, nil
}

func (c *serverConn) credentials(h *weftv1.Hello) Credentials {
	out := Credentials{Address: c.asked.address, Client: c.client, Local: c.asked.local}
	switch k := h.GetCredentials().(type) {
	case *weftv1.Hello_SessionToken:
		out.Kind, out.Secret = BySession, k.SessionToken
	case *weftv1.Hello_Password:
		out.Kind, out.Name, out.Secret = ByPassword, k.Password.GetName(), k.Password.GetPassword()
		out.Known = h.GetKnownSessionToken()
	case *weftv1.Hello_OneTimeToken:
		out.Kind, out.Secret = ByOneTimeToken, k.OneTimeToken
	case *weftv1.Hello_ServiceToken:
		out.Kind, out.Name, out.Secret = ByServiceToken, k.ServiceToken.GetName(), k.ServiceToken.GetToken()
	}
	return out
}

// refuse tells why a hello is refused, and closes.
func (c *serverConn) refuse(err error) {
	b, e := proto.Marshal(&weftv1.Frame{Kind: &weftv1.Frame_Refusal{Refusal: &weftv1.Refusal{
		Code: uint32(status.Code(toStatus(err, c.language))), Errors: WireErrors(err, c.language),
	}}})
	if e == nil {
		_ = c.ws.Write(c.server.ctx, websocket.MessageBinary, b) // a peer that is gone needs no reason
	}
	c.fail(&broken{CloseUnauthenticated, "the hello is refused"})
}

func (c *serverConn) over() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// frame handles what only a server is sent.
func (c *serverConn) frame(f *weftv1.Frame) error {
	switch k := f.GetKind().(type) {
	case *weftv1.Frame_Open:
		return c.open(f.GetStream(), k.Open)
	case *weftv1.Frame_HalfClose:
		return c.withStream(f.GetStream(), func(s *stream) { s.end(io.EOF) })
	case *weftv1.Frame_Cancel:
		return c.withStream(f.GetStream(), func(s *stream) {
			s.end(context.Canceled)
			s.onBroken(context.Canceled)
		})
	default:
		return violation("a frame that only a server sends, or a second hello")
	}
}

func (c *serverConn) withStream(id uint32, do func(*stream)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == 0 || id > c.last {
		return violation("stream %d is not open", id)
	}
	if s := c.streams[id]; s != nil {
		do(s)
	}
	return nil
}

// startClock looks at the connection every few seconds, without a goroutine.
func (c *serverConn) startClock() {
	c.clock.Lock()
	defer c.clock.Unlock()
	c.clock.timer = time.AfterFunc(tick, c.tick)
}

func (c *serverConn) stopClock() {
	c.clock.Lock()
	defer c.clock.Unlock()
	c.clock.over = true
	c.clock.timer.Stop()
}

func (c *serverConn) tick() {
	c.clock.Lock()
	defer c.clock.Unlock()
	if c.clock.over {
		return
	}
	c.clock.ticks++
	every := max(1, int(c.limits.Ping/tick))
	switch {
	case c.meter.idle() >= 2*c.limits.Ping+tick/2:
		c.fail(errors.New("two pings were not answered"))
		return
	case c.stalled(c.limits.Stall):
		c.fail(errors.New("the client takes nothing"))
		return
	case c.clock.ticks%every == 0 && !c.out.waiting():
		c.push(&weftv1.Frame{Kind: &weftv1.Frame_Ping{Ping: &weftv1.Ping{Id: uint64(c.clock.ticks)}}}) //nolint:gosec // counts up from 1
	}
	c.clock.timer.Reset(tick)
}

// readFailure words why a frame could not be read: what the websocket itself
// does not allow is the peer's breach of the protocol, anything else is a lost
// connection.
func readFailure(err error) error {
	var lost net.Error
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		return tooBig()
	case errors.Is(err, errBudget):
		return &broken{CloseUnauthenticated, errBudget.Error()}
	case websocket.CloseStatus(err) != -1, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled), errors.As(err, &lost):
		return err
	}
	if b, ok := errors.AsType[*broken](err); ok {
		return b
	}
	return violation("not a websocket's frame")
}

func tooBig() error { return &broken{websocket.StatusMessageTooBig, "a message is too large"} }

// short cuts a text that a stranger sent.
func short(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return toValid(s)
}
