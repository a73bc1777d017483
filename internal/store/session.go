package store

import (
	"context"
	"time"
)

// Session is one signed-in tab of a browser. Its secret is known by its hash
// alone.
type Session struct {
	ID        string // no secret
	Account   string
	Hash      []byte    // SHA-256 of the secret
	Created   time.Time // the absolute limit counts from here
	Used      time.Time // the idle limit counts from here
	Confirmed time.Time // when the password was last given
	Address   string    // of the client, as far as it is known
	Client    string    // its program, as it said itself
	Local     bool      // signed in on this machine without a password
}

// Sessions keeps sessions. Ended ones are gone.
type Sessions interface {
	// Add adds a session and notes that its account signed in. Of more than
	// limit sessions of an account, those not used for the longest time go.
	Add(ctx context.Context, s Session, limit int) error
	// ByID and ByHash find a session and its account; ErrNotFound.
	ByID(ctx context.Context, id string) (Session, Account, error)
	ByHash(ctx context.Context, hash []byte) (Session, Account, error)
	// List returns the sessions of an account, the latest used first.
	List(ctx context.Context, account string) ([]Session, error)
	// Touch notes the time of use, Confirm that of the password.
	Touch(ctx context.Context, id string, at time.Time) error
	Confirm(ctx context.Context, id string, at time.Time) error
	// End ends a session of the account; ErrNotFound.
	End(ctx context.Context, account, id string) error
	// EndAll ends all sessions of the account but the one with the id keep
	// (empty: all).
	EndAll(ctx context.Context, account, keep string) error
	// Sweep removes sessions last used at idle or before, or made at made or
	// before.
	Sweep(ctx context.Context, idle, made time.Time) error
}
