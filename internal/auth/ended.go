package auth

import (
	"errors"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

var (
	msgEnded = errs.Message{
		ID: "auth.ended",
		En: "You are not signed in any more. Sign in again.",
		Ru: "Вы больше не в системе. Войдите снова.",
	}
	msgElsewhere = errs.Message{
		ID: "auth.ended_elsewhere",
		En: "This session was ended elsewhere: you signed out there, or ended it from your list of sessions. Sign in again.",
		Ru: "Этот сеанс завершён в другом месте: там вы вышли из системы или завершили его в списке своих сеансов. Войдите снова.",
	}
	msgNewPassword = errs.Message{
		ID: "auth.ended_password",
		En: "You were signed out because the password of your account was changed elsewhere. Sign in with the new one. If it was not you who changed it, tell an administrator.",
		Ru: "Вы вышли из системы, потому что пароль вашей учётной записи сменили в другом месте. Войдите с новым. Если меняли его не вы, сообщите администратору.",
	}
	msgReset = errs.Message{
		ID: "auth.ended_reset",
		En: "You were signed out because an administrator gave your account another password. Ask the administrator for it.",
		Ru: "Вы вышли из системы, потому что администратор задал вашей учётной записи другой пароль. Узнайте его у администратора.",
	}
	msgNewRole = errs.Message{
		ID: "auth.ended_role",
		En: "You were signed out because an administrator changed the role of your account. Sign in again.",
		Ru: "Вы вышли из системы, потому что администратор изменил роль вашей учётной записи. Войдите снова.",
	}
	msgDisabled = errs.Message{
		ID: "auth.ended_disabled",
		En: "You were signed out because an administrator disabled your account. Only an administrator can enable it again.",
		Ru: "Вы вышли из системы, потому что администратор отключил вашу учётную запись. Включить её снова может только администратор.",
	}
	msgIdle = errs.Message{
		ID: "auth.ended_idle",
		En: "You were signed out because nothing was done in this session for a long time. Sign in again.",
		Ru: "Вы вышли из системы, потому что в этом сеансе долго ничего не делали. Войдите снова.",
	}
	msgOld = errs.Message{
		ID: "auth.ended_old",
		En: "You were signed out because it is long since you signed in. Sign in again.",
		Ru: "Вы вышли из системы, потому что вход был слишком давно. Войдите снова.",
	}
)

func ended() error { return errs.New(errs.Denied, msgEnded, nil) }

// lost words that a session or token is not there. It was removed with its
// account, or was none.
func lost(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ended()
	}
	return err
}

// over tells why a session is no longer good, to whoever has its secret; nil:
// it is good.
func (a *Auth) over(s store.Session, account store.Account, now time.Time) error {
	why := func(m errs.Message) error { return errs.New(errs.Denied, m, nil) }
	switch s.Ended {
	case "":
	case store.Elsewhere:
		return why(msgElsewhere)
	case store.NewPassword:
		return why(msgNewPassword)
	case store.PasswordReset:
		return why(msgReset)
	case store.NewRole:
		return why(msgNewRole)
	case store.NowDisabled:
		return why(msgDisabled)
	default: // of a later version
		return ended()
	}
	switch {
	case account.Disabled:
		return why(msgDisabled)
	case now.Sub(s.Created) >= a.absolute:
		return why(msgOld)
	case now.Sub(s.Used) >= a.idle:
		return why(msgIdle)
	}
	return nil
}
