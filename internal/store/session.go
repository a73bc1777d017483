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
	Ended     Ending    // why it is no longer good
}

// Ending says why a session was ended; empty: it was not.
type Ending string

// The endings. They stand in stores: add only at the end.
const (
	Elsewhere     Ending = "elsewhere" // its owner signed out, or ended it from another
	NewPassword   Ending = "password"  // its owner changed the password elsewhere
	PasswordReset Ending = "reset"     // an administrator gave another password
	NewRole       Ending = "role"
	NowDisabled   Ending = "disabled"
)

// Sessions keeps sessions. One that was ended is kept with the reason until
// Sweep, for those who come back with it; it counts for nothing else.
type Sessions interface {
	// Add adds a session and notes that its account signed in. Of more than
	// limit sessions of an account, those that have ended go, and then those
	// not used for the longest time.
	Add(ctx context.Context, s Session, limit int) error
	// ByID and ByHash find a session and its account, also one that has ended;
	// ErrNotFound.
	ByID(ctx context.Context, id string) (Session, Account, error)
	ByHash(ctx context.Context, hash []byte) (Session, Account, error)
	// Over returns those of the ids that no session lets in any more: there is
	// none, it has ended, was last used at idle or before, was made at made or
	// before, or its account is disabled. It reads thousands at once.
	Over(ctx context.Context, ids []string, idle, made time.Time) ([]string, error)
	// List returns the sessions of an account that have not ended, the latest
	// used first.
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
