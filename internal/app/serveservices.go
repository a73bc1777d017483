package app

import (
	"context"
	"net/netip"
	"strings"

	"github.com/weftworks/weft/internal/integrator"
)

// newIntegrator makes the Integrator of `weft serve`. Callers need no token: it
// is reached from this machine alone, under this machine's names.
func (l *Local) newIntegrator(ctx context.Context) (*integrator.Integrator, error) {
	token, err := l.server.auth.InnerToken(ctx, serviceAccount)
	if err != nil {
		return nil, err
	}
	c := integrator.Defaults()
	c.Open, c.Host, c.Version, c.Log = true, ownHost, l.cfg.Version, l.cfg.Log
	c.Servers = []integrator.ServerConfig{{
		Address: "127.0.0.1", Port: portOf(l.server.TCP()), User: serviceAccount, Token: token,
	}}
	return integrator.New(c)
}

// serviceAccount is the account of programs that every installation begins
// with.
const serviceAccount = "service"

// ownHost reports whether a host names this machine to itself.
func ownHost(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback() || strings.EqualFold(host, "localhost")
}
