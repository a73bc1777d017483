package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Credential is what lets somebody in for the first time.
type Credential struct {
	Name   string
	Role   store.Role
	Secret string // a password; of a service a token
}

var msgFirstFile = errs.Message{
	ID: "auth.first_file",
	En: "The first passwords cannot be written to {file}: {reason}. No account was made.",
	Ru: "Не удаётся записать первые пароли в {file}: {reason}. Учётные записи не созданы.",
}

// First makes the accounts of a new installation: admin, user and service. It
// writes their random passwords to a file that only its owner can read, and
// returns them to be printed; where there are accounts already, it does
// nothing and returns none. The file is on the disk before the accounts are.
func (a *Auth) First(ctx context.Context, file string) ([]Credential, error) {
	first, credentials, err := a.first()
	if err != nil {
		return nil, err
	}
	added, err := a.store.Accounts.AddFirst(ctx, first, func() error {
		if err := writePrivate(file, firstText(credentials)); err != nil {
			return errs.New(errs.Unreadable, msgFirstFile, errs.P{"file": file, "reason": innermost(err)}).Because(err)
		}
		return nil
	})
	if err != nil || !added {
		return nil, err
	}
	return credentials, nil
}

func (a *Auth) first() (f store.First, credentials []Credential, err error) {
	for _, n := range []Credential{{Name: "admin", Role: store.Admin}, {Name: "user", Role: store.User}, {Name: "service", Role: store.Service}} {
		account, secret, err := a.newAccount(n.Name, n.Role)
		if err != nil {
			return f, nil, err
		}
		if n.Role == store.Service {
			var token store.Token
			token, secret = newToken(NewToken{Account: account.ID, Kind: store.ServiceToken, Label: "first", Days: TokenDays}, a.now())
			f.Tokens = append(f.Tokens, token)
			// Writing is for the outputs of its runs: its role changes no files.
			f.Grants = append(f.Grants, store.Grant{Subject: account.ID, Folder: "/", Key: "/", Rights: store.Read | store.Write | store.Run})
		}
		f.Accounts = append(f.Accounts, account)
		f.Grants = append(f.Grants, home(account)...)
		credentials = append(credentials, Credential{n.Name, n.Role, secret})
	}
	f.Grants = append(f.Grants, store.Grant{Subject: store.RoleSubject(store.Admin), Folder: "/", Key: "/", Rights: store.AllRights})
	return f, credentials, nil
}

func firstText(credentials []Credential) string {
	var b strings.Builder
	b.WriteString("# First passwords. They must be changed at the first sign-in; then remove this file.\n" +
		"# Первые пароли. При первом входе их надо сменить; после этого удалите этот файл.\n")
	for _, c := range credentials {
		fmt.Fprintf(&b, "%s %s\n", c.Name, c.Secret)
	}
	return b.String()
}

// writePrivate puts a file in place whole, for its owner alone.
func writePrivate(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".first-*") // made with 0600
	if err != nil {
		return err
	}
	_, werr := f.WriteString(text)
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(file))
}

func innermost(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
