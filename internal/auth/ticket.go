package auth

import (
	"context"
	"crypto/subtle"
	"net/netip"
	"sync"

	"github.com/weftworks/weft/internal/errs"
)

// maxTickets is how many tickets wait to be used; with one more, the oldest
// is void.
const maxTickets = 8

var msgTicket = errs.Message{
	ID: "auth.ticket",
	En: "This link was used already, or is of an earlier start. Run weft open for a new one, or sign in.",
	Ru: "Эта ссылка уже использована или осталась от прошлого запуска. Выполните weft open, чтобы получить новую, или войдите по паролю.",
}

// tickets are tokens that sign in once, on this machine. They live in memory:
// a restart makes them void.
type tickets struct {
	mu   sync.Mutex
	open []ticket
}

type ticket struct {
	hash    []byte
	account string // name's key
}

// Ticket returns a token that signs the account of a name in once, without
// its password, on this machine. It is for `weft serve`, which hands it to
// the browser by a file that its owner alone can read.
func (a *Auth) Ticket(ctx context.Context, name string) (string, error) {
	account, err := a.store.Accounts.ByKey(ctx, NameKey(name))
	if err != nil {
		return "", unknown(err, name)
	}
	secret, hash := newSecret("")
	a.tickets.mu.Lock()
	defer a.tickets.mu.Unlock()
	if len(a.tickets.open) == maxTickets {
		a.tickets.open = a.tickets.open[1:]
	}
	a.tickets.open = append(a.tickets.open, ticket{hash, account.Key})
	return secret, nil
}

// UseTicket makes a session of a ticket. errs.Denied: it was used, or the
// browser is not on this machine. That the request's host and origin are this
// machine's too is for the edge to check.
func (a *Auth) UseTicket(ctx context.Context, secret string, from netip.Addr, client string) (Signed, error) {
	key, ok := "", false
	if from.Unmap().IsLoopback() {
		key, ok = a.tickets.take(hashSecret(secret))
	}
	if !ok {
		return Signed{}, errs.New(errs.Denied, msgTicket, nil)
	}
	account, err := a.store.Accounts.ByKey(ctx, key)
	if err != nil {
		return Signed{}, lost(err)
	}
	signed, _, err := a.open(ctx, account.ID, session{from: from, client: client, local: true})
	return signed, err
}

func (t *tickets) take(hash []byte) (account string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, o := range t.open {
		if subtle.ConstantTimeCompare(o.hash, hash) == 1 {
			t.open = append(t.open[:i:i], t.open[i+1:]...)
			return o.account, true
		}
	}
	return "", false
}
