package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Admin does what administrators do. It is had by Administer, which checks
// the caller, or by Owner.
type Admin struct{ auth *Auth }

// Administer lets a caller administer, now: keep no Admin beyond one call.
// errs.Denied: the caller may not, or must give the password again.
func (a *Auth) Administer(ctx context.Context, c Caller) (Admin, error) {
	if err := a.Check(ctx, c, Administer, ""); err != nil {
		return Admin{}, err
	}
	return Admin{a}, nil
}

// Owner lets whoever can read and write the store's file administer: that is
// the command line.
func (a *Auth) Owner() Admin { return Admin{a} }

var (
	msgNoAccount = errs.Message{
		ID: "auth.no_account",
		En: "There is no account {name}.",
		Ru: "Учётной записи {name} нет.",
	}
	msgTaken = errs.Message{
		ID: "auth.name_taken",
		En: "There is an account {name} already.",
		Ru: "Учётная запись {name} уже есть.",
	}
	msgLastAdmin = errs.Message{
		ID: "auth.last_admin",
		En: "This is the last administrator who can sign in. Make another one first.",
		Ru: "Это последний администратор, который может войти. Сначала назначьте другого.",
	}
	msgRole = errs.Message{
		ID: "auth.unknown_role",
		En: "There is no role {role}. {suggest}",
		Ru: "Роли {role} нет. {suggest}",
	}
	msgServiceRole = errs.Message{
		ID: "auth.service_role",
		En: "An account is a person's or a service's for good. Make another account.",
		Ru: "Учётная запись навсегда либо личная, либо служебная. Создайте другую.",
	}
	msgNoPassword = errs.Message{
		ID: "auth.service_has_no_password",
		En: "{name} is a service's account: it has tokens, no password.",
		Ru: "{name} — служебная учётная запись: у неё токены, а не пароль.",
	}
)

func unknown(err error, name string) error {
	if errors.Is(err, store.ErrNotFound) {
		return errs.New(errs.NotFound, msgNoAccount, errs.P{"name": name})
	}
	return err
}

// changed words what a store says of a change of an account.
func changed(err error, id string) error {
	if errors.Is(err, store.ErrLastAdmin) {
		return errs.New(errs.Conflict, msgLastAdmin, nil)
	}
	return unknown(err, id)
}

func (a *Auth) account(ctx context.Context, id string) (store.Account, error) {
	account, err := a.store.Accounts.ByID(ctx, id)
	return account, unknown(err, id)
}

// Account finds an account by its name, without its hash. errs.NotFound.
func (m Admin) Account(ctx context.Context, name string) (store.Account, error) {
	a, err := m.auth.store.Accounts.ByKey(ctx, NameKey(name))
	a.Password = ""
	return a, unknown(err, name)
}

// Accounts returns at most limit accounts by name, after the given one, and
// without their hashes.
func (m Admin) Accounts(ctx context.Context, after string, limit int) ([]store.Account, error) {
	list, err := m.auth.store.Accounts.List(ctx, NameKey(after), limit)
	for i := range list {
		list[i].Password = ""
	}
	return list, err
}

// CreateAccount makes an account. A person gets a random password, which is
// shown this once and must be changed; a service gets none.
func (m Admin) CreateAccount(ctx context.Context, name string, role store.Role) (store.Account, string, error) {
	a, password, err := m.auth.newAccount(name, role)
	if err != nil {
		return a, "", err
	}
	err = m.auth.store.Accounts.Add(ctx, a, home(a)...)
	a.Password = ""
	if errors.Is(err, store.ErrExists) {
		return a, "", errs.New(errs.Exists, msgTaken, errs.P{"name": name})
	}
	return a, password, err
}

func (a *Auth) newAccount(name string, role store.Role) (n store.Account, password string, err error) {
	if name, err = checkName(name); err != nil {
		return n, "", err
	}
	if err := checkRole(role); err != nil {
		return n, "", err
	}
	n = store.Account{ID: newID(), Name: name, Key: NameKey(name), Role: role, Created: a.now()}
	if role != store.Service {
		password = newPassword()
		n.Password, n.MustChange = quickHash(password), true
	}
	return n, password, nil
}

func checkRole(role store.Role) error {
	if slices.Contains(store.Roles(), role) {
		return nil
	}
	var names []string
	for _, r := range store.Roles() {
		names = append(names, string(r))
	}
	return errs.New(errs.Invalid, msgRole, errs.P{"role": role, "suggest": errs.Suggest(string(role), names)})
}

// ResetPassword gives a person a new random password, which must be changed,
// and ends the sessions.
func (m Admin) ResetPassword(ctx context.Context, id string) (string, error) {
	a, err := m.auth.account(ctx, id)
	if err != nil {
		return "", err
	}
	if a.Role == store.Service {
		return "", errs.New(errs.Invalid, msgNoPassword, errs.P{"name": a.Name})
	}
	password := newPassword()
	return password, changed(m.auth.store.Accounts.SetPassword(ctx, id, quickHash(password), true, ""), id)
}

// SetDisabled disables an account, which ends its sessions, or enables it.
// errs.Conflict: it is the last administrator's.
func (m Admin) SetDisabled(ctx context.Context, id string, disabled bool) error {
	return changed(m.auth.store.Accounts.SetDisabled(ctx, id, disabled), id)
}

// SetRole changes a person's role and ends the sessions. errs.Conflict: it is
// the last administrator.
func (m Admin) SetRole(ctx context.Context, id string, role store.Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	a, err := m.auth.account(ctx, id)
	if err != nil {
		return err
	}
	if (a.Role == store.Service) != (role == store.Service) {
		return errs.New(errs.Invalid, msgServiceRole, nil)
	}
	return changed(m.auth.store.Accounts.SetRole(ctx, id, role), id)
}

// RemoveAccount removes an account with its sessions, tokens and rights.
// errs.Conflict: it is the last administrator's. Its folder stays, and a new
// account of the same name would have it: disabling is the usual way.
func (m Admin) RemoveAccount(ctx context.Context, id string) error {
	return changed(m.auth.store.Accounts.Remove(ctx, id), id)
}
