package workspace

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errTooLarge = errs.Message{
		ID: "workspace.too_large",
		En: "{path} is larger than {limit} MiB.",
		Ru: "Файл {path} больше {limit} МиБ.",
	}
	errBehindLink = errs.Message{
		ID: "workspace.link",
		En: "{path} is a link, or lies behind one. Links are not followed.",
		Ru: "{path} — ссылка или лежит за ссылкой. Переход по ссылкам не выполняется.",
	}
)

// Stat returns a regular file with its fingerprint, without following links.
func (w *Workspace) Stat(name string) (File, error) {
	rel, err := w.plain(name)
	if err != nil {
		return File{}, err
	}
	info, err := w.root.Lstat(rel)
	return w.file(name, info, err)
}

// Read returns what a regular file holds, at most limit bytes, and its
// fingerprint from before it was read. Links are not followed, and nothing
// that could block is opened.
func (w *Workspace) Read(name string, limit int64) ([]byte, File, error) {
	rel, err := w.plain(name)
	if err != nil {
		return nil, File{}, err
	}
	f, err := w.root.OpenFile(rel, os.O_RDONLY|nonblock, 0)
	if err != nil {
		file, err := w.file(name, nil, err)
		return nil, file, err
	}
	defer f.Close()
	info, err := f.Stat()
	file, err := w.file(name, info, err)
	if err != nil {
		return nil, file, err
	}
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, file, errs.New(errs.Unreadable, errUnreadable, errs.P{"path": name}).Because(err)
	}
	if int64(len(content)) > limit {
		return nil, file, errs.New(errs.Unreadable, errTooLarge, errs.P{"path": name, "limit": limit >> 20})
	}
	return content, file, nil
}

// plain turns a path into one below the root that no link stands in.
func (w *Workspace) plain(name string) (string, error) {
	rel, err := w.inside(name)
	if err != nil {
		return "", err
	}
	for part := rel; part != "."; part = path.Dir(part) {
		info, err := w.root.Lstat(filepath.FromSlash(part))
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", errs.New(errs.Denied, errBehindLink, errs.P{"path": name})
		}
	}
	return filepath.FromSlash(rel), nil
}

func (w *Workspace) file(name string, info fs.FileInfo, err error) (File, error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		rel, _ := w.inside(name)
		return File{}, errs.New(errs.NotFound, errMissing, errs.P{"path": name, "suggest": w.similar(rel)}).Because(err)
	case err != nil:
		return File{}, errs.New(errs.Unreadable, errUnreadable, errs.P{"path": name}).Because(err)
	case !info.Mode().IsRegular():
		return File{}, errs.New(errs.Unreadable, errNotRegular, errs.P{"path": name})
	}
	return File{Path: name, Size: info.Size(), Time: info.ModTime().UnixNano()}, nil
}

// Create makes a file that is not there yet, whole or not at all, and safe
// from a power cut. errs.Exists: it is there.
func (w *Workspace) Create(name string, content []byte) (File, error) {
	return w.write(name, content, func(temp, rel string) error {
		// A link, unlike a rename, fails where a file has come in between.
		if err := w.root.Link(temp, rel); err != nil {
			return err
		}
		return w.root.Remove(temp)
	})
}

// Replace puts content in the place of a file, which may be missing: a crash
// or a power cut leaves the old or the new one, whole.
func (w *Workspace) Replace(name string, content []byte) (File, error) {
	return w.write(name, content, w.root.Rename)
}

func (w *Workspace) write(name string, content []byte, place func(temp, rel string) error) (File, error) {
	rel, err := w.plain(name)
	if err != nil {
		return File{}, err
	}
	mode := fs.FileMode(0o600)
	if info, err := w.root.Lstat(rel); err == nil {
		if !info.Mode().IsRegular() {
			return File{}, errs.New(errs.Unreadable, errNotRegular, errs.P{"path": name})
		}
		mode = info.Mode().Perm()
	}
	temp := filepath.Join(filepath.Dir(rel), ".weft-"+rand.Text()[:10]+".new")
	err = w.fill(temp, content, mode)
	if err == nil {
		err = place(temp, rel)
	}
	if err == nil {
		err = w.syncDir(filepath.Dir(rel))
	}
	if err != nil {
		_ = w.root.Remove(temp) // gone already where it was renamed
		if errors.Is(err, fs.ErrExist) {
			return File{}, errs.New(errs.Exists, errExists, errs.P{"path": name})
		}
		return File{}, writeError(name, err)
	}
	return w.Stat(name)
}

// fill makes a new file that is on the disk when it returns.
func (w *Workspace) fill(name string, content []byte, mode fs.FileMode) error {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
