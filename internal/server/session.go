package server

import (
	"context"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
)

// Ender ends sessions that are on the wire at once, but lets the call of ctx be
// answered; rpc.Server does.
type Ender interface {
	// EndSession closes the connection of a session.
	EndSession(ctx context.Context, id string)
	// EndAccount closes those of an account, but for one session's.
	EndAccount(ctx context.Context, account, except string)
}

// session implements the Session service.
type session struct {
	weftv1.UnimplementedSessionServer
	access
	wire Ender
}

// NewSession makes the Session service.
func NewSession(a *auth.Auth, wire Ender) weftv1.SessionServer {
	return &session{access: access{a}, wire: wire}
}

// WhoAmI implements weftv1.SessionServer.
func (s *session) WhoAmI(ctx context.Context, _ *weftv1.WhoAmIRequest) (*weftv1.WhoAmIResponse, error) {
	c, err := s.may(ctx, auth.OwnIdentity, "")
	if err != nil {
		return nil, err
	}
	return &weftv1.WhoAmIResponse{Caller: &weftv1.Caller{
		Account: c.Account, Name: c.Name, Role: wireRole(c.Role), Session: c.Ref(), MustChangePassword: c.MustChange,
	}}, nil
}

// Confirm implements weftv1.SessionServer.
func (s *session) Confirm(ctx context.Context, r *weftv1.ConfirmRequest) (*weftv1.ConfirmResponse, error) {
	c, err := s.may(ctx, auth.OwnSession, "")
	if err != nil {
		return nil, err
	}
	until, err := s.auth.Confirm(ctx, c, r.GetPassword())
	if err != nil {
		return nil, err
	}
	return &weftv1.ConfirmResponse{Until: timestamp(until)}, nil
}

// Logout implements weftv1.SessionServer.
func (s *session) Logout(ctx context.Context, _ *weftv1.LogoutRequest) (*weftv1.LogoutResponse, error) {
	c, err := s.may(ctx, auth.OwnSession, "")
	if err != nil {
		return nil, err
	}
	if err := s.auth.Logout(ctx, c); err != nil {
		return nil, err
	}
	s.wire.EndSession(ctx, c.Ref())
	return &weftv1.LogoutResponse{}, nil
}

// ChangePassword implements weftv1.SessionServer.
func (s *session) ChangePassword(ctx context.Context, r *weftv1.ChangePasswordRequest) (*weftv1.ChangePasswordResponse, error) {
	c, err := s.may(ctx, auth.OwnSession, "")
	if err != nil {
		return nil, err
	}
	if err := s.auth.ChangePassword(ctx, c, r.GetOldPassword(), r.GetNewPassword()); err != nil {
		return nil, err
	}
	s.wire.EndAccount(ctx, c.Account, c.Ref())
	return &weftv1.ChangePasswordResponse{}, nil
}

// ListSessions implements weftv1.SessionServer.
func (s *session) ListSessions(ctx context.Context, _ *weftv1.ListSessionsRequest) (*weftv1.ListSessionsResponse, error) {
	c, err := s.may(ctx, auth.OwnSession, "")
	if err != nil {
		return nil, err
	}
	list, err := s.auth.Sessions(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &weftv1.ListSessionsResponse{}
	for _, o := range list {
		out.Sessions = append(out.Sessions, &weftv1.SessionInfo{
			Id: o.ID, Created: timestamp(o.Created), Used: timestamp(o.Used), Address: o.Address, Client: o.Client,
			Current: o.ID == c.Session,
		})
	}
	return out, nil
}

// EndSession implements weftv1.SessionServer.
func (s *session) EndSession(ctx context.Context, r *weftv1.EndSessionRequest) (*weftv1.EndSessionResponse, error) {
	c, err := s.may(ctx, auth.OwnSession, "")
	if err != nil {
		return nil, err
	}
	if r.GetId() == "" {
		return nil, missing("id")
	}
	if err := s.auth.EndSession(ctx, c, r.GetId()); err != nil {
		return nil, err
	}
	s.wire.EndSession(ctx, r.GetId())
	return &weftv1.EndSessionResponse{}, nil
}

var msgMissing = errs.Message{
	ID: "server.missing_field",
	En: "The request says nothing in {field}.",
	Ru: "В запросе не заполнено поле {field}.",
}

// missing refuses a request without a field that it needs.
func missing(field string) error {
	return errs.New(errs.Invalid, msgMissing, errs.P{"field": field}).At(errs.Place{Setting: field})
}
