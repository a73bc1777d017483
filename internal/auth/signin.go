package auth

import (
	"context"
	"errors"
	"net/netip"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Request is a sign-in by name and password.
type Request struct {
	Name, Password string
	From           netip.Addr // of the browser
	Client         string     // its program, as it says itself
	// Known is the secret of a session that the browser has, if any. Where it
	// still holds and is of the same account, failures that others caused
	// don't make its owner wait.
	Known string
}

// Signed is a new session.
type Signed struct {
	Caller Caller
	Secret string // of the session, shown this once
}

var msgWrong = errs.Message{
	ID: "auth.wrong",
	En: "Name or password is wrong, or the account is disabled.",
	Ru: "Неверное имя или пароль, либо учётная запись отключена.",
}

func wrong() error { return errs.New(errs.Denied, msgWrong, nil) }

// SignIn makes a session. Whether there is no such account, it is disabled or
// the password is wrong, the answer (errs.Denied) and its time are the same.
// errs.Exhausted: there were too many attempts.
func (a *Auth) SignIn(ctx context.Context, r Request) (Signed, error) {
	key := NameKey(cut(r.Name, 8*MaxName))
	try, err := a.limiter.begin(ctx, a.whose(ctx, r.Known, key), r.From)
	if err != nil {
		return Signed{}, err
	}
	account, err := a.store.Accounts.ByKey(ctx, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Signed{}, err
	}
	stored := account.Password
	if account.Disabled || account.Role == store.Service {
		stored = ""
	}
	password := given(r.Password)
	ok, weak, err := a.hasher.Verify(ctx, stored, password)
	if err != nil {
		return Signed{}, err
	}
	if !ok {
		return Signed{}, wrong()
	}
	if err := try.succeeded(ctx); err != nil {
		return Signed{}, err
	}
	if weak {
		account.Password = a.rehash(ctx, account, password)
	}
	signed, present, err := a.open(ctx, account.ID, session{from: r.From, client: r.Client})
	if err != nil {
		return Signed{}, err
	}
	// Whoever changed the password meanwhile has ended the account's sessions,
	// but not this one, which was made a moment later.
	if present.Password != account.Password {
		if ok, _, err := a.hasher.Verify(ctx, present.Password, password); err != nil || !ok {
			return Signed{}, errors.Join(wrong(), err, a.Logout(ctx, signed.Caller))
		}
	}
	return signed, nil
}

// whose is the key under which failures count: that of the session which the
// browser has already, else that of the account.
func (a *Auth) whose(ctx context.Context, known, nameKey string) string {
	if known != "" {
		s, account, err := a.store.Sessions.ByHash(ctx, hashSecret(known))
		if err == nil && account.Key == nameKey {
			if _, err := a.ofSession(s, account); err == nil {
				return sessionKey(s.ID)
			}
		}
	}
	return accountKey(nameKey)
}

// rehash stores a stronger hash of a password that was just given, and returns
// the hash that is stored now. That it fails does no harm: the next sign-in
// tries again.
func (a *Auth) rehash(ctx context.Context, account store.Account, password string) string {
	hash, err := a.hasher.Hash(ctx, password)
	if err != nil || a.store.Accounts.Rehash(ctx, account.ID, account.Password, hash) != nil {
		return account.Password
	}
	return hash
}

// session is what a new session is told.
type session struct {
	from   netip.Addr
	client string
	local  bool
}

// open makes a session, and returns its account as it is after that.
func (a *Auth) open(ctx context.Context, account string, n session) (Signed, store.Account, error) {
	secret, hash := newSecret("")
	now := a.now()
	s := store.Session{
		ID: newID(), Account: account, Hash: hash, Created: now, Used: now, Confirmed: now,
		Client: cut(n.client, 200), Local: n.local,
	}
	if n.from.IsValid() {
		s.Address = n.from.Unmap().String()
	}
	if err := a.store.Sessions.Add(ctx, s, MaxSessions); err != nil {
		return Signed{}, store.Account{}, lost(err)
	}
	s, present, err := a.store.Sessions.ByID(ctx, s.ID)
	if err != nil {
		return Signed{}, store.Account{}, lost(err)
	}
	c, err := a.ofSession(s, present)
	if err != nil { // disabled a moment before the session was made
		return Signed{}, store.Account{}, errors.Join(err, a.Logout(ctx, Caller{Account: account, Session: s.ID}))
	}
	return Signed{Caller: c, Secret: secret}, present, nil
}

// cut shortens a text to at most n bytes, without breaking a character.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return text[:n]
}
