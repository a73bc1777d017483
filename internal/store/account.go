package store

import (
	"context"
	"time"
)

// Role says what an account is for. Its text stands in stores: never change
// one.
type Role string

// The roles.
const (
	Viewer  Role = "viewer"  // looks at what was shared
	User    Role = "user"    // designs and runs workflows
	Admin   Role = "admin"   // administers
	Service Role = "service" // a program: the Integrator, the batch launcher, an external caller
)

// Roles returns all roles, from the least to the most.
func Roles() []Role { return []Role{Viewer, User, Admin, Service} }

// Account is a person or a program.
type Account struct {
	ID         string
	Name       string // as it is shown
	Key        string // the folded name, unique; lists are ordered by it
	Role       Role
	Password   string // a PHC string; empty: no sign-in by password
	MustChange bool   // the password must be changed before anything else
	Disabled   bool
	Created    time.Time
	SignedIn   time.Time // zero: never
}

// First is what a new installation begins with.
type First struct {
	Accounts []Account
	Tokens   []Token
	Grants   []Grant
}

// Accounts keeps accounts. The last administrator who is not disabled can
// neither be removed, nor disabled, nor get another role: ErrLastAdmin.
type Accounts interface {
	// AddFirst adds everything at once if there is no account yet, and says
	// whether it did. before runs when that is certain and nothing is written;
	// its error leaves the store as it is.
	AddFirst(ctx context.Context, f First, before func() error) (bool, error)
	// Add adds an account with its first grants; ErrExists if the id or the
	// key is taken.
	Add(ctx context.Context, a Account, grants ...Grant) error
	// ByID and ByKey find an account; ErrNotFound.
	ByID(ctx context.Context, id string) (Account, error)
	ByKey(ctx context.Context, key string) (Account, error)
	// List returns at most limit accounts with keys after the given one.
	List(ctx context.Context, after string, limit int) ([]Account, error)
	// SetPassword replaces the password and ends the account's sessions, but
	// for the one with the id keep (empty: all). One that must be changed is an
	// administrator's reset.
	SetPassword(ctx context.Context, id, password string, mustChange bool, keep string) error
	// Rehash replaces the password's hash by another of the same password, and
	// nothing else; ErrChanged if it is no longer the old one.
	Rehash(ctx context.Context, id, old, hash string) error
	// SetRole changes the role and ends the account's sessions.
	SetRole(ctx context.Context, id string, role Role) error
	// SetDisabled disables an account and ends its sessions, or enables it.
	SetDisabled(ctx context.Context, id string, disabled bool) error
	// Remove removes an account with its sessions, tokens and grants.
	Remove(ctx context.Context, id string) error
}
