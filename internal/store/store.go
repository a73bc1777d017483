// Package store says what state is, apart from where it is kept: the records,
// and one small interface for each aggregate. sqlite keeps them in a file;
// storetest is the suite that every backend passes.
//
// It decides nothing: who may do what, how a password is checked and how long
// a session lives is auth's business. It knows no backend and no network.
//
// Times are in UTC with microseconds; the zero time means never. Every method
// obeys its context, and what it returned without error for a change is
// durable.
package store

import "errors"

// Store is what a backend provides, one small store an aggregate.
type Store struct {
	Accounts  Accounts
	Sessions  Sessions
	Tokens    Tokens
	Throttles Throttles
	Grants    Grants
}

// What stores answer beside failures of their own. auth words them for people.
var (
	ErrNotFound  = errors.New("store: not found")
	ErrExists    = errors.New("store: exists already")
	ErrLastAdmin = errors.New("store: the last administrator who can sign in")
	ErrTooMany   = errors.New("store: as many as there may be")
	ErrChanged   = errors.New("store: changed since it was read")
)
