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
	"github.com/weftworks/weft/internal/port"
	"github.com/weftworks/weft/internal/web"
)

// IntegratorConfig is all that an Integrator with a web server of its own
// needs. The keys of its configuration file are those that Bind names; the rest
// is given by the program.
type IntegratorConfig struct {
	HTTP, HTTPS       string // addresses, as a web server has them
	CertFile, KeyFile string // PEM; empty: no encryption
	Grace             time.Duration

	Integrator integrator.Config
	Logs       LogConfig

	Log *slog.Logger // nil: nothing is logged
}

// Bind names the keys of the configuration file.
func (c *IntegratorConfig) Bind(b *config.Binder) {
	b.Section("listen", words("Where the Integrator listens: address:port, or :port for every address of the host.",
		"Где Интегратор ждёт соединений: адрес:порт или :порт для всех адресов узла."), func(b *config.Binder) {
		config.Text(b, &c.HTTP, "http", ":80", words("Plain http. With a certificate it only redirects to https. Empty: not opened.",
			"Обычный http. При наличии сертификата только перенаправляет на https. Пусто: не открывать."), config.Check(port.Address))
		config.Text(b, &c.HTTPS, "https", ":443", words("Encrypted; opened only with a certificate.",
			"С шифрованием; открывается только при наличии сертификата."), config.Check(port.Address))
	})
	b.Section("tls", words("The Integrator's certificate. Both files are read again when they change, and on SIGHUP.",
		"Сертификат Интегратора. Оба файла перечитываются при изменении и по SIGHUP."), func(b *config.Binder) {
		config.Text(b, &c.CertFile, "cert_file", "", words("File with the certificate and its chain, PEM. Empty: no encryption.",
			"Файл сертификата с цепочкой, PEM. Пусто: без шифрования."))
		config.Text(b, &c.KeyFile, "key_file", "", words("File with the private key, PEM.", "Файл закрытого ключа, PEM."))
	})
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
	w.HTTP, w.HTTPS, w.CertFile, w.KeyFile, w.Grace, w.Log = cfg.HTTP, cfg.HTTPS, cfg.CertFile, cfg.KeyFile, cfg.Grace, cfg.Log
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
