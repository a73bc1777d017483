package rpc

import (
	"context"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// Caller is who calls.
type Caller struct {
	Account string // id
	Name    string // as it is typed at sign-in
	Role    weftv1.Role
	// Session refers to the session, or to the token of a program: what Present
	// knows the caller by. It is no secret.
	Session string
	// MustChangePassword: nothing else is allowed before.
	MustChangePassword bool
}

// CredentialKind tells credentials apart.
type CredentialKind uint8

// The kinds of credentials.
const (
	ByPassword     CredentialKind = iota + 1 // Name and Secret: makes a session
	BySession                                // Secret is the token of a session
	ByOneTimeToken                           // Secret can be used once: makes a session
	ByServiceToken                           // Name and Secret of a program
)

// Credentials are what a client shows.
type Credentials struct {
	Kind    CredentialKind
	Name    string // "" where the kind has none
	Secret  string
	Address string // of the client, without port; "" when it can't be known
	Client  string // version of the client's program
	Known   string // ByPassword: token of an earlier session of the same browser; "" for none
	Local   bool   // the connection, its Host and its Origin are of the loopback
}

// Signed is who showed credentials.
type Signed struct {
	Caller Caller
	Token  string // of a session that was made just now; else ""
}

// Authenticator knows accounts and sessions.
type Authenticator interface {
	// Authenticate answers whose the credentials are. Errors are of kind
	// errs.Denied, or errs.Exhausted when there were too many tries.
	Authenticate(ctx context.Context, c Credentials) (Signed, error)
	// Present returns a caller as the store has them now; an error of kind
	// errs.Denied when the session has ended or the account is disabled. It is
	// asked at every call.
	Present(ctx context.Context, c Caller) (Caller, error)
	// Over returns those of thousands of sessions of callers that have ended, or
	// whose accounts are disabled. It is asked every few seconds about everybody
	// who is connected, so it must not cost a read for each.
	Over(ctx context.Context, sessions []string) ([]string, error)
}

type callerKey struct{}

type languageKey struct{}

// CallerFrom returns who called a handler; false when anyone may.
func CallerFrom(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}

// WithCaller returns a context of a call by c; for tests of handlers.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// Language returns the language of a call: en or ru.
func Language(ctx context.Context) string {
	if lang, ok := ctx.Value(languageKey{}).(string); ok {
		return lang
	}
	return "en"
}

func withLanguage(ctx context.Context, lang string) context.Context {
	if len(lang) >= 2 && lang[:2] == "ru" {
		return context.WithValue(ctx, languageKey{}, "ru")
	}
	return context.WithValue(ctx, languageKey{}, "en")
}

func (c Caller) proto() *weftv1.Caller {
	return &weftv1.Caller{
		Account: c.Account, Name: c.Name, Role: c.Role, Session: c.Session, MustChangePassword: c.MustChangePassword,
	}
}
