package auth

import (
	"context"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Caller is who calls, as it was when it was read: what it may do is for
// Check to say, which reads it anew.
type Caller struct {
	Account    string // id
	Name       string
	Role       store.Role
	Session    string // id; empty for a token
	Token      string // id; empty for a session
	MustChange bool   // the password must be changed before anything else
	Local      bool   // signed in on this machine without a password
	Confirmed  time.Time
	Kind       store.TokenKind // of the token
	Only       []string        // services that the token may call; nil: all that the account may run

	used time.Time // the session, as far as it is noted
}

// tokenRef begins the reference to a caller who came with a token.
const tokenRef = "token:"

// Ref is a short reference to the caller's session or token, for edges that
// keep one text a connection. It is no secret.
func (c Caller) Ref() string {
	if c.Token != "" {
		return tokenRef + c.Token
	}
	return c.Session
}

// Referred reads the caller of a reference anew, as Present does.
func (a *Auth) Referred(ctx context.Context, ref string) (Caller, error) {
	return a.Present(ctx, ByRef(ref))
}

// Over returns those of the references, of which there may be thousands, whose
// callers are gone, as Referred would tell of each.
func (a *Auth) Over(ctx context.Context, refs []string) ([]string, error) {
	var sessions, over []string
	for _, ref := range refs {
		if !strings.HasPrefix(ref, tokenRef) {
			sessions = append(sessions, ref)
		} else if _, err := a.Referred(ctx, ref); errs.KindOf(err) == errs.Denied {
			over = append(over, ref)
		}
	}
	if len(sessions) == 0 {
		return over, nil
	}
	now := a.now()
	ended, err := a.store.Sessions.Over(ctx, sessions, now.Add(-a.idle), now.Add(-a.absolute))
	return append(over, ended...), err
}

// ByRef is the caller of a reference, of whom nothing is read yet: enough for a
// check, which reads it anew.
func ByRef(ref string) Caller {
	if token, ok := strings.CutPrefix(ref, tokenRef); ok {
		return Caller{Token: token}
	}
	return Caller{Session: ref}
}

// Present reads a caller anew. errs.Denied: its session or token has ended,
// or its account is disabled.
func (a *Auth) Present(ctx context.Context, c Caller) (Caller, error) {
	switch {
	case c.Session != "":
		s, account, err := a.store.Sessions.ByID(ctx, c.Session)
		if err != nil {
			return Caller{}, lost(err)
		}
		return a.ofSession(s, account)
	case c.Token != "":
		t, account, err := a.tokenByID(ctx, c.Token)
		if err != nil {
			return Caller{}, lost(err)
		}
		return a.ofToken(t, account)
	}
	return Caller{}, ended()
}

func (a *Auth) ofSession(s store.Session, account store.Account) (Caller, error) {
	now := a.now()
	if err := a.over(s, account, now); err != nil {
		return Caller{}, err
	}
	return Caller{
		Account: account.ID, Name: account.Name, Role: account.Role, Session: s.ID,
		MustChange: account.MustChange && !s.Local, Local: s.Local, Confirmed: s.Confirmed,
		used: s.Used,
	}, nil
}

func (a *Auth) ofToken(t store.Token, account store.Account) (Caller, error) {
	if account.Disabled || account.Role != store.Service || !a.now().Before(t.Expires) {
		return Caller{}, ended()
	}
	return Caller{Account: account.ID, Name: account.Name, Role: account.Role, Token: t.ID, Kind: t.Kind, Only: t.Only}, nil
}
