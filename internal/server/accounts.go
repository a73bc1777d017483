package server

import (
	"context"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/store"
)

// accounts implements the Accounts service.
type accounts struct {
	weftv1.UnimplementedAccountsServer
	access
	wire Ender
}

// NewAccounts makes the Accounts service.
func NewAccounts(a *auth.Auth, wire Ender) weftv1.AccountsServer {
	return &accounts{access: access{a}, wire: wire}
}

// admin lets the call's caller administer: an administrator who gave the
// password in the last 15 minutes.
func (a *accounts) admin(ctx context.Context) (auth.Admin, error) {
	c, err := a.caller(ctx)
	if err != nil {
		return auth.Admin{}, err
	}
	return a.auth.Administer(ctx, c)
}

// named is admin for a request that names something in a field.
func (a *accounts) named(ctx context.Context, field, value string) (auth.Admin, error) {
	m, err := a.admin(ctx)
	if err == nil && value == "" {
		err = missing(field)
	}
	return m, err
}

// maxAccounts is how many accounts one answer has.
const maxAccounts = 1000

// ListAccounts implements weftv1.AccountsServer.
func (a *accounts) ListAccounts(ctx context.Context, r *weftv1.ListAccountsRequest) (*weftv1.ListAccountsResponse, error) {
	m, err := a.admin(ctx)
	if err != nil {
		return nil, err
	}
	limit := maxAccounts
	if n := r.GetLimit(); n > 0 {
		limit = int(min(n, maxAccounts))
	}
	list, err := m.Accounts(ctx, r.GetAfter(), limit+1)
	if err != nil {
		return nil, err
	}
	out := &weftv1.ListAccountsResponse{More: len(list) > limit}
	for _, one := range list[:min(len(list), limit)] {
		out.Accounts = append(out.Accounts, wireAccount(one))
	}
	return out, nil
}

// CreateAccount implements weftv1.AccountsServer.
func (a *accounts) CreateAccount(ctx context.Context, r *weftv1.CreateAccountRequest) (*weftv1.CreateAccountResponse, error) {
	m, err := a.named(ctx, "name", r.GetName())
	if err != nil {
		return nil, err
	}
	account, password, err := m.CreateAccount(ctx, r.GetName(), roleOf(r.GetRole()))
	if err != nil {
		return nil, err
	}
	return &weftv1.CreateAccountResponse{Account: wireAccount(account), Password: password}, nil
}

// ResetPassword implements weftv1.AccountsServer.
func (a *accounts) ResetPassword(ctx context.Context, r *weftv1.ResetPasswordRequest) (*weftv1.ResetPasswordResponse, error) {
	m, err := a.named(ctx, "id", r.GetId())
	if err != nil {
		return nil, err
	}
	password, err := m.ResetPassword(ctx, r.GetId())
	if err != nil {
		return nil, err
	}
	a.wire.EndAccount(ctx, r.GetId(), "")
	return &weftv1.ResetPasswordResponse{Password: password}, nil
}

// SetDisabled implements weftv1.AccountsServer.
func (a *accounts) SetDisabled(ctx context.Context, r *weftv1.SetDisabledRequest) (*weftv1.SetDisabledResponse, error) {
	m, err := a.named(ctx, "id", r.GetId())
	if err != nil {
		return nil, err
	}
	if err := m.SetDisabled(ctx, r.GetId(), r.GetDisabled()); err != nil {
		return nil, err
	}
	if r.GetDisabled() {
		a.wire.EndAccount(ctx, r.GetId(), "")
	}
	return &weftv1.SetDisabledResponse{}, nil
}

// SetRole implements weftv1.AccountsServer.
func (a *accounts) SetRole(ctx context.Context, r *weftv1.SetRoleRequest) (*weftv1.SetRoleResponse, error) {
	m, err := a.named(ctx, "id", r.GetId())
	if err != nil {
		return nil, err
	}
	if err := m.SetRole(ctx, r.GetId(), roleOf(r.GetRole())); err != nil {
		return nil, err
	}
	a.wire.EndAccount(ctx, r.GetId(), "")
	return &weftv1.SetRoleResponse{}, nil
}

// maxTokens is how many tokens one answer has.
const maxTokens = 1000

// ListTokens implements weftv1.AccountsServer.
func (a *accounts) ListTokens(ctx context.Context, r *weftv1.ListTokensRequest) (*weftv1.ListTokensResponse, error) {
	m, err := a.named(ctx, "account", r.GetAccount())
	if err != nil {
		return nil, err
	}
	list, err := m.Tokens(ctx, r.GetAccount())
	if err != nil {
		return nil, err
	}
	out := &weftv1.ListTokensResponse{}
	for _, t := range list[:min(len(list), maxTokens)] {
		out.Tokens = append(out.Tokens, wireToken(t))
	}
	return out, nil
}

// CreateToken implements weftv1.AccountsServer.
func (a *accounts) CreateToken(ctx context.Context, r *weftv1.CreateTokenRequest) (*weftv1.CreateTokenResponse, error) {
	m, err := a.named(ctx, "account", r.GetAccount())
	if err != nil {
		return nil, err
	}
	t, secret, err := m.CreateToken(ctx, auth.NewToken{
		Account: r.GetAccount(), Kind: store.ServiceToken, Label: r.GetLabel(), Days: int(r.GetDays()),
	})
	if err != nil {
		return nil, err
	}
	return &weftv1.CreateTokenResponse{Info: wireToken(t), Token: secret}, nil
}

// RevokeToken implements weftv1.AccountsServer.
func (a *accounts) RevokeToken(ctx context.Context, r *weftv1.RevokeTokenRequest) (*weftv1.RevokeTokenResponse, error) {
	m, err := a.named(ctx, "id", r.GetId())
	if err != nil {
		return nil, err
	}
	if err := m.RevokeToken(ctx, r.GetId()); err != nil {
		return nil, err
	}
	a.wire.EndSession(ctx, auth.Caller{Token: r.GetId()}.Ref())
	return &weftv1.RevokeTokenResponse{}, nil
}

func wireAccount(a store.Account) *weftv1.AccountInfo {
	return &weftv1.AccountInfo{
		Id: a.ID, Name: a.Name, Role: wireRole(a.Role), Disabled: a.Disabled,
		Created: timestamp(a.Created), SignedIn: timestamp(a.SignedIn),
	}
}

func wireToken(t store.Token) *weftv1.TokenInfo {
	return &weftv1.TokenInfo{
		Id: t.ID, Label: t.Label, Created: timestamp(t.Created), Expires: timestamp(t.Expires), Used: timestamp(t.Used),
	}
}
