package server

import (
	"context"
	"net/netip"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// Authenticator lets rpc ask auth who calls.
type Authenticator struct {
	auth   *auth.Auth
	notice func(c auth.Caller, byTicket bool)
}

// NewAuthenticator makes an Authenticator. notice, which may be nil, hears of
// every new session before its client does.
func NewAuthenticator(a *auth.Auth, notice func(c auth.Caller, byTicket bool)) *Authenticator {
	if notice == nil {
		notice = func(auth.Caller, bool) {}
	}
	return &Authenticator{auth: a, notice: notice}
}

var (
	msgNotLocal = errs.Message{
		ID: "server.ticket_not_local",
		En: "This link signs in only on the machine where Weft runs, on a page of that machine.",
		Ru: "Эта ссылка действует только на компьютере, где работает Weft, и только на его странице.",
	}
	msgNoCredentials = errs.Message{
		ID: "server.no_credentials",
		En: "Sign in first.",
		Ru: "Сначала войдите.",
	}
)

// Authenticate implements rpc.Authenticator.
func (a *Authenticator) Authenticate(ctx context.Context, c rpc.Credentials) (rpc.Signed, error) {
	from, _ := netip.ParseAddr(c.Address) // not known: the zero address, which has limits of its own
	switch c.Kind {
	case rpc.ByPassword:
		s, err := a.auth.SignIn(ctx, auth.Request{Name: c.Name, Password: c.Secret, From: from, Client: c.Client, Known: c.Known})
		return a.signed(s, false, err)
	case rpc.ByOneTimeToken:
		if !c.Local {
			return rpc.Signed{}, errs.New(errs.Denied, msgNotLocal, nil)
		}
		s, err := a.auth.UseTicket(ctx, c.Secret, from, c.Client)
		return a.signed(s, true, err)
	case rpc.BySession:
		caller, err := a.auth.Enter(ctx, c.Secret)
		return known(caller, err)
	case rpc.ByServiceToken:
		caller, err := a.auth.Program(ctx, c.Name, c.Secret)
		return known(caller, err)
	}
	return rpc.Signed{}, errs.New(errs.Denied, msgNoCredentials, nil)
}

func (a *Authenticator) signed(s auth.Signed, byTicket bool, err error) (rpc.Signed, error) {
	if err != nil {
		return rpc.Signed{}, err
	}
	a.notice(s.Caller, byTicket)
	return rpc.Signed{Caller: wireCaller(s.Caller), Token: s.Secret}, nil
}

func known(c auth.Caller, err error) (rpc.Signed, error) {
	if err != nil {
		return rpc.Signed{}, err
	}
	return rpc.Signed{Caller: wireCaller(c)}, nil
}

// Present implements rpc.Authenticator.
func (a *Authenticator) Present(ctx context.Context, c rpc.Caller) (rpc.Caller, error) {
	present, err := a.auth.Referred(ctx, c.Session)
	if err != nil {
		return rpc.Caller{}, err
	}
	return wireCaller(present), nil
}

// Over implements rpc.Authenticator.
func (a *Authenticator) Over(ctx context.Context, sessions []string) ([]string, error) {
	return a.auth.Over(ctx, sessions)
}

func wireCaller(c auth.Caller) rpc.Caller {
	return rpc.Caller{Account: c.Account, Name: c.Name, Role: wireRole(c.Role), Session: c.Ref(), MustChangePassword: c.MustChange}
}
