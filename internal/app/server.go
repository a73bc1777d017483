package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/port"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/publish"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/server"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
	"github.com/weftworks/weft/internal/workspace"
)

// FirstPasswords is the file of the data folder that holds the passwords of
// the first accounts.
const FirstPasswords = "first-passwords.txt"

// Server is a Server with all its parts. NewServer makes one that listens
// already; Run serves.
type Server struct {
	cfg     ServerConfig
	log     *slog.Logger
	folder  *folder
	disk    *disk
	db      *sqlite.DB
	auth    *auth.Auth
	tree    *workspace.Tree
	uploads *workspace.Uploads
	cert    *certificate.Certificate // nil: no encryption
	rpc     *rpc.Server
	first   []auth.Credential

	runner   *run.Runner
	hub      *document.Hub
	previews *preview.Previews
	jobs     *job.Jobs

	published *publish.Registry

	webs []net.Listener // of websockets
	tcp  net.Listener   // nil: not opened

	unfit    atomic.Pointer[string] // why it can't do its work; nil: it can
	draining atomic.Bool
	reload   chan struct{}
	closers  []func() error // in the order of opening
}

// NewServer checks the configuration, takes the data folder, opens what is in
// it, makes the first accounts where there are none, and opens the ports. Call
// Run, or Close if it is not to run after all.
func NewServer(ctx context.Context, cfg ServerConfig) (_ *Server, err error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, log: cfg.Log, reload: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.openData(ctx); err != nil {
		return nil, err
	}
	if err := s.openWork(); err != nil {
		return nil, err
	}
	if err := s.openWire(); err != nil {
		return nil, err
	}
	if err := s.listen(); err != nil {
		return nil, err
	}
	// The last thing that can fail: passwords are made only for a Server that
	// starts.
	s.first, err = s.auth.First(ctx, s.folder.path(FirstPasswords))
	cfg.warn()
	return s, err
}

// onClose has something closed at the end, before all that was opened earlier.
func (s *Server) onClose(f func() error) { s.closers = append(s.closers, f) }

func (s *Server) openData(ctx context.Context) (err error) {
	if s.folder, err = openFolder(cmp.Or(s.cfg.Data, DataFolder()), cmp.Or(s.cfg.dataFlag, "data.folder")); err != nil {
		return err
	}
	s.onClose(s.folder.Close)
	if s.cfg.space == nil {
		s.cfg.space = diskSpace
	}
	s.disk = newDisk(s.folder, s.cfg.space, s.log)
	if s.db, err = sqlite.Open(ctx, sqlite.Options{File: s.folder.path(storeName)}); err != nil {
		return err
	}
	s.onClose(s.db.Close)
	s.auth = auth.New(s.db.Store(), auth.Options{Idle: s.cfg.Idle, Absolute: s.cfg.Absolute, Cost: s.cfg.cost})
	quota := workspace.Quota{Bytes: int64(s.cfg.WorkspaceMiB) << 20, Files: int64(s.cfg.WorkspaceFiles)}
	if s.tree, err = workspace.OpenTree(s.folder.path(workspaceName), quota); err != nil {
		return err
	}
	s.onClose(s.tree.Close)
	if s.uploads, err = workspace.OpenUploads(s.folder.path("uploads"), s.tree); err != nil {
		return err
	}
	s.onClose(s.uploads.Close)
	return nil
}

// openWire makes the services and what carries them.
func (s *Server) openWire() (err error) {
	if s.cfg.encrypted() {
		if s.cert, err = certificate.Load(s.cfg.CertFile, s.cfg.KeyFile, s.log); err != nil {
			return err
		}
	}
	encryption, err := s.tcpTLS()
	if err != nil {
		return err
	}
	proxies, wrong := port.ParseNetworks(s.cfg.Proxies)
	if wrong != nil {
		return wrong
	}
	s.rpc = rpc.New(rpc.Config{
		Auth: server.NewAuthenticator(s.auth, s.entered),
		Origins: rpc.Origins{
			Allowed: s.cfg.Origins, Own: newHosts(s.cfg.Names, s.cert).own, Proxies: proxies, AllowMissing: s.cfg.NoOrigin,
		},
		TLS: encryption, Version: s.cfg.Version, Log: s.log,
	})
	s.onClose(func() error { s.rpc.Close(); return nil })
	return s.register()
}

// register has all services carried.
func (s *Server) register() error {
	catalogue, err := server.NewCatalogue(s.auth, s.runner.Catalogue, s.runner.Functions)
	if err != nil {
		return err
	}
	weftv1.RegisterCatalogueServer(s.rpc, catalogue)
	weftv1.RegisterSessionServer(s.rpc, server.NewSession(s.auth, s.rpc))
	weftv1.RegisterAccountsServer(s.rpc, server.NewAccounts(s.auth, s.rpc))
	weftv1.RegisterFilesServer(s.rpc, server.NewFiles(server.FilesOptions{Auth: s.auth, Tree: s.tree, Uploads: s.uploads, Documents: s.hub, Room: s.disk.anything}))
	weftv1.RegisterPackagesServer(s.rpc, server.NewPackages(s.auth, s.hub, s.previews))
	weftv1.RegisterDataServer(s.rpc, server.NewData(s.auth, opened{s.hub}, s.previews, s.jobs))
	weftv1.RegisterRunsServer(s.rpc, server.NewRuns(s.auth, opened{s.hub}, s.jobs))
	weftv1.RegisterServicesServer(s.rpc, server.NewServices(s.auth, s.published))
	return nil
}

