package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

// Config is what a Server needs.
type Config struct {
	Auth    Authenticator
	Rules   map[string]Rule // nil: Rules()
	Limits  Limits          // zero: DefaultLimits()
	Origins Origins
	TLS     *tls.Config // of the TCP port; nil: plain text
	Version string      // of the program, told to clients
	Log     *slog.Logger
}

// Server serves the services that are registered with it, on TCP and on
// websockets. It is an http.Handler for /ws and /ws/.
type Server struct {
	config   Config
	guard    *guard
	grpc     *grpc.Server
	health   *health.Server
	methods  map[string]method
	sessions *sessions
	lobby    *lobby

	ctx  context.Context // of all connections; ends with the server
	stop context.CancelFunc
	look context.Context // of the looks at callers; ends before ctx
	rest context.CancelFunc

	endless context.Context // of streams over TCP that have no end of their own; ends when the server drains
	cut     context.CancelFunc

	mu       sync.Mutex
	conns    map[*serverConn]bool
	webs     []*http.Server
	draining bool
	work     sync.WaitGroup // connections, and the looks at their callers
	calls    sync.WaitGroup // unary calls on websockets

	strangers sync.Once // a proxy that is not trusted was warned of
}

// method is one method of a registered service.
type method struct {
	name   string // full, with the leading slash
	impl   any
	unary  *grpc.MethodDesc
	stream *grpc.StreamDesc
}

// New makes a server. Register services, then serve.
func New(c Config) *Server {
	if c.Rules == nil {
		c.Rules = Rules()
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		config: c, methods: map[string]method{}, conns: map[*serverConn]bool{}, health: health.NewServer(),
		guard:    &guard{rules: c.Rules, auth: c.Auth, limits: c.Limits, log: c.Log},
		sessions: newSessions(c.Limits.ResumeFor), lobby: newLobby(c.Limits),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.look, s.rest = context.WithCancel(s.ctx)
	s.endless, s.cut = context.WithCancel(s.ctx)
	s.grpc = grpc.NewServer(s.options()...)
	healthv1.RegisterHealthServer(s.grpc, s.health)
	s.health.SetServingStatus(weftv1.Services_ServiceDesc.ServiceName, healthv1.HealthCheckResponse_SERVING)
	return s
}

func (s *Server) options() []grpc.ServerOption {
	opts := []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(s.guard.unary),
		grpc.ChainStreamInterceptor(s.ending, s.guard.stream),
		grpc.MaxRecvMsgSize(4 << 20),
		grpc.MaxSendMsgSize(16 << 20),
		grpc.MaxHeaderListSize(16 << 10),
		grpc.MaxConcurrentStreams(100),
		grpc.ConnectionTimeout(10 * time.Second),
		grpc.WaitForHandlers(true),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			Time: 2 * time.Minute, Timeout: 20 * time.Second,
			MaxConnectionAge: 30 * time.Minute, MaxConnectionAgeGrace: 5 * time.Minute,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 30 * time.Second}),
	}
	if s.config.TLS != nil {
		opts = append(opts, grpc.Creds(credentials.NewTLS(s.config.TLS)))
	}
	return opts
}

// ending is a grpc.StreamServerInterceptor that ends streams without an end of
// their own when the server drains: who reads them goes on elsewhere, and would
// hold up the end otherwise.
func (s *Server) ending(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if !s.config.Rules[info.FullMethod].Endless {
		return handler(srv, ss)
	}
	ctx, cancel := context.WithCancel(ss.Context())
	defer cancel()
	defer context.AfterFunc(s.endless, cancel)()
	err := handler(srv, &guardedStream{ServerStream: ss, ctx: ctx})
	if s.endless.Err() != nil {
		return toStatus(errs.New(errs.Unavailable, msgStopping, nil), Language(localized(ctx)))
	}
	return err
}

