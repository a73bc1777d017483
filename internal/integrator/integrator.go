package integrator

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/weftworks/weft/internal/errs"
)

// Integrator is an http.Handler for /api/v1/. New makes one; it knows no Server
// before Run.
type Integrator struct {
	cfg     Config
	log     *slog.Logger
	servers []*upstream
	slots   chan struct{} // one token a request
	budget  *budget
	closing sync.Once
}

// New checks the configuration and prepares connections. Call Run, or Close if
// it is not to run after all.
func New(cfg Config) (*Integrator, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if len(cfg.Servers) == 0 {
		return nil, errs.New(errs.Invalid, errNoServers, errs.P{"table": cfg.Section + "servers"})
	}
	in := &Integrator{cfg: cfg, log: cfg.Log, slots: make(chan struct{}, cfg.Concurrent), budget: newBudget()}
	for _, s := range cfg.Servers {
		u, err := newUpstream(s, cfg)
		if err != nil {
			return nil, errors.Join(err, in.Close())
		}
		in.servers = append(in.servers, u)
	}
	return in, nil
}

// Run keeps watch over the Servers until ctx ends, and then closes.
func (in *Integrator) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, u := range in.servers {
		wg.Go(func() { u.watch(ctx) })
	}
	wg.Wait()
	return in.Close()
}

// Close ends all connections.
func (in *Integrator) Close() error {
	var err error
	in.closing.Do(func() {
		for _, u := range in.servers {
			err = errors.Join(err, u.conn.Close())
		}
	})
	return err
}

// Ready reports whether some Server can be called.
func (in *Integrator) Ready() bool {
	for _, u := range in.servers {
		if u.healthy() {
			return true
		}
	}
	return false
}

// knowsAll reports whether it is known what every Server publishes. A Server
// that was reached once is known, and what it published last counts.
func (in *Integrator) knowsAll() bool {
	for _, u := range in.servers {
		if u.published.Load() == nil {
			return false
		}
	}
	return true
}

// Offers reports whether every Server is healthy and publishes an operation,
// which is named service/operation.
func (in *Integrator) Offers(name string) bool {
	for _, u := range in.servers {
		p := u.published.Load()
		if p == nil || !u.serving.Load() || p.operations[name] == nil {
			return false
		}
	}
	return true
}