// tcpTLS is the encryption of the TCP port; nil: none.
func (s *Server) tcpTLS() (*tls.Config, error) {
	if !s.cfg.TCPTLS {
		return nil, nil
	}
	c := s.cert.Config("h2")
	if s.cfg.ClientCAFile == "" {
		return c, nil
	}
	pool, err := certificate.Authorities("tcp.client_ca_file", s.cfg.ClientCAFile)
	c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, pool
	return c, err
}

func (s *Server) listen() error {
	open := func(key, address string, encryption *tls.Config) error {
		l, err := port.Listen(key, address)
		if err != nil {
			return err
		}
		s.onClose(func() error { l.Close(); return nil }) // it may be closed by whoever served on it
		if encryption != nil {
			l = tls.NewListener(l, encryption)
		}
		s.webs = append(s.webs, l)
		return nil
	}
	if s.cert != nil && s.cfg.WSS != "" {
		if err := open("listen.wss", s.cfg.WSS, s.cert.Config("http/1.1")); err != nil {
			return err
		}
	}
	if s.cfg.plain() {
		if err := open("listen.ws", s.cfg.WS, nil); err != nil {
			return err
		}
	}
	if s.cfg.TCP == "" {
		return nil
	}
	l, err := port.Listen("listen.tcp", s.cfg.TCP)
	if err == nil {
		s.tcp = l
		s.onClose(func() error { l.Close(); return nil })
	}
	return err
}

// entered sees to it that whoever signs in has a folder.
func (s *Server) entered(c auth.Caller, byTicket bool) {
	if c.Role != store.Service {
		if err := s.tree.EnsureTop(auth.Home(c.Name)[1:]); err != nil {
			s.log.Warn("a home folder was not made", "account", c.Name, "error", err)
		}
	}
	if byTicket && s.cfg.OnTicket != nil {
		s.cfg.OnTicket()
	}
}

// First are the passwords of the first accounts, when they were made just now.
func (s *Server) First() []auth.Credential { return s.first }

// Folder is the data folder, absolute.
func (s *Server) Folder() string { return s.folder.dir }

// Tree is the tree of all folders.
func (s *Server) Tree() *workspace.Tree { return s.tree }

// Websockets are the addresses of the websocket, the encrypted one first.
func (s *Server) Websockets() []net.Addr {
	var out []net.Addr
	for _, l := range s.webs {
		out = append(out, l.Addr())
	}
	return out
}

// TCP is the address of gRPC; nil: it is not opened.
func (s *Server) TCP() net.Addr {
	if s.tcp == nil {
		return nil
	}
	return s.tcp.Addr()
}

// Ticket returns a token that signs an account in once, on this machine.
func (s *Server) Ticket(ctx context.Context, name string) (string, error) {
	return s.auth.Ticket(ctx, name)
}

// Reload reads the certificate again, as on SIGHUP. A bad one is not taken.
func (s *Server) Reload() {
	select {
	case s.reload <- struct{}{}:
	default: // one is asked for already
	}
}

// Run serves until ctx ends, and then drains: calls and runs that are under way
// get the configuration's time of grace. It closes the Server.
func (s *Server) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.Close()) }()
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	var own sync.WaitGroup
	defer own.Wait()
	defer stop()
	if s.cert != nil {
		own.Go(func() { s.cert.Watch(beside, s.reload) })
	}
	own.Go(func() {
		if err := s.published.Run(beside); err != nil {
			s.log.Error("services are not published any more", "error", err)
		}
	})
	own.Go(func() { s.watch(beside) })
	own.Go(func() { s.sweep(beside) })
	failed := make(chan error, len(s.webs)+1)
	for _, l := range s.webs {
		own.Go(func() { failed <- s.rpc.ServeWeb(l, s) })
		s.log.Info("listening for websockets", "address", l.Addr().String(), "tls", s.cert != nil)
	}
	if s.tcp != nil {
		own.Go(func() { failed <- s.rpc.ServeTCP(s.tcp) })
		s.log.Info("listening for gRPC", "address", s.tcp.Addr().String(), "tls", s.cfg.TCPTLS)
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.drain(context.WithoutCancel(ctx))
	return err
}

func (s *Server) drain(ctx context.Context) {
	s.draining.Store(true)
	s.log.Info("draining", "websockets", s.rpc.Connections())
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Grace)
	defer cancel()
	var runs sync.WaitGroup
	defer runs.Wait()
	runs.Go(func() { s.jobs.Drain(ctx) })
	s.rpc.Drain(ctx)
}

// Close closes what a Server has open, the latest first.
func (s *Server) Close() error {
	var err error
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i]())
	}
	s.closers = nil
	return err
}

// How often the Server looks at itself, and tidies up.
const (
	lookEvery  = 2 * time.Second
	sweepEvery = time.Hour
	// stale is how long an upload may lie still.
	stale = 7 * 24 * time.Hour
)

// sweep removes, now and then, what nobody needs any more.
func (s *Server) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.auth.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("sessions were not swept", "error", err)
		}
		if n, err := s.uploads.Sweep(stale); err != nil || n > 0 {
			s.log.Info("stale uploads were removed", "uploads", n, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
