package workspace

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errTooLarge = errs.Message{
		ID: "workspace.too_large",
		En: "{path} is larger than {limit} MiB.",
		Ru: "Файл {path} больше {limit} МиБ.",
	}
	errChanged = errs.Message{
		ID: "workspace.changed",
		En: "{path} was changed by somebody else meanwhile.",
		Ru: "Файл {path} за это время изменил кто-то другой.",
	}
)

// Read returns what a file holds, at most limit bytes, and how it stood when
// it was opened.
func (t *Tree) Read(name string, limit int64) ([]byte, Entry, error) {
	f, e, err := t.Open(name)
	if err != nil {
		return nil, Entry{}, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, e, errs.New(errs.Unreadable, errUnreadable, errs.P{"path": name}).Because(err)
	}
	if int64(len(content)) > limit {
		return nil, e, errs.New(errs.Unreadable, errTooLarge, errs.P{"path": name, "limit": limit >> 20})
	}
	return content, e, nil
}

// Write makes a file, or puts content in the place of one where replace says
// so: a crash or a power cut leaves the old or the new one, whole. errs.Exists:
// it is there, and may not be replaced.
func (t *Tree) Write(name string, content []byte, replace bool) (Entry, error) {
	return t.write(name, content, replace, "")
}

// WriteOver is Write in the place of a file as it was seen, by its
// fingerprint. errs.Conflict: somebody else has changed or removed it since.
func (t *Tree) WriteOver(name string, content []byte, seen string) (Entry, error) {
	return t.write(name, content, true, seen)
}

func (t *Tree) write(name string, content []byte, replace bool, seen string) (Entry, error) {
	dir, base, err := t.parent(name)
	if err != nil {
		return Entry{}, err
	}
	defer dir.Close()
	mode, was, files := fs.FileMode(0o600), int64(0), int64(1)
	if info, err := dir.Lstat(base); err == nil && info.Mode().IsRegular() {
		mode, was, files = info.Mode().Perm(), info.Size(), 0
	}
	if more := int64(len(content)) - was; more > 0 || files > 0 {
		if err := t.room(name, more, files); err != nil {
			return Entry{}, err
		}
	}
	temp := private + rand.Text()[:10] + ".new"
	if err := fill(dir, temp, content, mode); err != nil {
		_ = dir.Remove(temp) // it may not have been made
		return Entry{}, writeError(name, err)
	}
	e, err := t.put(dir, temp, name, replace, seen)
	if err != nil {
		_ = dir.Remove(temp) // it may have its name already
	}
	return e, err
}

// fill makes a new file that is on the disk when it returns.
func fill(dir *os.Root, name string, content []byte, mode fs.FileMode) error {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil && mode != 0o600 {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
