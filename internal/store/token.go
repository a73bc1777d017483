package store

import (
	"context"
	"time"
)

// TokenKind says what a token opens. Its text stands in stores: never change
// one.
type TokenKind string

// The kinds of tokens.
const (
	ServiceToken TokenKind = "service" // lets a program log in to the Server
	CallerToken  TokenKind = "caller"  // lets an external service call what is published, nothing else
)

// Token is the credential of a program. Its secret is known by its hash alone.
type Token struct {
	ID      string // no secret
	Kind    TokenKind
	Account string
	Label   string   // what it is for
	Only    []string // ids of the published services it may call; empty: all that the account may run
	Hash    []byte   // SHA-256 of the secret
	Created time.Time
	Expires time.Time
	Used    time.Time // zero: never
}

// Tokens keeps tokens. Revoked ones are gone.
type Tokens interface {
	// Add adds a token; ErrTooMany if the account has limit tokens of this
	// kind that have not expired at its creation. Tokens of callers count by
	// label.
	Add(ctx context.Context, t Token, limit int) error
	// ByID and ByHash find a token and its account; ErrNotFound.
	ByID(ctx context.Context, id string) (Token, Account, error)
	ByHash(ctx context.Context, hash []byte) (Token, Account, error)
	// List returns the tokens of an account, the latest first.
	List(ctx context.Context, account string) ([]Token, error)
	// Touch notes the time of use.
	Touch(ctx context.Context, id string, at time.Time) error
	// Revoke ends a token; ErrNotFound.
	Revoke(ctx context.Context, id string) error
}
