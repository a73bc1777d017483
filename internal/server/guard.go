package server

import (
	"context"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/workspace"
)

// Guards answers what previews and runs may read and write on behalf of an
// account, by its rights at the moment of each question.
func Guards(a *auth.Auth) func(account string) workspace.Guard {
	return func(account string) workspace.Guard { return standing{a, account} }
}

// standing is an account whose work may go on when it has signed out.
type standing struct {
	auth    *auth.Auth
	account string
}

var (
	msgNotWritable = errs.Message{
		ID: "server.not_writable",
		En: "You may not write {path}. Choose a folder that you may write in.",
		Ru: "Писать в {path} вам нельзя. Выберите папку, в которую можно писать.",
	}
)

// MayRead implements workspace.Guard.
func (s standing) MayRead(path string) error {
	has, err := s.rights(path)
	if err == nil && has&store.Read == 0 {
		err = auth.Hidden(path)
	}
	return err
}

// MayWrite implements workspace.Guard.
func (s standing) MayWrite(path string) error {
	has, err := s.rights(path)
	switch {
	case err != nil:
		return err
	case has&store.Read == 0:
		return auth.Hidden(path)
	case has&store.Write == 0:
		return errs.New(errs.Denied, msgNotWritable, errs.P{"path": path})
	}
	return nil
}

func (s standing) rights(path string) (store.Rights, error) {
	return s.auth.Standing(context.Background(), s.account, "/"+path)
}
