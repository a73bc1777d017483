package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/weftworks/weft/internal/store"
)

type tokens struct{ db *DB }

const tokenColumns = "t.id, t.kind, t.account, t.label, t.only_these, t.hash, t.created, t.expires, t.used"

func tokenFields(t *store.Token) []any {
	return []any{&t.ID, &t.Kind, &t.Account, &t.Label, names{&t.Only}, &t.Hash, instant{&t.Created}, instant{&t.Expires}, instant{&t.Used}}
}

func scanToken(row scanner) (store.Token, error) {
	var v store.Token
	err := row.Scan(tokenFields(&v)...)
	return v, err
}

// names scans a JSON list of texts; an empty one is nil.
type names struct{ to *[]string }

// Scan implements sql.Scanner.
func (n names) Scan(v any) error {
	var text sql.NullString
	if err := text.Scan(v); err != nil {
		return err
	}
	return json.Unmarshal([]byte(text.String), n.to)
}

func (s tokens) Add(ctx context.Context, t store.Token, limit int) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		var valid int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM tokens WHERE account = ?1 AND kind = ?2 AND expires > ?3 AND (?2 = 'service' OR label = ?4)",
			t.Account, t.Kind, micros(t.Created), t.Label).Scan(&valid)
		if err != nil {
			return err
		}
		if valid >= limit {
			return store.ErrTooMany
		}
		return s.add(ctx, tx, t)
	})
}

func (s tokens) add(ctx context.Context, tx *sql.Tx, t store.Token) error {
	only, err := json.Marshal(t.Only) // nil is null, which reads as nil
	if err != nil {
		return err
	}
	return s.db.any(ctx, tx, "INSERT INTO tokens (id, kind, account, label, only_these, hash, created, expires, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		t.ID, t.Kind, t.Account, t.Label, string(only), t.Hash, micros(t.Created), micros(t.Expires), micros(t.Used))
}

func (s tokens) ByID(ctx context.Context, id string) (store.Token, store.Account, error) {
	return s.by(ctx, "t.id = ?", id)
}

func (s tokens) ByHash(ctx context.Context, hash []byte) (store.Token, store.Account, error) {
	return s.by(ctx, "t.hash = ?", hash)
}

func (s tokens) by(ctx context.Context, where string, arg any) (t store.Token, a store.Account, err error) {
	err = s.db.row(ctx, append(tokenFields(&t), accountFields(&a)...), "SELECT "+tokenColumns+", "+accountColumns+
		" FROM tokens t JOIN accounts a ON a.id = t.account WHERE "+where, arg)
	return t, a, err
}

func (s tokens) List(ctx context.Context, account string) ([]store.Token, error) {
	return list(ctx, s.db, scanToken,
		"SELECT "+tokenColumns+" FROM tokens t WHERE t.account = ? ORDER BY t.created DESC, t.id", account)
}

func (s tokens) Touch(ctx context.Context, id string, at time.Time) error {
	return s.db.one(ctx, s.db.write, "UPDATE tokens SET used = max(used, ?) WHERE id = ?", micros(at), id)
}

func (s tokens) Revoke(ctx context.Context, id string) error {
	return s.db.one(ctx, s.db.write, "DELETE FROM tokens WHERE id = ?", id)
}
