package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/weftworks/weft/internal/store"
)

type sessions struct{ db *DB }

const sessionColumns = "s.id, s.account, s.hash, s.created, s.used, s.confirmed, s.address, s.client, s.local, s.ended"

func sessionFields(s *store.Session) []any {
	return []any{&s.ID, &s.Account, &s.Hash, instant{&s.Created}, instant{&s.Used}, instant{&s.Confirmed}, &s.Address, &s.Client, &s.Local, &s.Ended}
}

func scanSession(row scanner) (store.Session, error) {
	var v store.Session
	err := row.Scan(sessionFields(&v)...)
	return v, err
}

func (s sessions) Add(ctx context.Context, n store.Session, limit int) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		err := s.db.any(ctx, tx, "INSERT INTO sessions (id, account, hash, created, used, confirmed, address, client, local) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			n.ID, n.Account, n.Hash, micros(n.Created), micros(n.Used), micros(n.Confirmed), n.Address, n.Client, n.Local)
		if err != nil {
			return err
		}
		err = s.db.any(ctx, tx, "DELETE FROM sessions WHERE account = ?1 AND id <> ?2 AND id NOT IN "+
			"(SELECT id FROM sessions WHERE account = ?1 AND id <> ?2 ORDER BY ended <> '', used DESC, id LIMIT ?3)", n.Account, n.ID, limit-1)
		if err != nil {
			return err
		}
		return s.db.one(ctx, tx, "UPDATE accounts SET signed_in = ? WHERE id = ?", micros(n.Created), n.Account)
	})
}

func (s sessions) ByID(ctx context.Context, id string) (store.Session, store.Account, error) {
	return s.by(ctx, "s.id = ?", id)
}

func (s sessions) ByHash(ctx context.Context, hash []byte) (store.Session, store.Account, error) {
	return s.by(ctx, "s.hash = ?", hash)
}

func (s sessions) by(ctx context.Context, where string, arg any) (n store.Session, a store.Account, err error) {
	err = s.db.row(ctx, append(sessionFields(&n), accountFields(&a)...), "SELECT "+sessionColumns+", "+accountColumns+
		" FROM sessions s JOIN accounts a ON a.id = s.account WHERE "+where, arg)
	return n, a, err
}

func (s sessions) Over(ctx context.Context, ids []string, idle, made time.Time) ([]string, error) {
	given, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	scan := func(row scanner) (id string, err error) { return id, row.Scan(&id) }
	return list(ctx, s.db, scan, "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.account "+
		"WHERE s.id = value AND s.ended = '' AND s.used > ? AND s.created > ? AND NOT a.disabled)", string(given), micros(idle), micros(made))
}

func (s sessions) List(ctx context.Context, account string) ([]store.Session, error) {
	return list(ctx, s.db, scanSession,
		"SELECT "+sessionColumns+" FROM sessions s WHERE s.account = ? AND s.ended = '' ORDER BY s.used DESC, s.id", account)
}

func (s sessions) Touch(ctx context.Context, id string, at time.Time) error {
	return s.db.one(ctx, s.db.write, "UPDATE sessions SET used = max(used, ?) WHERE id = ? AND ended = ''", micros(at), id)
}

func (s sessions) Confirm(ctx context.Context, id string, at time.Time) error {
	return s.db.one(ctx, s.db.write, "UPDATE sessions SET confirmed = ? WHERE id = ? AND ended = ''", micros(at), id)
}

func (s sessions) End(ctx context.Context, account, id string) error {
	return s.db.one(ctx, s.db.write, "UPDATE sessions SET ended = ? WHERE account = ? AND id = ? AND ended = ''",
		store.Elsewhere, account, id)
}

func (s sessions) EndAll(ctx context.Context, account, keep string) error {
	return s.endAll(ctx, s.db.write, account, keep, store.Elsewhere)
}

func (s sessions) endAll(ctx context.Context, e execer, account, keep string, why store.Ending) error {
	return s.db.any(ctx, e, "UPDATE sessions SET ended = ? WHERE account = ? AND id <> ? AND ended = ''", why, account, keep)
}

func (s sessions) Sweep(ctx context.Context, idle, made time.Time) error {
	return s.db.any(ctx, s.db.write, "DELETE FROM sessions WHERE used <= ? OR created <= ?", micros(idle), micros(made))
}