// RegisterService implements grpc.ServiceRegistrar: the service is reached
// both ways. It panics when the implementation doesn't fit, or a method has no
// rule: nobody could ever call it.
func (s *Server) RegisterService(desc *grpc.ServiceDesc, impl any) {
	add := func(name string, m method) {
		m.name, m.impl = "/"+desc.ServiceName+"/"+name, impl
		if _, ok := s.config.Rules[m.name]; !ok {
			panic("rpc: there is no rule who may call " + m.name)
		}
		s.methods[m.name] = m
	}
	for i := range desc.Methods {
		add(desc.Methods[i].MethodName, method{unary: &desc.Methods[i]})
	}
	for i := range desc.Streams {
		add(desc.Streams[i].StreamName, method{stream: &desc.Streams[i]})
	}
	s.grpc.RegisterService(desc, impl)
}

// SetServing says whether this server can do its work, to whoever asks the
// health service.
func (s *Server) SetServing(ok bool) {
	status := healthv1.HealthCheckResponse_NOT_SERVING
	if ok {
		status = healthv1.HealthCheckResponse_SERVING
	}
	s.health.SetServingStatus("", status)
	s.health.SetServingStatus(weftv1.Services_ServiceDesc.ServiceName, status)
}

// ServeTCP serves gRPC on a listener until Close or Drain; then it returns
// nil. It closes the listener.
func (s *Server) ServeTCP(l net.Listener) error {
	if err := s.grpc.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("serve TCP: %w", err)
	}
	return nil
}

// EndSession ends a session: its connection is closed with code 4401, and it
// can't be resumed. When it is the connection by which the call of ctx came, the
// call is answered first.
func (s *Server) EndSession(ctx context.Context, id string) {
	s.sessions.end(func(c Caller) bool { return c.Session == id && id != "" }, callOf(ctx))
}

// EndAccount ends all sessions of an account but one, which may be "": its
// password was changed, or it is disabled. Like EndSession it lets the call of
// ctx be answered.
func (s *Server) EndAccount(ctx context.Context, account, except string) {
	s.sessions.end(func(c Caller) bool {
		return c.Account == account && (except == "" || c.Session != except)
	}, callOf(ctx))
}

// Connections is how many websockets there are.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Drain refuses new calls, lets those that go on end until ctx does, and then
// closes the server. Streams are told at once, and cut at the end: their
// clients take them up again elsewhere or later.
func (s *Server) Drain(ctx context.Context) {
	s.health.Shutdown()
	s.mu.Lock()
	s.draining = true
	grace := uint32(0)
	if at, ok := ctx.Deadline(); ok {
		grace = count(int(time.Until(at).Milliseconds()))
	}
	for c := range s.conns {
		c.push(&weftv1.Frame{Kind: &weftv1.Frame_GoAway{GoAway: &weftv1.GoAway{GraceMs: grace, Reason: "the server is stopping"}}})
	}
	s.mu.Unlock()

	done := make(chan struct{})
	go func() {
		defer close(done)
		s.cut()
		s.calls.Wait()
		s.grpc.GracefulStop()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	s.close(&broken{closeRestart, "the server is stopping"})
	<-done
}

// Close ends every call and connection, and waits for them.
func (s *Server) Close() {
	s.close(&broken{closeRestart, "the server is stopping"})
}

func (s *Server) close(why error) {
	s.health.Shutdown()
	s.sessions.close()
	s.mu.Lock()
	s.draining = true
	for c := range s.conns {
		c.fail(why)
	}
	webs := s.webs
	s.mu.Unlock()
	for _, w := range webs {
		_ = w.Close() // what it could say is about connections that are cut anyway
	}
	s.grpc.Stop()
	s.rest()
	s.cut()
	s.work.Wait()
	s.stop()
}

func (s *Server) remove(c *serverConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

func (s *Server) stopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

// begin counts a unary call; false: the server is stopping.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.calls.Add(1)
	return true
}

var _ http.Handler = (*Server)(nil)
