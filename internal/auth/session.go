package auth

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// MaxTouch is how old the noted time of use may be while a session is used:
// each note is a write.
const MaxTouch = time.Minute

var (
	msgWrongPassword = errs.Message{
		ID: "auth.wrong_password",
		En: "The password is wrong.",
		Ru: "Неверный пароль.",
	}
	msgSamePassword = errs.Message{
		ID: "auth.password_same",
		En: "The new password is the old one. Choose another.",
		Ru: "Новый пароль совпадает со старым. Выберите другой.",
	}
	msgNoSession = errs.Message{
		ID: "auth.no_session",
		En: "This session has ended already.",
		Ru: "Этот сеанс уже завершён.",
	}
)

// Enter takes a session up again by its secret. errs.Denied: it has ended.
func (a *Auth) Enter(ctx context.Context, secret string) (Caller, error) {
	s, account, err := a.store.Sessions.ByHash(ctx, hashSecret(secret))
	if err != nil {
		return Caller{}, lost(err)
	}
	c, err := a.ofSession(s, account)
	if err == nil {
		_ = a.Touch(ctx, c) // a full disk must not keep out those who only read
	}
	return c, err
}

// Touch notes that a caller's session is in use, at most once a minute. Enter
// and Check do so by themselves.
func (a *Auth) Touch(ctx context.Context, c Caller) error {
	now := a.now()
	if c.Session == "" || now.Sub(c.used) < min(MaxTouch, a.idle/8) {
		return nil
	}
	return lost(a.store.Sessions.Touch(ctx, c.Session, now))
}

// Sessions returns the caller's sessions that hold, the latest used first.
func (a *Auth) Sessions(ctx context.Context, c Caller) ([]store.Session, error) {
	all, err := a.store.Sessions.List(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	now := a.now()
	var out []store.Session
	for _, s := range all {
		if now.Sub(s.Used) < a.idle && now.Sub(s.Created) < a.absolute {
			s.Hash = nil
			out = append(out, s)
		}
	}
	return out, nil
}

// EndSession ends one of the caller's sessions. errs.NotFound: there is none,
// or it is another's.
func (a *Auth) EndSession(ctx context.Context, c Caller, id string) error {
	err := a.store.Sessions.End(ctx, c.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return errs.New(errs.NotFound, msgNoSession, nil)
	}
	return err
}

// Logout ends the caller's session. One that has ended already is no error.
func (a *Auth) Logout(ctx context.Context, c Caller) error {
	if err := a.store.Sessions.End(ctx, c.Account, c.Session); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// LogoutElsewhere ends the caller's sessions but this one.
func (a *Auth) LogoutElsewhere(ctx context.Context, c Caller) error {
	return a.store.Sessions.EndAll(ctx, c.Account, c.Session)
}

// Confirm takes the caller's password again, and returns until when that
// lets an administrator act.
func (a *Auth) Confirm(ctx context.Context, c Caller, password string) (until time.Time, err error) {
	if _, err := a.again(ctx, c, password); err != nil {
		return time.Time{}, err
	}
	now := a.now()
	if err := a.store.Sessions.Confirm(ctx, c.Session, now); err != nil {
		return time.Time{}, lost(err)
	}
	return now.Add(ConfirmFor), nil
}

// ChangePassword gives the caller another password and ends its other
// sessions. errs.Denied: the old one is wrong; errs.Invalid: the new one
// can't be taken.
func (a *Auth) ChangePassword(ctx context.Context, c Caller, old, fresh string) error {
	account, err := a.again(ctx, c, old)
	if err != nil {
		return err
	}
	fresh, err = CheckPassword(fresh, account.Name)
	if err != nil {
		return err
	}
	if fresh == given(old) {
		return errs.New(errs.Invalid, msgSamePassword, nil)
	}
	hash, err := a.hasher.Hash(ctx, fresh)
	if err != nil {
		return err
	}
	return lost(a.store.Accounts.SetPassword(ctx, account.ID, hash, false, c.Session))
}

// again checks the password of a caller who is signed in. Failures count by
// session: whoever guesses elsewhere doesn't keep its owner out.
func (a *Auth) again(ctx context.Context, c Caller, password string) (store.Account, error) {
	s, account, err := a.store.Sessions.ByID(ctx, c.Session)
	if err != nil {
		return store.Account{}, lost(err)
	}
	if _, err := a.ofSession(s, account); err != nil {
		return store.Account{}, err
	}
	try, err := a.limiter.begin(ctx, sessionKey(s.ID), fromText(s.Address))
	if err != nil {
		return store.Account{}, err
	}
	ok, _, err := a.hasher.Verify(ctx, account.Password, given(password))
	if err != nil {
		return store.Account{}, err
	}
	if !ok {
		return store.Account{}, errs.New(errs.Denied, msgWrongPassword, nil)
	}
	return account, try.succeeded(ctx)
}

// Sweep removes sessions that have ended and counters that no longer count.
// Servers call it now and then; nothing depends on it.
func (a *Auth) Sweep(ctx context.Context) error {
	now := a.now()
	return errors.Join(a.store.Sessions.Sweep(ctx, now.Add(-a.idle), now.Add(-a.absolute)), a.limiter.sweep(ctx))
}

// fromText is an address as a session keeps it; the zero one where it is
// unknown.
func fromText(text string) netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return a
}
