package auth

import (
	"context"
	"crypto/subtle"
	"slices"
	"sync"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// innerTokens are the tokens of programs within this very process, such as the
// Integrator of `weft serve`. They live in memory: they end with the process,
// stand in no list and take no room from those that are handed out.
type innerTokens struct {
	mu   sync.RWMutex
	list []store.Token
}

// innerYears is how long one holds at the most; the process ends before.
const innerYears = 100

// InnerToken returns a token with which a program within this process logs in
// as a service account, for as long as the process lives. errs.NotFound:
// there is no such account; errs.Invalid: it is a person's.
func (a *Auth) InnerToken(ctx context.Context, name string) (string, error) {
	account, err := a.store.Accounts.ByKey(ctx, NameKey(name))
	if err != nil {
		return "", unknown(err, name)
	}
	if account.Role != store.Service {
		return "", errs.New(errs.Invalid, msgTokenFor, errs.P{"name": account.Name})
	}
	t, secret := newToken(NewToken{Account: account.ID, Kind: store.ServiceToken}, a.now())
	t.Expires = t.Created.AddDate(innerYears, 0, 0)
	a.inner.mu.Lock()
	defer a.inner.mu.Unlock()
	a.inner.list = append(a.inner.list, t)
	return secret, nil
}

func (i *innerTokens) find(is func(store.Token) bool) (store.Token, bool) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	at := slices.IndexFunc(i.list, is)
	if at < 0 {
		return store.Token{}, false
	}
	return i.list[at], true
}

// tokenByHash finds a token and its account, within this process or in the
// store; store.ErrNotFound.
func (a *Auth) tokenByHash(ctx context.Context, hash []byte) (t store.Token, account store.Account, inner bool, err error) {
	t, inner = a.inner.find(func(t store.Token) bool { return subtle.ConstantTimeCompare(t.Hash, hash) == 1 })
	if inner {
		account, err = a.store.Accounts.ByID(ctx, t.Account)
	} else {
		t, account, err = a.store.Tokens.ByHash(ctx, hash)
	}
	return t, account, inner, err
}

// tokenByID is the same by the token's id.
func (a *Auth) tokenByID(ctx context.Context, id string) (t store.Token, account store.Account, err error) {
	t, inner := a.inner.find(func(t store.Token) bool { return t.ID == id })
	if !inner {
		return a.store.Tokens.ByID(ctx, id)
	}
	account, err = a.store.Accounts.ByID(ctx, t.Account)
	return t, account, err
}
