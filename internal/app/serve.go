package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/integrator"
	"github.com/weftworks/weft/internal/web"
)

// LocalUser is the account as which `weft serve` signs the local user in.
const LocalUser = "user"

// localGrace is how long calls and runs may go on at the end: somebody sits
// there and waits for it.
const localGrace = 3 * time.Second

// Ports of `weft serve`; 0: any that is free.
type Ports struct{ Web, Server, TCP int }

// DefaultPorts are the ports that `weft serve` has unless told otherwise.
func DefaultPorts() Ports { return Ports{Web: 8000, Server: 8080, TCP: 4580} }

// LocalConfig says how all components run in one process.
type LocalConfig struct {
	Ports    Ports
	Data     string // empty: DataFolder
	Studio   fs.FS  // nil: a page that says that there is none
	Examples fs.FS  // what a new home begins with; nil: nothing
	Version  string
	Worker   []string
	Log      *slog.Logger
}

// Local is a Server and a web server with all their applications in one
// process, reached from this machine alone. It is the same code as on hosts of
// their own, configured.
type Local struct {
	cfg    LocalConfig
	server *Server
	web    *web.Server

	services *integrator.Integrator
	links    *links
	welcome  string // what Studio shows first, as its address spells it; empty: the workspace
}

var errPortTaken = errs.Message{
	ID: "app.serve_port_taken",
	En: "Port {port} is taken by another program. Stop that one, or choose another port: weft serve {flag} {other}",
	Ru: "Порт {port} занят другой программой. Остановите её или выберите другой: weft serve {flag} {other}",
}

// NewLocal opens everything. Call Run, or Close if it is not to run after all.
func NewLocal(ctx context.Context, cfg LocalConfig) (_ *Local, err error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	l := &Local{cfg: cfg}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	if running(cfg.Data) {
		return nil, errs.New(errs.Unavailable, errRunning, nil)
	}
	if err := cfg.Ports.free(); err != nil {
		return nil, err
	}
	l.links = &links{wake: make(chan struct{}, 1)}
	s := DefaultServer()
	s.WS, s.TCP = loopback(cfg.Ports.Server), loopback(cfg.Ports.TCP)
	s.Data, s.Version, s.Worker, s.Log, s.OnTicket = cfg.Data, cfg.Version, cfg.Worker, cfg.Log, l.links.used
	s.dataFlag = "--data"
	s.Grace = localGrace
	if l.server, err = NewServer(ctx, s); err != nil {
		return nil, err
	}
	if err := l.newHome(); err != nil {
		return nil, err
	}
	w := web.Defaults()
	if l.services, err = l.newIntegrator(ctx); err == nil {
		w.Mounts = map[string]http.Handler{integrator.Root: l.services}
	} else {
		cfg.Log.Warn("published workflows can't be called over HTTP", "error", err) // the service account was changed
	}
	w.HTTP, w.Studio, w.Log = loopback(cfg.Ports.Web), cfg.Studio, cfg.Log
	w.ServerPort = portOf(l.server.Websockets()[0])
	if l.web, err = web.New(w); err != nil {
		return nil, err
	}
	l.links.start(l)
	return l, l.links.write(ctx)
}

func loopback(p int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p)) }

func portOf(a net.Addr) int {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.Port
	}
	return 0
}

// free names the flag of a port that somebody else has, before anything is
// opened.
func (p Ports) free() error {
	for _, one := range []struct {
		flag string
		port int
	}{{"--port", p.Web}, {"--server-port", p.Server}, {"--tcp-port", p.TCP}} {
		l, err := net.Listen("tcp", loopback(one.port))
		if err != nil {
			return errs.New(errs.Unavailable, errPortTaken, errs.P{"port": one.port, "flag": one.flag, "other": one.port + 1}).Because(err)
		}
		l.Close()
	}
	return nil
}

// Address is the page of Studio.
func (l *Local) Address() string { return fmt.Sprintf("http://%s/app/", l.web.Addrs()[0]) }

// Folder is the data folder.
func (l *Local) Folder() string { return l.server.Folder() }

// First are the passwords of the first accounts, when they were made just now.
func (l *Local) First() []auth.Credential { return l.server.First() }

// SignedIn returns the page of Studio with a token in it that signs the local
// user in, once.
func (l *Local) SignedIn(ctx context.Context) (string, error) {
	token, err := l.server.Ticket(ctx, LocalUser)
	address := l.Address() + "#token=" + token
	if l.welcome != "" {
		address += "&to=" + l.welcome
	}
	return address, err
}

// Run serves until ctx ends, and then drains the web server and the Server. It
// closes everything.
func (l *Local) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, l.links.remove()) }()
	ctx, stop := context.WithCancel(ctx)
	var parts sync.WaitGroup
	failed := make(chan error, 3)
	part := func(run func(context.Context) error) {
		parts.Go(func() {
			defer stop() // all end with the first
			failed <- run(ctx)
		})
	}
	part(l.server.Run)
	part(l.web.Run)
	if l.services == nil {
		failed <- nil
	} else {
		part(l.services.Run)
	}
	parts.Go(func() { l.links.keep(ctx) })
	parts.Wait()
	return errors.Join(<-failed, <-failed, <-failed)
}

// Close closes what does not run.
func (l *Local) Close() error {
	if l.web != nil {
		l.web.Close()
	}
	if l.services != nil {
		_ = l.services.Close() // connections to this very process
	}
	if l.server != nil {
		return l.server.Close()
	}
	return nil
}
