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

// Publications answers what a published package may read: what everybody may
// read who may write the package.
func Publications(a *auth.Auth) func(path string) workspace.Guard {
	return func(path string) workspace.Guard { return publication{a, path} }
}

// publication is a package that is published.
type publication struct {
	auth *auth.Auth
	path string
}

// MayRead implements workspace.Guard.
func (p publication) MayRead(path string) error {
	ok, err := p.auth.Covered(context.Background(), "/"+p.path, "/"+path)
	if err == nil && !ok {
		err = errs.New(errs.Denied, msgNotCovered, errs.P{"path": path})
	}
	return err
}

// MayWrite implements workspace.Guard: an operation writes nothing.
func (p publication) MayWrite(path string) error {
	return errs.New(errs.Denied, msgNotWritable, errs.P{"path": path})
}

// standing is an account whose work may go on when it has signed out.
type standing struct {
	auth    *auth.Auth
	account string
}

var (
	msgNotCovered = errs.Message{
		ID: "server.not_covered",
		En: "A published package can't read {path}: somebody may change the package who may not read that.",
		Ru: "Опубликованный пакет не может читать {path}: пакет может изменить и тот, кому этот файл закрыт.",
	}
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
