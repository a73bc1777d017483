package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
	"github.com/weftworks/weft/internal/store/sqlite"
)

// restoring is the folder of the data folder in which a restore puts all
// together. No Server starts while it is there.
const restoring = "restore.new"

var (
	errRestoreTarget = errs.Message{
		ID: "app.restore_target",
		En: "{path} is not empty. A backup is restored into a folder that is empty or not there: move the old one away, or name another with --data. Nothing was changed.",
		Ru: "{path} не пуст. Копия восстанавливается в пустой или ещё не существующий каталог: уберите прежний или укажите другой через --data. Ничего не изменено.",
	}
	errRestoreWrite = errs.Message{
		ID: "app.restore_write",
		En: "The backup cannot be restored into {path}: {reason}. Nothing is left there.",
		Ru: "Не удаётся восстановить копию в {path}: {reason}. Там ничего не осталось.",
	}
	errRestoreCut = errs.Message{
		ID: "app.restore_cut",
		En: "A restore into the data folder {path} was cut off. Empty the folder and restore the backup again.",
		Ru: "Восстановление в каталог данных {path} было прервано. Очистите каталог и восстановите копию ещё раз.",
	}
)

// Restored says what was restored.
type Restored struct {
	Made  time.Time // when the backup was
	Files int       // all of them
	Bytes int64
	Dir   string // the data folder
}

// Restore makes the data folder of a Server (empty: the standard place) out of
// a backup. All of the backup is checked before anything has its place; the
// folder must be empty or not there, and is left so by a failure. Nobody stays
// signed in, since a session may have been ended after the backup was made.
func Restore(ctx context.Context, from, data string) (_ Restored, err error) {
	r := &restore{from: from}
	if err := r.look(ctx); err != nil {
		return Restored{}, err
	}
	defer r.source.Close()
	if err := r.take(cmp.Or(data, DataFolder())); err != nil {
		return Restored{}, err
	}
	defer func() { err = r.end(err) }()
	for _, step := range []func(context.Context) error{r.copy, r.signOut, r.place} {
		if err := step(ctx); err != nil {
			return Restored{}, err
		}
	}
	return r.done, nil
}

// restore is one that is under way.
type restore struct {
	from   string
	source *os.Root // of from
	list   backupList
	target *folder
	fresh  bool // the data folder was not there
	draft  string
	done   Restored
}

// take makes the data folder, if it is not there, and holds it.
func (r *restore) take(dir string) error {
	_, err := os.Lstat(dir)
	r.fresh = errors.Is(err, fs.ErrNotExist)
	switch {
	case running(dir):
		return errs.New(errs.Unavailable, errDataTaken, errs.P{"path": dir, "key": "--data"})
	case !isFree(dir):
		return errs.New(errs.Exists, errRestoreTarget, errs.P{"path": dir})
	}
	if r.target, err = openFolder(dir, "--data"); err != nil {
		return err
	}
	r.draft = r.target.path(restoring)
	if entries, err := os.ReadDir(r.target.dir); err != nil || len(entries) != 1 { // the lock
		return errors.Join(errs.New(errs.Exists, errRestoreTarget, errs.P{"path": dir}).Because(err), r.target.Close())
	}
	return nil
}

// copy puts together in one folder what the backup has.
func (r *restore) copy(ctx context.Context) error {
	if err := os.Mkdir(r.draft, 0o700); err != nil {
		return r.unwritten(err)
	}
	to, err := os.OpenRoot(r.draft)
	if err != nil {
		return r.unwritten(err)
	}
	defer to.Close()
	for _, name := range append([]string{workspaceName, journalsName}, r.list.Folders...) {
		if err := to.MkdirAll(filepath.FromSlash(name), 0o700); err != nil {
			return r.unwritten(err)
		}
	}
	for _, f := range r.list.Files {
		if err := r.copyOne(ctx, to, f); err != nil {
			return err
		}
		r.done.Files++
		r.done.Bytes += f.Size
	}
	return nil
}

func (r *restore) copyOne(ctx context.Context, to *os.Root, f savedFile) error {
	from, err := r.source.Open(filepath.FromSlash(f.Path))
	if err != nil {
		return r.damaged(f.Path, err)
	}
	defer from.Close()
	is, err := copyInto(ctx, to, f.Path, from, f.Modified)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errWriting):
		return r.unwritten(err)
	case err != nil || is.Size != f.Size || is.SHA256 != f.SHA256:
		return r.damaged(f.Path, err)
	}
	return nil
}

// signOut ends all sessions of the restored store.
func (r *restore) signOut(ctx context.Context) error {
	db, err := sqlite.Open(ctx, sqlite.Options{File: filepath.Join(r.draft, storeName)})
	if err != nil {
		return err
	}
	ever := time.Now().AddDate(100, 0, 0) // the clock may have been another
	return errors.Join(db.Store().Sessions.Sweep(ctx, ever, ever), db.Close())
}

// place gives all its names, the store at last: without one there is no Server.
func (r *restore) place(context.Context) error {
	err := syncFolders(r.draft)
	var entries []os.DirEntry
	if err == nil {
		entries, err = os.ReadDir(r.draft)
	}
	for _, e := range entries {
		if err == nil && e.Name() != storeName {
			err = r.move(e.Name())
		}
	}
	for _, step := range []func() error{
		r.sync, func() error { return r.move(storeName) }, r.sync, func() error { return os.Remove(r.draft) }, r.sync,
		func() error { return journal.OS{}.SyncDir(filepath.Dir(r.target.dir)) },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return r.unwritten(err)
	}
	r.done.Dir, r.done.Made = r.target.dir, r.list.Made
	return nil
}

func (r *restore) move(name string) error {
	return os.Rename(filepath.Join(r.draft, name), r.target.path(name))
}

func (r *restore) sync() error { return journal.OS{}.SyncDir(r.target.dir) }

// end gives the data folder free, and leaves nothing of what failed in it.
func (r *restore) end(err error) error {
	if err == nil {
		return r.target.Close()
	}
	entries, e := os.ReadDir(r.target.dir) // it was empty
	all := []error{err, e}
	for _, e := range entries {
		all = append(all, os.RemoveAll(r.target.path(e.Name())))
	}
	if r.fresh {
		all = append(all, os.Remove(r.target.dir))
	}
	return errors.Join(append(all, r.target.Close())...)
}

func (r *restore) unwritten(err error) error {
	return errs.New(errs.Unavailable, errRestoreWrite, errs.P{"path": r.target.dir, "reason": reasonOf(err)}).Because(err)
}
