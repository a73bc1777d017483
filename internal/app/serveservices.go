package app

import (
	"context"
	"net/netip"
	"strings"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/integrator"
	"github.com/weftworks/weft/internal/store"
)

// localToken labels the token by which the Integrator of `weft serve` calls its
// Server: one of each start, which is no longer good after the next.
const localToken = "weft serve"

// newIntegrator makes the Integrator of `weft serve`. Callers need no token: it
// is reached from this machine alone, under this machine's names.
func (l *Local) newIntegrator(ctx context.Context) (*integrator.Integrator, error) {
	token, err := l.server.programToken(ctx, localToken)
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

// programToken makes a token of the service account in the place of the one
// that had its label.
func (s *Server) programToken(ctx context.Context, label string) (string, error) {
	owner := s.auth.Owner()
	account, err := owner.Account(ctx, serviceAccount)
	if err != nil {
		return "", err
	}
	tokens, err := owner.Tokens(ctx, account.ID)
	if err != nil {
		return "", err
	}
	for _, t := range tokens {
		if t.Label == label {
			if err := owner.RevokeToken(ctx, t.ID); err != nil {
				return "", err
			}
		}
	}
	_, secret, err := owner.CreateToken(ctx, auth.NewToken{Account: account.ID, Kind: store.ServiceToken, Label: label, Days: auth.TokenDays})
	return secret, err
}

// ownHost reports whether a host names this machine to itself.
func ownHost(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback() || strings.EqualFold(host, "localhost")
}
