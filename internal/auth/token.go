package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// TokenPrefix begins every token, so that scanners know one where it leaked.
const TokenPrefix = "weft_"

// How many tokens may hold at once, so that one can take another's place, and
// how long a token holds.
const (
	MaxTokens  = 2
	TokenDays  = 365
	maxDays    = 3650
	maxLabel   = 200
	tokenTouch = time.Hour // the noted time of use is at most so old
)

var (
	msgWrongToken = errs.Message{
		ID: "auth.wrong_token",
		En: "The token is wrong, has expired or was revoked, or its account is disabled.",
		Ru: "Токен неверен, истёк или отозван, либо его учётная запись отключена.",
	}
	msgTokens = errs.Message{
		ID: "auth.too_many_tokens",
		En: "There are {max} tokens that hold already. Revoke one first.",
		Ru: "Уже есть {max} действующих токена. Сначала отзовите один из них.",
	}
	msgNoToken = errs.Message{
		ID: "auth.no_token",
		En: "There is no token {id}.",
		Ru: "Токена {id} нет.",
	}
	msgTokenDays = errs.Message{
		ID: "auth.token_days",
		En: "A token holds from 1 to {max} days, not {days}.",
		Ru: "Токен действует от 1 до {max} дней, а не {days}.",
	}
	msgTokenFor = errs.Message{
		ID: "auth.token_for_people",
		En: "{name} is a person's account: tokens are for service accounts.",
		Ru: "{name} — учётная запись человека: токены бывают только у служебных учётных записей.",
	}
	msgLabel = errs.Message{
		ID: "auth.label",
		En: "The label of a token has at most {max} bytes.",
		Ru: "В описании токена не больше {max} байт.",
	}
)

// Program takes a service's token, as it comes with each call on TCP. name
// must be its account's. errs.Denied: it does not hold.
func (a *Auth) Program(ctx context.Context, name, token string) (Caller, error) {
	c, err := a.token(ctx, token, store.ServiceToken)
	if err == nil && NameKey(cut(name, 8*MaxName)) != NameKey(c.Name) {
		return Caller{}, errs.New(errs.Denied, msgWrongToken, nil)
	}
	return c, err
}

// External takes the token of an external service that calls what is
// published. errs.Denied: it does not hold.
func (a *Auth) External(ctx context.Context, token string) (Caller, error) {
	return a.token(ctx, token, store.CallerToken)
}

func (a *Auth) token(ctx context.Context, text string, kind store.TokenKind) (Caller, error) {
	denied := errs.New(errs.Denied, msgWrongToken, nil)
	if !strings.HasPrefix(text, TokenPrefix) {
		return Caller{}, denied
	}
	t, account, inner, err := a.tokenByHash(ctx, hashSecret(text))
	if errors.Is(err, store.ErrNotFound) {
		return Caller{}, denied
	} else if err != nil {
		return Caller{}, err
	}
	c, err := a.ofToken(t, account)
	if err != nil || t.Kind != kind {
		return Caller{}, denied
	}
	if now := a.now(); !inner && now.Sub(t.Used) >= tokenTouch {
		err = a.store.Tokens.Touch(ctx, t.ID, now)
	}
	if errors.Is(err, store.ErrNotFound) { // revoked meanwhile
		err = denied
	}
	return c, err
}

// NewToken describes a token to make.
type NewToken struct {
	Account string // id of a service account
	Kind    store.TokenKind
	Label   string
	Days    int      // until it ends; 0: TokenDays
	Only    []string // of an external caller: the services it may call; nil: all that the account may run
}

// CreateToken makes a token and returns its secret, which is shown this once.
func (m Admin) CreateToken(ctx context.Context, n NewToken) (t store.Token, secret string, err error) {
	account, err := m.auth.account(ctx, n.Account)
	if err != nil {
		return t, "", err
	}
	if n.Days == 0 {
		n.Days = TokenDays
	}
	switch {
	case account.Role != store.Service:
		return t, "", errs.New(errs.Invalid, msgTokenFor, errs.P{"name": account.Name})
	case n.Days < 1 || n.Days > maxDays:
		return t, "", errs.New(errs.Invalid, msgTokenDays, errs.P{"days": n.Days, "max": maxDays})
	case len(n.Label) > maxLabel:
		return t, "", errs.New(errs.Invalid, msgLabel, errs.P{"max": maxLabel})
	}
	t, secret = newToken(n, m.auth.now())
	err = m.auth.store.Tokens.Add(ctx, t, MaxTokens)
	t.Hash = nil
	if errors.Is(err, store.ErrTooMany) {
		err = errs.New(errs.Exists, msgTokens, errs.P{"max": MaxTokens})
	}
	return t, secret, err
}

func newToken(n NewToken, now time.Time) (store.Token, string) {
	secret, hash := newSecret(TokenPrefix)
	return store.Token{
		ID: newID(), Kind: n.Kind, Account: n.Account, Label: n.Label, Only: n.Only, Hash: hash,
		Created: now, Expires: now.AddDate(0, 0, n.Days),
	}, secret
}

// Tokens returns the tokens of an account, the latest first.
func (m Admin) Tokens(ctx context.Context, account string) ([]store.Token, error) {
	if _, err := m.auth.account(ctx, account); err != nil {
		return nil, err
	}
	all, err := m.auth.store.Tokens.List(ctx, account)
	for i := range all {
		all[i].Hash = nil
	}
	return all, err
}

// RevokeToken ends a token at once. errs.NotFound.
func (m Admin) RevokeToken(ctx context.Context, id string) error {
	err := m.auth.store.Tokens.Revoke(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return errs.New(errs.NotFound, msgNoToken, errs.P{"id": id})
	}
	return err
}
