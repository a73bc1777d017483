package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// maxPath is the length of a path in bytes.
const maxPath = 4096

var (
	msgPath = errs.Message{
		ID: "auth.path",
		En: "{path} is no path here: it begins with / and has no empty part, no . and no ..",
		Ru: "{path} — не путь: он начинается с / и не содержит пустых частей, . и ..",
	}
	msgRights = errs.Message{
		ID: "auth.rights",
		En: "There is no such right on a folder.",
		Ru: "Такого права на папку нет.",
	}
)

// folders returns the keys of a path and of all folders above it, the root
// first. Keys are folded, since on some machines two spellings are one file.
func folders(path string) ([]string, error) {
	if path == "/" {
		return []string{"/"}, nil
	}
	parts := strings.Split(path, "/")
	if len(path) > maxPath || !utf8.ValidString(path) || parts[0] != "" || len(parts) < 2 ||
		slices.ContainsFunc(parts[1:], func(p string) bool { return p == "" || p == "." || p == ".." }) {
		return nil, errs.New(errs.Invalid, msgPath, errs.P{"path": cut(path, 200)})
	}
	keys := []string{"/"}
	key := ""
	for _, p := range parts[1:] {
		key += "/" + NameKey(p)
		keys = append(keys, key)
	}
	return keys, nil
}

// onFolder returns the rights that a caller has at a path.
func (a *Auth) onFolder(ctx context.Context, c Caller, path string) (store.Rights, error) {
	keys, err := folders(path)
	if err != nil {
		return 0, err
	}
	grants, err := a.store.Grants.Along(ctx, []string{c.Account, store.RoleSubject(c.Role)}, keys)
	if err != nil {
		return 0, err
	}
	has := nearest(grants, c.Account)
	if c.Role == store.Admin {
		has |= store.Administer // nobody can shut administrators out for good
	}
	return has, nil
}

// nearest is the rule of the longest prefix: the grant furthest down decides
// alone. Of two on one folder, the account's own wins over its role's.
func nearest(grants []store.Grant, account string) store.Rights {
	var best store.Grant
	found := false
	for _, g := range grants {
		if !found || len(g.Key) > len(best.Key) || len(g.Key) == len(best.Key) && g.Subject == account {
			best, found = g, true
		}
	}
	return best.Rights
}

// FolderRights returns the rights that a caller has at a path, now, without
// asking what its role allows.
func (a *Auth) FolderRights(ctx context.Context, c Caller, path string) (store.Rights, error) {
	c, err := a.Present(ctx, c)
	if err != nil {
		return 0, err
	}
	return a.onFolder(ctx, c, path)
}

// Standing returns the rights that an account has at a path, now, for work that
// goes on when whoever began it is gone: a run. errs.Denied: the account is
// disabled or gone.
func (a *Auth) Standing(ctx context.Context, account, path string) (store.Rights, error) {
	found, err := a.store.Accounts.ByID(ctx, account)
	if err != nil {
		return 0, lost(err)
	}
	if found.Disabled {
		return 0, ended()
	}
	return a.onFolder(ctx, Caller{Account: found.ID, Role: found.Role}, path)
}

// Subject is whom rights are granted: an account by its name, or a role.
type Subject struct {
	Name string
	Role store.Role // where Name is empty
}

// Grant gives a subject exactly these rights on a folder and below it, as a
// caller who has GrantRights there. No rights shut the folder.
func (a *Auth) Grant(ctx context.Context, c Caller, folder string, to Subject, r store.Rights) error {
	if err := a.Check(ctx, c, GrantRights, folder); err != nil {
		return err
	}
	return a.Owner().Grant(ctx, folder, to, r)
}

// Revoke removes a grant, as a caller who has GrantRights on the folder: what
// a folder above grants holds again.
func (a *Auth) Revoke(ctx context.Context, c Caller, folder string, from Subject) error {
	if err := a.Check(ctx, c, GrantRights, folder); err != nil {
		return err
	}
	return a.Owner().Revoke(ctx, folder, from)
}

// Grant gives a subject exactly these rights on a folder and below it.
func (m Admin) Grant(ctx context.Context, folder string, to Subject, r store.Rights) error {
	if r&^store.AllRights != 0 {
		return errs.New(errs.Invalid, msgRights, nil)
	}
	keys, err := folders(folder)
	if err != nil {
		return err
	}
	subject, err := m.subject(ctx, to)
	if err != nil {
		return err
	}
	g := store.Grant{Subject: subject, Folder: folder, Key: keys[len(keys)-1], Rights: r}
	return unknown(m.auth.store.Grants.Set(ctx, g), to.Name)
}

// Revoke removes a grant. One that is not there is no error.
func (m Admin) Revoke(ctx context.Context, folder string, from Subject) error {
	keys, err := folders(folder)
	if err != nil {
		return err
	}
	subject, err := m.subject(ctx, from)
	if err != nil {
		return err
	}
	if err := m.auth.store.Grants.Remove(ctx, subject, keys[len(keys)-1]); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

func (m Admin) subject(ctx context.Context, s Subject) (string, error) {
	if s.Name == "" {
		return store.RoleSubject(s.Role), checkRole(s.Role)
	}
	a, err := m.Account(ctx, s.Name)
	return a.ID, err
}

// Moved lets the rights on a folder follow it. Whoever moves or removes
// folders calls Moved or Removed, else a new folder of the old name would have
// the old one's rights.
func (a *Auth) Moved(ctx context.Context, from, to string) error {
	old, err := folders(from)
	if err != nil {
		return err
	}
	fresh, err := folders(to)
	if err != nil {
		return err
	}
	return a.store.Grants.Move(ctx, old[len(old)-1], to, fresh[len(fresh)-1])
}

// Removed drops the rights on a folder that is gone.
func (a *Auth) Removed(ctx context.Context, folder string) error {
	keys, err := folders(folder)
	if err != nil {
		return err
	}
	return a.store.Grants.Drop(ctx, keys[len(keys)-1])
}

// Home is the folder that is an account's own.
func Home(name string) string { return "/" + name }

// home returns the grants with which an account begins: a person has
// everything in a folder of its own, a service has nothing until it is given.
func home(a store.Account) []store.Grant {
	if a.Role == store.Service {
		return nil
	}
	return []store.Grant{{Subject: a.ID, Folder: Home(a.Name), Key: "/" + a.Key, Rights: store.AllRights}}
}
