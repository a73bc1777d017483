package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// applicationID marks a file as a store of Weft: "Weft" in ASCII.
const applicationID = 0x57656674

//go:embed migrations/*.sql
var embedded embed.FS

// migrations returns the scripts in order; the first makes version 1. They
// only go forward, and one that was released is never changed.
func migrations() ([]string, error) {
	names, err := fs.Glob(embedded, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	out := make([]string, len(names))
	for i, n := range names {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(n, want) {
			return nil, fmt.Errorf("migration %s should be %s…", n, want)
		}
		text, err := fs.ReadFile(embedded, n)
		if err != nil {
			return nil, err
		}
		out[i] = string(text)
	}
	return out, nil
}

// migrate brings the store from the given version to the latest.
func (db *DB) migrate(ctx context.Context, version int) error {
	scripts, err := migrations()
	if err != nil {
		return err
	}
	return db.migrateBy(ctx, version, scripts)
}

func (db *DB) migrateBy(ctx context.Context, version int, scripts []string) error {
	switch {
	case version > len(scripts):
		return errs.New(errs.Invalid, msgNewer, errs.P{"file": db.file, "version": version, "known": len(scripts)})
	case version == len(scripts):
		return nil
	}
	if version > 0 {
		err := db.backup(ctx, fmt.Sprintf("%s.version-%d", db.file, version), version)
		if err != nil && !errors.Is(err, errOvertaken) { // who overtook us has made the copy
			return err
		}
	}
	for i := range scripts {
		if err := db.step(ctx, i+1, scripts[i]); err != nil {
			return err
		}
	}
	return nil
}

// step makes a version out of the one before. Another process may have been
// faster, so that the version is asked for under the lock.
func (db *DB) step(ctx context.Context, version int, script string) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		var now int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err != nil {
			return err
		}
		if now >= version {
			return nil
		}
		script += fmt.Sprintf("\n;PRAGMA user_version = %d; PRAGMA application_id = %d;", version, applicationID)
		_, err := tx.ExecContext(ctx, script)
		return err
	})
}
