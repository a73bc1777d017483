package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/weftworks/weft/internal/store"
)

type accounts struct{ db *DB }

const accountColumns = "a.id, a.name, a.key, a.role, a.password, a.must_change, a.disabled, a.created, a.signed_in"

// accountFields returns where a row's accountColumns go.
func accountFields(a *store.Account) []any {
	return []any{&a.ID, &a.Name, &a.Key, &a.Role, &a.Password, &a.MustChange, &a.Disabled, instant{&a.Created}, instant{&a.SignedIn}}
}

func scanAccount(row scanner) (store.Account, error) {
	var v store.Account
	err := row.Scan(accountFields(&v)...)
	return v, err
}

func (s accounts) AddFirst(ctx context.Context, f store.First, before func() error) (added bool, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		var there bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM accounts)").Scan(&there); err != nil || there {
			return err
		}
		if err := before(); err != nil {
			return err
		}
		added = true
		for _, a := range f.Accounts {
			if err := s.add(ctx, tx, a); err != nil {
				return err
			}
		}
		for _, t := range f.Tokens {
			if err := tokens(s).add(ctx, tx, t); err != nil {
				return err
			}
		}
		return grants(s).set(ctx, tx, f.Grants...)
	})
	return added && err == nil, err
}

func (s accounts) Add(ctx context.Context, a store.Account, g ...store.Grant) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.add(ctx, tx, a); err != nil {
			return err
		}
		return grants(s).set(ctx, tx, g...)
	})
}

func (s accounts) add(ctx context.Context, tx *sql.Tx, a store.Account) error {
	return s.db.any(ctx, tx, "INSERT INTO accounts (id, name, key, role, password, must_change, disabled, created, signed_in) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.Name, a.Key, a.Role, a.Password, a.MustChange, a.Disabled, micros(a.Created), micros(a.SignedIn))
}

func (s accounts) ByID(ctx context.Context, id string) (store.Account, error) {
	var a store.Account
	err := s.db.row(ctx, accountFields(&a), "SELECT "+accountColumns+" FROM accounts a WHERE a.id = ?", id)
	return a, err
}

func (s accounts) ByKey(ctx context.Context, key string) (store.Account, error) {
	var a store.Account
	err := s.db.row(ctx, accountFields(&a), "SELECT "+accountColumns+" FROM accounts a WHERE a.key = ?", key)
	return a, err
}

func (s accounts) List(ctx context.Context, after string, limit int) ([]store.Account, error) {
	return list(ctx, s.db, scanAccount,
		"SELECT "+accountColumns+" FROM accounts a WHERE a.key > ? ORDER BY a.key LIMIT ?", after, limit)
}

func (s accounts) SetPassword(ctx context.Context, id, password string, mustChange bool, keep string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.db.one(ctx, tx, "UPDATE accounts SET password = ?, must_change = ? WHERE id = ?", password, mustChange, id); err != nil {
			return err
		}
		why := store.NewPassword
		if mustChange {
			why = store.PasswordReset
		}
		return sessions(s).endAll(ctx, tx, id, keep, why)
	})
}

func (s accounts) Rehash(ctx context.Context, id, old, hash string) error {
	err := s.db.one(ctx, s.db.write, "UPDATE accounts SET password = ? WHERE id = ? AND password = ?", hash, id, old)
	if errors.Is(err, store.ErrNotFound) {
		return store.ErrChanged
	}
	return err
}

func (s accounts) SetRole(ctx context.Context, id string, role store.Role) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if role != store.Admin {
			if err := s.spareLast(ctx, tx, id); err != nil {
				return err
			}
		}
		if err := s.db.one(ctx, tx, "UPDATE accounts SET role = ? WHERE id = ?", role, id); err != nil {
			return err
		}
		return sessions(s).endAll(ctx, tx, id, "", store.NewRole)
	})
}

func (s accounts) SetDisabled(ctx context.Context, id string, disabled bool) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if disabled {
			if err := s.spareLast(ctx, tx, id); err != nil {
				return err
			}
		}
		if err := s.db.one(ctx, tx, "UPDATE accounts SET disabled = ? WHERE id = ?", disabled, id); err != nil || !disabled {
			return err
		}
		return sessions(s).endAll(ctx, tx, id, "", store.NowDisabled)
	})
}

func (s accounts) Remove(ctx context.Context, id string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.spareLast(ctx, tx, id); err != nil {
			return err
		}
		return s.db.one(ctx, tx, "DELETE FROM accounts WHERE id = ?", id)
	})
}

// spareLast refuses if without the account there were no administrator left.
func (s accounts) spareLast(ctx context.Context, tx *sql.Tx, id string) error {
	var last bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND role = 'admin' AND NOT disabled) "+
		"AND NOT EXISTS (SELECT 1 FROM accounts WHERE id <> ?1 AND role = 'admin' AND NOT disabled)", id).Scan(&last)
	if err == nil && last {
		return store.ErrLastAdmin
	}
	return err
}
