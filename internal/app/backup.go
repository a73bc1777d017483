package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
	"github.com/weftworks/weft/internal/workspace"
)

var (
	errBackupTarget = errs.Message{
		ID: "app.backup_target",
		En: "{path} is there already and is no empty folder. Name a new folder for the backup. Nothing was written.",
		Ru: "{path} уже есть, и это не пустой каталог. Укажите для резервной копии новый каталог. Ничего не записано.",
	}
	errBackupInside = errs.Message{
		ID: "app.backup_inside",
		En: "The backup would lie in the data folder {path} itself. Name a folder outside it, best on another disk.",
		Ru: "Резервная копия оказалась бы в самом каталоге данных {path}. Укажите каталог вне его, лучше на другом диске.",
	}
	errBackupFile = errs.Message{
		ID: "app.backup_file",
		En: "{path} cannot be saved: {reason}. No backup was made; put that right and start it again.",
		Ru: "Не удаётся сохранить {path}: {reason}. Копия не сделана; устраните причину и запустите её снова.",
	}
	errBackupWrite = errs.Message{
		ID: "app.backup_write",
		En: "The backup cannot be written to {path}: {reason}. Nothing is left of it.",
		Ru: "Не удаётся записать резервную копию в {path}: {reason}. От неё ничего не осталось.",
	}
)

// Saved says what a backup holds.
type Saved struct {
	Files    int   // of people
	Journals int   // of packages
	Bytes    int64 // of all of it
	// Damaged are packages whose journal is damaged in the data folder itself.
	// The backup has it as it is there.
	Damaged []string
}

// backup is one that is being made. It stands under a name of its own until
// all of it is on the disk.
type backup struct {
	data, dir, draft string
	to               *os.Root // the draft
	tree             *workspace.Tree
	list             backupList
	done             map[string]bool // what is in list
	saved            Saved
}

// Backup saves what a Server has, which may run meanwhile, into a new folder:
// journals with their packages, all other files, and the store at last. It is
// whole or not there.
func (a *Admin) Backup(ctx context.Context, dir, version string) (_ Saved, err error) {
	b := &backup{list: newBackupList(version), done: map[string]bool{}}
	if err := b.begin(a.dir, dir); err != nil {
		return Saved{}, err
	}
	defer func() { err = errors.Join(err, b.end()) }()
	for _, step := range []func(context.Context) error{b.journals, b.workspace} {
		if err := step(ctx); err != nil {
			return Saved{}, err
		}
	}
	if err := a.db.Backup(ctx, filepath.Join(b.draft, storeName)); err != nil {
		return Saved{}, err
	}
	return b.saved, b.finish()
}

// begin looks at where the backup is to be and makes its draft beside it.
func (b *backup) begin(data, dir string) (err error) {
	if b.data, err = filepath.Abs(data); err == nil {
		b.dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return b.unwritten(err)
	}
	if !isFree(b.dir) {
		return errs.New(errs.Exists, errBackupTarget, errs.P{"path": b.dir})
	}
	if lies(b.dir, b.data) {
		return errs.New(errs.Invalid, errBackupInside, errs.P{"path": b.data})
	}
	// Not its parents: a disk that is not mounted must not be taken for another.
	if b.draft, err = os.MkdirTemp(filepath.Dir(b.dir), filepath.Base(b.dir)+".part-*"); err != nil {
		return b.unwritten(err)
	}
	if b.to, err = os.OpenRoot(b.draft); err != nil {
		return errors.Join(b.unwritten(err), os.Remove(b.draft))
	}
	return nil
}

// isFree says whether a folder is empty or not there.
func isFree(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	if !info.IsDir() {
		return false
	}
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) == 0
}

// lies says whether a path that need not be there lies in a folder.
func lies(path, dir string) bool {
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return false // it is told when it is written
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, filepath.Join(parent, filepath.Base(path)))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// finish notes the store and what there is, and gives the backup its name.
func (b *backup) finish() error {
	store, err := sumOf(b.to, storeName)
	if err == nil {
		b.note(store)
		err = b.list.write(b.to)
	}
	if err == nil {
		err = syncFolders(b.draft)
	}
	if err == nil {
		err = os.Remove(b.dir) // an empty one
	}
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = os.Rename(b.draft, b.dir)
	}
	if err == nil {
		err = journal.OS{}.SyncDir(filepath.Dir(b.dir))
	}
	if err != nil {
		return b.unwritten(err)
	}
	return nil
}

// end closes what is open and removes what has no name of its own yet.
func (b *backup) end() error {
	err := b.to.Close()
	if b.tree != nil {
		err = errors.Join(err, b.tree.Close())
	}
	return errors.Join(err, os.RemoveAll(b.draft))
}

func (b *backup) note(files ...savedFile) {
	for _, f := range files {
		b.done[f.Path] = true
		b.list.Files = append(b.list.Files, f)
		b.saved.Bytes += f.Size
	}
}

func (b *backup) unwritten(err error) error {
	return errs.New(errs.Unavailable, errBackupWrite, errs.P{"path": b.dir, "reason": reasonOf(err)}).Because(err)
}

// failed words what came of saving a file of the data folder.
func (b *backup) failed(path string, err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err // nobody wants it any more
	case errors.Is(err, errWriting):
		return b.unwritten(err)
	}
	return errs.New(errs.Unreadable, errBackupFile, errs.P{"path": path, "reason": reasonOf(err)}).Because(err)
}
