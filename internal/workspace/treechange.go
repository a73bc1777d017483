package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errCollides = errs.Message{
		ID: "workspace.collides",
		En: "{path} would be one with {other} on systems that do not tell capitals apart. Choose another name.",
		Ru: "{path} совпадёт с {other} там, где не различают прописные и строчные буквы. Выберите другое имя.",
	}
	errNotEmpty = errs.Message{
		ID: "workspace.not_empty",
		En: "The folder {path} is not empty.",
		Ru: "Папка {path} не пуста.",
	}
	errInItself = errs.Message{
		ID: "workspace.in_itself",
		En: "{path} cannot be moved into itself.",
		Ru: "{path} нельзя переместить внутрь себя.",
	}
)

// MakeFolder makes a folder; the one above must be there. errs.Exists.
func (t *Tree) MakeFolder(name string) (Entry, error) {
	dir, base, err := t.parent(name)
	if err != nil {
		return Entry{}, err
	}
	defer dir.Close()
	t.changes.Lock()
	defer t.changes.Unlock()
	if err := free(dir, base, name, ""); err != nil {
		return Entry{}, err
	}
	if err := t.room(name, 0, 1); err != nil {
		return Entry{}, err
	}
	if err := dir.Mkdir(base, 0o755); err != nil {
		return Entry{}, writeError(name, err)
	}
	t.usage.add(name, 0, 1)
	if err := syncFolder(dir); err != nil {
		return Entry{}, writeError(name, err)
	}
	return t.Stat(name)
}

// Rename renames or moves a file or folder. Nothing may stand at its new place.
func (t *Tree) Rename(from, to string) (Entry, error) {
	if strings.HasPrefix(to, from+"/") {
		return Entry{}, errs.New(errs.Invalid, errInItself, errs.P{"path": from})
	}
	if _, err := t.Stat(from); err != nil {
		return Entry{}, err
	}
	src, old, err := t.parent(from)
	if err != nil {
		return Entry{}, err
	}
	defer src.Close()
	dst, base, err := t.parent(to)
	if err != nil {
		return Entry{}, err
	}
	defer dst.Close()
	t.changes.Lock()
	defer t.changes.Unlock()
	self := ""
	if path.Dir(from) == path.Dir(to) {
		self = old
	}
	if err := free(dst, base, to, self); err != nil {
		return Entry{}, err
	}
	if err := move2(src, old, dst, base, false); err != nil {
		return Entry{}, writeError(to, err)
	}
	t.usage.forget(from, to)
	if err := errors.Join(syncFolder(src), syncFolder(dst)); err != nil {
		return Entry{}, writeError(to, err)
	}
	return t.Stat(to)
}

// Remove removes a file, or a folder: when it is empty, or with all it holds.
func (t *Tree) Remove(name string, recursive bool) error {
	dir, base, err := t.parent(name)
	if err != nil {
		return err
	}
	defer dir.Close()
	if _, err := dir.Lstat(base); err != nil {
		return readError(name, err)
	}
	remove := dir.Remove
	if recursive {
		remove = dir.RemoveAll
	}
	t.usage.forget(name)
	switch err := remove(base); {
	case errors.Is(err, syscall.ENOTEMPTY), errors.Is(err, fs.ErrExist):
		return errs.New(errs.Conflict, errNotEmpty, errs.P{"path": name})
	case err != nil:
		return writeError(name, err)
	}
	return writeError(name, syncFolder(dir))
}

// Folders lists a folder and all folders below it.
func (t *Tree) Folders(name string) ([]string, error) {
	dir, err := t.folder(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var out []string
	err = fs.WalkDir(dir.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			out = append(out, path.Join(name, p))
		}
		return err
	})
	return out, err
}

// Find looks for the file of a fingerprint among those whose name ends so, as
// somebody may have moved it. False: there is none.
func (t *Tree) Find(fingerprint, ending string) (found Entry, ok bool) {
	_ = fs.WalkDir(t.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return nil // what can't be read is not found
		case !seen(d):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || !strings.HasSuffix(name, ending):
			return nil
		}
		if info, err := d.Info(); err == nil && entryOf(name, info).Fingerprint == fingerprint {
			found, ok = entryOf(name, info), true
			return fs.SkipAll
		}
		return nil
	})
	return found, ok
}

// put moves a finished file, made in another folder of the same disk, to its
// name; where seen is not empty, only over a file with that fingerprint.
// t.changes is held by nobody yet.
func (t *Tree) put(src *os.Root, from, name string, replace bool, seen string) (Entry, error) {
	dir, base, err := t.parent(name)
	if err != nil {
		return Entry{}, err
	}
	defer dir.Close()
	t.changes.Lock()
	defer t.changes.Unlock()
	if err := t.mayPut(dir, base, name, replace); err != nil {
		return Entry{}, err
	}
	old, files := Entry{}, int64(1)
	if info, err := dir.Lstat(base); err == nil {
		old, files = entryOf(name, info), 0
	}
	if seen != "" && old.Fingerprint != seen {
		return Entry{}, errs.New(errs.Conflict, errChanged, errs.P{"path": name})
	}
	// As it is before it has its name: what others write there after that is
	// theirs.
	info, err := src.Lstat(from)
	if err != nil {
		return Entry{}, writeError(name, err)
	}
	if err := move2(src, from, dir, base, replace); err != nil {
		return Entry{}, writeError(name, err)
	}
	t.usage.add(name, info.Size()-old.Size, files)
	if err := syncFolder(dir); err != nil {
		return Entry{}, writeError(name, err)
	}
	return entryOf(name, info), nil
}

// mayPut says whether a file may come in under a name.
func (t *Tree) mayPut(dir *os.Root, base, name string, replace bool) error {
	info, err := dir.Lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return free(dir, base, name, "")
	case err != nil:
		return readError(name, err)
	case !info.Mode().IsRegular():
		return errs.New(errs.Invalid, errNotRegular, errs.P{"path": name})
	case !replace:
		return errs.New(errs.Exists, errExists, errs.P{"path": name})
	}
	return nil
}

// free says whether a name may be added to a folder; self is the one that goes
// away for it.
func free(dir *os.Root, base, name, self string) error {
	all, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return readError(name, err)
	}
	key := fold(base)
	for _, e := range all {
		switch {
		case e.Name() == self && self != base:
		case e.Name() == base:
			return errs.New(errs.Exists, errExists, errs.P{"path": name})
		case fold(e.Name()) == key:
			return errs.New(errs.Exists, errCollides, errs.P{"path": name, "other": e.Name()})
		}
	}
	return nil
}

// fold is the form in which names are one on some system.
func fold(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// syncFolder makes the names of a folder durable.
func syncFolder(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(syncDir(f), f.Close())
}

// EnsureTop makes a top folder if it is not there.
func (t *Tree) EnsureTop(name string) error {
	if e, err := t.Stat(name); err == nil && e.Folder {
		return nil
	}
	_, err := t.MakeFolder(name)
	return err
}
