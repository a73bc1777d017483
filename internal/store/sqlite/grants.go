package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/weftworks/weft/internal/store"
)

type grants struct{ db *DB }

const grantColumns = "subject, folder, key, rights"

func scanGrant(row scanner) (store.Grant, error) {
	var v store.Grant
	err := row.Scan(&v.Subject, &v.Folder, &v.Key, &v.Rights)
	return v, err
}

func (s grants) Set(ctx context.Context, g store.Grant) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error { return s.set(ctx, tx, g) })
}

func (s grants) set(ctx context.Context, tx *sql.Tx, all ...store.Grant) error {
	for _, g := range all {
		account := sql.NullString{String: g.Subject, Valid: !strings.HasPrefix(g.Subject, "role:")}
		err := s.db.any(ctx, tx, "INSERT OR REPLACE INTO grants (subject, folder, key, rights, account) VALUES (?, ?, ?, ?, ?)",
			g.Subject, g.Folder, g.Key, g.Rights, account)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s grants) Remove(ctx context.Context, subject, key string) error {
	return s.db.one(ctx, s.db.write, "DELETE FROM grants WHERE subject = ? AND key = ?", subject, key)
}

func (s grants) Along(ctx context.Context, subjects, keys []string) ([]store.Grant, error) {
	if len(subjects) == 0 || len(keys) == 0 {
		return nil, nil
	}
	// One text of the query whatever the depth, so that it is parsed once.
	return list(ctx, s.db, scanGrant, "SELECT "+grantColumns+" FROM grants WHERE subject IN (SELECT value FROM json_each(?)) "+
		"AND key IN (SELECT value FROM json_each(?)) ORDER BY length(key) DESC, subject", asJSON(subjects), asJSON(keys))
}

func (s grants) List(ctx context.Context, key string) ([]store.Grant, error) {
	return list(ctx, s.db, scanGrant, "SELECT "+grantColumns+" FROM grants WHERE key = ? ORDER BY subject", key)
}

func (s grants) Move(ctx context.Context, key, toFolder, toKey string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		moved, err := s.below(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := s.drop(ctx, tx, key); err != nil {
			return err
		}
		for i, g := range moved {
			// Folding may change a name's length, so that folder and key are
			// cut each by its own parts.
			moved[i].Folder = toFolder + tail(g.Folder, strings.Count(key, "/"))
			moved[i].Key = toKey + g.Key[len(key):]
		}
		return s.set(ctx, tx, moved...)
	})
}

func (s grants) Drop(ctx context.Context, key string) error {
	return s.drop(ctx, s.db.write, key)
}

// atOrBelow holds for the grants at a folder and below it; "0" is the sign
// after "/".
const atOrBelow = "(key = ?1 OR (key > ?1 || '/' AND key < ?1 || '0'))"

func (s grants) drop(ctx context.Context, e execer, key string) error {
	return s.db.any(ctx, e, "DELETE FROM grants WHERE "+atOrBelow, key)
}

func (s grants) below(ctx context.Context, tx *sql.Tx, key string) ([]store.Grant, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+grantColumns+" FROM grants WHERE "+atOrBelow, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it was only read
	var out []store.Grant
	for rows.Next() {
		g, err := scanGrant(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// tail is what follows the first n parts of a folder: "/c" of "/a/b/c" and 2.
func tail(folder string, n int) string {
	parts := strings.SplitAfterN(folder, "/", n+2)
	if len(parts) < n+2 {
		return ""
	}
	return "/" + parts[n+1]
}

func asJSON(texts []string) string {
	data, _ := json.Marshal(texts) // texts always can be
	return string(data)
}
