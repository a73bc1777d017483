package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mattn/go-sqlite3"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Least is the oldest SQLite that may be linked: those before it can damage a
// database when a commit and two checkpoints meet.
const Least = "3.51.3"

const leastNumber = 3_051_003

// Options says where the store is.
type Options struct {
	File string // made with its folder if it is not there
	// AllowNetwork opens a file on a network file system all the same.
	AllowNetwork bool
}

// DB is an open store.
type DB struct {
	file  string
	write *sql.DB // one connection, whose transactions begin with the lock
	read  *sql.DB
	stmts *statements // of read
}

// Open opens the store, makes it, or brings it up to date, which leaves a
// copy of the file as it was beside it.
func Open(ctx context.Context, o Options) (*DB, error) {
	file, err := filepath.Abs(o.File)
	if err != nil {
		return nil, openError(o.File, err)
	}
	if version, number, _ := sqlite3.Version(); number < leastNumber {
		return nil, errs.New(errs.Internal, msgOld, errs.P{"version": version, "least": Least})
	}
	unclean, err := prepare(file, o.AllowNetwork)
	if err != nil {
		return nil, err
	}
	db := &DB{file: file, write: pool(file, true, 1), read: pool(file, false, max(4, runtime.GOMAXPROCS(0)))}
	db.stmts = &statements{db: db.read, of: map[string]*sql.Stmt{}}
	if err := db.start(ctx, unclean); err != nil {
		_ = db.Close() // nothing was written; the first error tells
		return nil, err
	}
	return db, nil
}

// Store returns the stores that the file holds.
func (db *DB) Store() store.Store {
	return store.Store{
		Accounts:  accounts{db},
		Sessions:  sessions{db},
		Tokens:    tokens{db},
		Throttles: throttles{db},
		Grants:    grants{db},
	}
}

// Close waits for what is under way and closes the file. The writer is the
// last, so that it writes the log back.
func (db *DB) Close() error { return errors.Join(db.stmts.close(), db.read.Close(), db.write.Close()) }

// prepare makes folder and file, for the owner alone, and says whether the
// last one who had the store open did not close it. It runs before SQLite has
// the file open.
func prepare(file string, allowNetwork bool) (unclean bool, err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return false, openError(file, err)
	}
	if kind, err := networkFileSystem(filepath.Dir(file)); err != nil {
		return false, openError(file, err)
	} else if kind != "" && !allowNetwork {
		return false, errs.New(errs.Invalid, msgNetwork, errs.P{"file": file, "kind": kind})
	}
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := makeEmpty(file); err != nil && !errors.Is(err, os.ErrExist) {
			return false, openError(file, err)
		}
	case err != nil:
		return false, openError(file, err)
	case !info.Mode().IsRegular():
		return false, errs.New(errs.Unreadable, msgForeign, errs.P{"file": file})
	case info.Mode().Perm()&0o077 != 0:
		if err := os.Chmod(file, 0o600); err != nil {
			return false, openError(file, err)
		}
	}
	wal, err := os.Stat(file + "-wal")
	return err == nil && wal.Size() > 0, nil
}

func makeEmpty(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), syncDir(filepath.Dir(file)))
}

// start looks whether this is a store and whole, and migrates it.
func (db *DB) start(ctx context.Context, unclean bool) error {
	var app, version, tables int
	err := db.write.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), "+
		"(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").Scan(&app, &version, &tables)
	switch {
	case err != nil:
		return db.explain(err)
	case tables > 0 && app != applicationID:
		return errs.New(errs.Unreadable, msgForeign, errs.P{"file": db.file})
	}
	if unclean {
		if err := check(ctx, db.write, "quick_check"); err != nil {
			return errs.New(errs.Unreadable, msgDamaged, errs.P{"file": db.file}).Because(err)
		}
	}
	return db.migrate(ctx, version)
}

// check runs quick_check or integrity_check.
func check(ctx context.Context, db *sql.DB, name string) error {
	var answer string
	if err := db.QueryRowContext(ctx, "PRAGMA "+name+"(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return fmt.Errorf("%s: %s", name, answer)
	}
	return nil
}

// inTx runs f in a transaction of the writer.
func (db *DB) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return db.explain(err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the connection is dropped if this fails; err tells why we are here
		return db.explain(err)
	}
	return db.explain(tx.Commit())
}
