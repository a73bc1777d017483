package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// explain turns an error of SQLite into one that says what to do. The store's
// own errors and those of a context stay as they are.
func (db *DB) explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return err
	}
	file := errs.P{"file": db.file}
	switch e.Code {
	case sqlite3.ErrNotADB:
		return errs.New(errs.Unreadable, msgForeign, file).Because(err)
	case sqlite3.ErrCorrupt:
		return errs.New(errs.Unreadable, msgDamaged, file).Because(err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return errs.New(errs.Unavailable, msgBusy, nil).Because(err)
	case sqlite3.ErrFull:
		return errs.New(errs.Exhausted, msgFull, nil).Because(err)
	case sqlite3.ErrInterrupt:
		return context.Canceled
	case sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrReadonly, sqlite3.ErrIoErr:
		return openError(db.file, err)
	case sqlite3.ErrConstraint:
		return constraint(e)
	}
	return err
}

func constraint(e sqlite3.Error) error {
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return store.ErrExists
	case sqlite3.ErrConstraintForeignKey:
		return store.ErrNotFound
	}
	return e
}

func openError(file string, err error) error {
	return errs.New(errs.Unreadable, msgOpen, errs.P{"file": file, "reason": reason(err)}).Because(err)
}

// reason is what the operating system says, without the path that stands in
// the message already.
func reason(err error) string {
	if e, ok := errors.AsType[sqlite3.Error](err); ok && e.SystemErrno != 0 {
		return e.SystemErrno.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
