package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/weftworks/weft/internal/store"
)

// Covered reports whether everybody who may write what stands at one path may
// read what stands at another. It is for published packages: what one reads,
// its callers see, and whoever may write the package decides what it reads.
func (a *Auth) Covered(ctx context.Context, written, read string) (bool, error) {
	at, err := a.allGrants(ctx, written)
	if err != nil {
		return false, err
	}
	there, err := a.allGrants(ctx, read)
	if err != nil {
		return false, err
	}
	for _, role := range designers() {
		if widens(at, there, "", role) {
			return false, nil
		}
	}
	for _, g := range slices.Concat(at, there) {
		account, err := a.store.Accounts.ByID(ctx, g.Subject)
		switch {
		case errors.Is(err, store.ErrNotFound): // a role
		case err != nil:
			return false, err
		case slices.Contains(designers(), account.Role) && widens(at, there, account.ID, account.Role):
			return false, nil
		}
	}
	return true, nil
}

// widens reports whether an account of a role could write where the first
// grants hold and not read where the second do.
func widens(at, there []store.Grant, account string, role store.Role) bool {
	of := func(list []store.Grant) store.Rights {
		mine := slices.DeleteFunc(slices.Clone(list), func(g store.Grant) bool {
			return g.Subject != store.RoleSubject(role) && (account == "" || g.Subject != account)
		})
		return nearest(mine, account)
	}
	return of(at)&store.Write != 0 && of(there)&store.Read == 0
}

// allGrants are the grants to anybody on a path and the folders above it.
func (a *Auth) allGrants(ctx context.Context, path string) ([]store.Grant, error) {
	keys, err := folders(path)
	if err != nil {
		return nil, err
	}
	var out []store.Grant
	for _, key := range keys {
		list, err := a.store.Grants.List(ctx, key)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
