package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Backup writes a copy of the store as it is at one moment, checks it and
// puts it in place under the name, in place of an older one. The store can be
// used meanwhile.
func (db *DB) Backup(ctx context.Context, file string) error {
	return db.backup(ctx, file, 0)
}

var errOvertaken = errors.New("another process has migrated the store")

// backup is Backup; a version other than 0 is that which the copy must have,
// else nothing is put in place: errOvertaken.
func (db *DB) backup(ctx context.Context, file string, version int) error {
	err := db.copyTo(ctx, file, version)
	if err == nil || errors.Is(err, errOvertaken) || ctx.Err() != nil {
		return err
	}
	return errs.New(errs.Failed, msgBackup, errs.P{"file": file, "reason": reason(err)}).Because(err)
}

func (db *DB) copyTo(ctx context.Context, file string, version int) error {
	// Others may make the same copy at this moment, each for its own migration.
	empty, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".draft-*")
	if err != nil {
		return err
	}
	draft := empty.Name()
	defer os.Remove(draft)                // nothing is left of it after the rename
	if err := empty.Close(); err != nil { // SQLite fills it and keeps its mode
		return err
	}
	if _, err := db.write.ExecContext(ctx, "VACUUM INTO ?", draft); err != nil {
		return err
	}
	if err := checkCopy(ctx, draft, version); err != nil {
		return err
	}
	if err := syncFile(draft); err != nil {
		return err
	}
	if err := os.Rename(draft, file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// Verify says whether a copy that Backup has made is whole and can be used by
// this program. It writes nothing, not even beside the file, which nobody may
// change meanwhile.
func Verify(ctx context.Context, file string) (err error) {
	c := poolOf(strings.TrimSuffix(name(file, false), "mode=rw")+"mode=ro&immutable=1", shared(), 1)
	defer func() { err = errors.Join(err, c.Close()) }()
	var app, version int
	row := c.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)")
	if err := row.Scan(&app, &version); err != nil {
		return errs.New(errs.Unreadable, msgDamaged, errs.P{"file": file}).Because(err)
	}
	if app != applicationID {
		return errs.New(errs.Unreadable, msgForeign, errs.P{"file": file})
	}
	scripts, err := migrations()
	if err != nil {
		return err
	}
	if version > len(scripts) {
		return errs.New(errs.Invalid, msgNewer, errs.P{"file": file, "version": version, "known": len(scripts)})
	}
	if err := check(ctx, c, "integrity_check"); err != nil {
		return errs.New(errs.Unreadable, msgDamaged, errs.P{"file": file}).Because(err)
	}
	return nil
}

func checkCopy(ctx context.Context, file string, version int) (err error) {
	c := pool(file, false, 1)
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := check(ctx, c, "integrity_check"); err != nil {
		return err
	}
	var has int
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return err
	}
	if version != 0 && has != version {
		return errOvertaken
	}
	return nil
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
