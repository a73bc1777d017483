package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/port"
)

const (
	headerTime  = 5 * time.Second
	idleTime    = 60 * time.Second
	handshakeIn = 5 * time.Second
)

// Server is a web server. New makes one that listens already; Run serves.
type Server struct {
	cfg        Config
	log        *slog.Logger
	studio     *studio
	serverJSON *serverJSON
	cert       *certificate.Certificate // nil: no encryption
	upstream   *upstream
	proxies    []netip.Prefix
	proxyPath  string // with a leading, without a trailing slash
	clients    *clients
	listeners  []*listener
	relays     *relays

	draining atomic.Bool
	warned   sync.Once
	reload   chan struct{}
}

// listener is an open port.
type listener struct {
	net.Listener
	tls     *tls.Config // nil: plain
	handler http.Handler
}

// New checks the configuration, reads what it names, and opens the ports. Call
// Run, or Close if it is not to run after all.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, log: cfg.Log, reload: make(chan struct{}, 1)}
	if s.cfg.stall == 0 {
		s.cfg.stall = relayStall
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	proxies, wrong := port.ParseNetworks(cfg.TrustedProxies)
	if wrong != nil {
		return nil, wrong
	}
	s.proxies = proxies
	s.proxyPath = "/" + strings.Trim(cfg.ProxyPath, "/")
	s.clients = newClients(&s.cfg, s.trusted)
	if err := s.load(); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) load() (err error) {
	if s.studio, err = loadStudio(s.cfg.Studio); err != nil {
		return err
	}
	if s.serverJSON, err = loadServerJSON(&s.cfg, s.log); err != nil {
		return err
	}
	if s.cfg.tls() {
		if s.cert, err = certificate.Load(s.cfg.CertFile, s.cfg.KeyFile, s.log); err != nil {
			return err
		}
	}
	s.upstream, err = newUpstream(&s.cfg)
	return err
}

func (s *Server) listen() error {
	if s.cert != nil && s.cfg.HTTPS != "" {
		if err := s.open("listen.https", s.cfg.HTTPS, s.cert.Config("h2", "http/1.1"), s); err != nil {
			return err
		}
	}
	if s.cfg.HTTP == "" {
		return nil
	}
	plain := http.Handler(s)
	if s.cert != nil {
		plain = http.HandlerFunc(s.toHTTPS)
	}
	return s.open("listen.http", s.cfg.HTTP, nil, plain)
}

func (s *Server) open(key, address string, config *tls.Config, h http.Handler) error {
	l, err := port.Listen(key, address)
	if err != nil {
		return err
	}
	s.listeners = append(s.listeners, &listener{Listener: l, tls: config, handler: h})
	return nil
}

// Addrs are the addresses that the server listens on, the encrypted one first.
func (s *Server) Addrs() []net.Addr {
	var out []net.Addr
	for _, l := range s.listeners {
		out = append(out, l.Addr())
	}
	return out
}

// encryptedAddr is the address of the encrypted listener, or empty.
func (s *Server) encryptedAddr() string {
	for _, l := range s.listeners {
		if l.tls != nil {
			return l.Addr().String()
		}
	}
	return ""
}

// Close closes the ports of a server that does not run.
func (s *Server) Close() {
	for _, l := range s.listeners {
		l.Close()
	}
}

// Reload reads the certificate again, as on SIGHUP. A bad one is not taken.
func (s *Server) Reload() {
	select {
	case s.reload <- struct{}{}:
	default: // one is asked for already
	}
}

// Run serves until ctx ends, and then drains: open requests and websockets get
// the configuration's time of grace; new websockets get 503.
func (s *Server) Run(ctx context.Context) error {
	s.relays = newRelays(s.log, s.cfg.stall)
	var own sync.WaitGroup
	defer own.Wait()
	defer s.relays.close()
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if s.cert != nil {
		own.Go(func() { s.cert.Watch(watching, s.reload) })
	}
	servers := make([]*http.Server, len(s.listeners))
	failed := make(chan error, len(s.listeners))
	for i, l := range s.listeners {
		q := newQueue(l.Addr())
		servers[i] = s.httpServer(l.handler)
		own.Go(func() { failed <- s.accept(l, q) })
		own.Go(func() { _ = servers[i].Serve(q) }) // it ends when the queue does
		s.log.Info("listening", "address", l.Addr().String(), "tls", l.tls != nil)
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.drain(context.WithoutCancel(ctx), servers)
	return err
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHead,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 100, WriteByteTimeout: writeStall},
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
}

// accept takes connections, counts them, and hands them on; TLS handshakes go
// on beside it.
func (s *Server) accept(l *listener, q *queue) error {
	defer func() { _ = q.Close() }()
	var handshakes sync.WaitGroup
	defer handshakes.Wait()
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			s.log.Warn("accept", "err", err)
			time.Sleep(10 * time.Millisecond) // out of descriptors: others have to end first
			continue
		}
		peer := peerOf(c)
		slot := s.clients.enter(c, peer)
		if slot == nil {
			c.Close()
			continue
		}
		if l.tls == nil {
			q.put(&clientConn{Conn: c, peer: peer, slot: slot, heads: newHeadScanner()})
			continue
		}
		handshakes.Go(func() { s.handshake(&countedConn{Conn: c, slot: slot}, l.tls, peer, q) })
	}
}

// handshake ends TLS and tells by ALPN how the connection is spoken to. What a
// stranger's certificates and extensions may do to the library ends this
// connection alone.
func (s *Server) handshake(c *countedConn, config *tls.Config, peer netip.Addr, q *queue) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a handshake panicked", "panic", p, "stack", string(debug.Stack()))
			_ = c.Close()
		}
	}()
	t := tls.Server(c, config)
	ctx, cancel := context.WithTimeout(context.Background(), handshakeIn)
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		return
	}
	if t.ConnectionState().NegotiatedProtocol == "h2" {
		c.slot.unfinished(false)
		q.put(t)
		return
	}
	q.put(&clientConn{Conn: t, peer: peer, encrypted: true, slot: c.slot, heads: newHeadScanner()})
}

// drain lets what is open end by itself for a while, then ends it.
func (s *Server) drain(ctx context.Context, servers []*http.Server) {
	s.draining.Store(true)
	s.log.Info("draining", "websockets", s.relays.count())
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Grace)
	defer cancel()
	s.relays.wait(ctx)
	s.relays.closeAll()
	s.Close()
	for _, srv := range servers {
		if srv.Shutdown(ctx) != nil {
			srv.Close()
		}
	}
}
