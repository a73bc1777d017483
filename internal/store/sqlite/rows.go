package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/weftworks/weft/internal/store"
)

// micros is a time as it is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// instant scans a time.
type instant struct{ t *time.Time }

// Scan implements sql.Scanner.
func (i instant) Scan(v any) error {
	var n sql.NullInt64
	if err := n.Scan(v); err != nil {
		return err
	}
	*i.t = fromMicros(n.Int64)
	return nil
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, db *DB, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := db.stmts.get(ctx, query)
	if err != nil {
		return nil, db.explain(err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, db.explain(err)
	}
	defer func() { _ = rows.Close() }() // it was only read
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, db.explain(err)
		}
		out = append(out, v)
	}
	return out, db.explain(rows.Err())
}

// row reads the one row of a query; store.ErrNotFound.
func (db *DB) row(ctx context.Context, dest []any, query string, args ...any) error {
	stmt, err := db.stmts.get(ctx, query)
	if err != nil {
		return db.explain(err)
	}
	return db.explain(stmt.QueryRowContext(ctx, args...).Scan(dest...))
}

// execer is the writer or its transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// one executes a statement that must meet a row: else store.ErrNotFound.
func (db *DB) one(ctx context.Context, e execer, query string, args ...any) error {
	r, err := e.ExecContext(ctx, query, args...)
	if err != nil {
		return db.explain(err)
	}
	if n, err := r.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return store.ErrNotFound
	}
	return nil
}

// any executes a statement that may meet no row.
func (db *DB) any(ctx context.Context, e execer, query string, args ...any) error {
	_, err := e.ExecContext(ctx, query, args...)
	return db.explain(err)
}
