package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/integrator"
	"github.com/weftworks/weft/internal/web"
)

// IntegratorConfig is all that an Integrator with a web server of its own
// needs. The keys of its configuration file are those that Bind names; the rest
// is given by the program.
type IntegratorConfig struct {
	web.Listening
	Grace time.Duration

	Integrator integrator.Config
	Logs       LogConfig

	Log *slog.Logger // nil: nothing is logged
}

// Bind names the keys of the configuration file.
func (c *IntegratorConfig) Bind(b *config.Binder) {
	c.BindListening(b, words("Where the Integrator listens", "Где Интегратор ждёт соединений"),
		words("The Integrator's certificate.", "Сертификат Интегратора."))
	c.Integrator.Bind(b)
	c.Logs.Bind(b)
	b.Section("shutdown", words("How the Integrator ends on SIGTERM.", "Как Интегратор завершается по SIGTERM."), func(b *config.Binder) {
		config.Duration(b, &c.Grace, "grace", 20*time.Second, 0, words("How long requests that are under way may go on.",
			"Сколько ещё могут выполняться начатые запросы."))
	})
}

// Integrator is an Integrator with a web server of its own. NewIntegrator makes
// one that listens already; Run serves.
type Integrator struct {
	app      *integrator.Integrator
	web      *web.Server
	draining atomic.Bool
}

// NewIntegrator checks the configuration and opens the ports. Call Run, or
// Close if it is not to run after all.
func NewIntegrator(cfg IntegratorConfig) (*Integrator, error) {
	cfg.Integrator.Log = cfg.Log
	in, err := integrator.New(cfg.Integrator)
	if err != nil {
		return nil, err
	}
	i := &Integrator{app: in}
	w := web.Defaults()
	w.Listening, w.Grace, w.Log = cfg.Listening, cfg.Grace, cfg.Log
	w.Mounts = map[string]http.Handler{"/": i}
	if i.web, err = web.New(w); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return i, nil
}

// ServeHTTP answers calls, and whether the Integrator lives and can reach a
// Server.
func (i *Integrator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/healthz" && r.URL.Path != "/readyz" {
		i.app.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	state, status := "ok", http.StatusOK
	if strings.HasPrefix(r.URL.Path, "/readyz") {
		switch {
		case i.draining.Load():
			state, status = "draining", http.StatusServiceUnavailable
		case !i.app.Ready():
			state, status = "no Server can be reached", http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"status": state}) // the caller is gone
}

// Refuse answers what the web server refuses by itself.
func (i *Integrator) Refuse(w http.ResponseWriter, r *http.Request, status int, err *errs.Error) {
	i.app.Refuse(w, r, status, err)
}

// Addrs are the addresses that the Integrator listens on, the encrypted one
// first.
func (i *Integrator) Addrs() []net.Addr { return i.web.Addrs() }

// Reload reads the certificate again, as on SIGHUP.
func (i *Integrator) Reload() { i.web.Reload() }

// Run serves until ctx ends, and then drains: requests that are under way get
// the configuration's time of grace. It closes the Integrator.
func (i *Integrator) Run(ctx context.Context) error {
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	var watched error
	wg.Go(func() { watched = i.app.Run(watching) })
	unmark := context.AfterFunc(ctx, func() { i.draining.Store(true) })
	err := i.web.Run(ctx)
	unmark()
	stop()
	wg.Wait()
	return errors.Join(err, watched)
}

// Close closes an Integrator that does not run.
func (i *Integrator) Close() error {
	i.web.Close()
	return i.app.Close()
}
