package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

var (
	msgMay = errs.Message{
		ID: "auth.not_allowed",
		En: "Your role does not allow this.",
		Ru: "Ваша роль этого не позволяет.",
	}
	msgHidden = errs.Message{
		ID: "auth.hidden",
		En: "There is no file or folder {path}, or you may not see it.",
		Ru: "Файла или папки {path} нет, или доступа у вас нет.",
	}
	msgFolder = errs.Message{
		ID: "auth.not_in_folder",
		En: "You may see {path}, but you lack the right to do this there.",
		Ru: "Вы видите {path}, но прав на это действие там у вас нет.",
	}
	msgMustChange = errs.Message{
		ID: "auth.must_change",
		En: "Change your password first.",
		Ru: "Сначала смените пароль.",
	}
	msgConfirm = errs.Message{
		ID: "auth.confirm",
		En: "Give your password again to go on.",
		Ru: "Чтобы продолжить, введите пароль ещё раз.",
	}
	msgNoService = errs.Message{
		ID: "auth.no_service",
		En: "There is no service {service}, or you may not call it.",
		Ru: "Сервиса {service} нет или он вам не доступен.",
	}
)

// Hidden is the answer for what is not there, the same as for what the caller
// may not see: nobody learns by asking what others have.
func Hidden(path string) error {
	return errs.New(errs.Denied, msgHidden, errs.P{"path": path})
}

// IsHidden tells whether an error is the answer of Hidden.
func IsHidden(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Message.ID == msgHidden.ID
}

// Check says whether a caller has a right now, on what stands at a path where
// the right is one on folders (else the path is empty). errs.Denied tells
// why not; errs.Invalid: the path is none.
func (a *Auth) Check(ctx context.Context, c Caller, r Right, path string) error {
	present, err := a.check(ctx, c, r, path)
	if err == nil && r == CallServices && present.Only != nil { // which service, only CheckService knows
		return errs.New(errs.Denied, msgMay, nil)
	}
	return err
}

// CheckService is Check of CallServices for one published service, which a
// token may be limited to. path is its package's.
func (a *Auth) CheckService(ctx context.Context, c Caller, service, path string) error {
	hidden := errs.New(errs.Denied, msgNoService, errs.P{"service": service})
	present, err := a.check(ctx, c, CallServices, path)
	if e, ok := errors.AsType[*errs.Error](err); ok && (e.Message.ID == msgHidden.ID || e.Message.ID == msgFolder.ID) {
		return hidden
	} else if err != nil {
		return err
	}
	if present.Only != nil && !slices.Contains(present.Only, service) {
		return hidden
	}
	return nil
}

func (a *Auth) check(ctx context.Context, c Caller, r Right, path string) (Caller, error) {
	c, err := a.Present(ctx, c)
	if err != nil {
		return c, err
	}
	_ = a.Touch(ctx, c) // a full disk must not stop those who only read
	rule := r.rule()
	switch {
	case !slices.Contains(rule.roles, c.Role), c.Kind == store.CallerToken && !rule.callers:
		return c, errs.New(errs.Denied, msgMay, nil)
	case c.MustChange && !rule.first:
		return c, errs.New(errs.Denied, msgMustChange, nil)
	case rule.confirm && a.now().Sub(c.Confirmed) >= ConfirmFor:
		return c, errs.New(errs.Denied, msgConfirm, nil)
	case rule.folder == 0:
		return c, nil
	}
	has, err := a.onFolder(ctx, c, path)
	switch {
	case err != nil:
		return c, err
	case has&rule.folder == 0 && has&store.Read == 0:
		return c, Hidden(path)
	case has&rule.folder == 0:
		return c, errs.New(errs.Denied, msgFolder, errs.P{"path": path})
	}
	return c, nil
}
