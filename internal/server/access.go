package server

import (
	"context"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// access asks for the rights of whoever makes a call.
type access struct{ auth *auth.Auth }

var msgNoCaller = errs.Message{
	ID: "server.no_caller",
	En: "Nobody is signed in.",
	Ru: "Вход не выполнен.",
}

// caller is who makes the call, read anew.
func (a access) caller(ctx context.Context) (auth.Caller, error) {
	c, ok := rpc.CallerFrom(ctx)
	if !ok {
		return auth.Caller{}, errs.New(errs.Denied, msgNoCaller, nil)
	}
	return a.auth.Referred(ctx, c.Session)
}

// may says whether the call's caller has a right, on a path as the wire spells
// it: from the root of all folders, without a leading slash. The answer for
// what is hidden is that for what is not there.
func (a access) may(ctx context.Context, r auth.Right, path string) (auth.Caller, error) {
	c, err := a.caller(ctx)
	if err != nil {
		return c, err
	}
	return c, a.auth.Check(ctx, c, r, "/"+path)
}
