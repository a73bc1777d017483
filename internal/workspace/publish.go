package workspace

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
)

// Staged is a finished file that waits to be put in place.
type Staged struct {
	From    string // absolute, made by a worker
	To      string // as the package names it
	Replace bool   // a file that is there is replaced; otherwise it is an error
}

var (
	errExists = errs.Message{
		ID: "workspace.exists",
		En: "{path} is there already. Choose another path, or let it be replaced.",
		Ru: "Файл {path} уже есть. Выберите другой путь или разрешите замену.",
	}
	errWrite = errs.Message{
		ID: "workspace.write",
		En: "{path} cannot be written: {reason}. Nothing was changed.",
		Ru: "Не удаётся записать {path}: {reason}. Ничего не изменено.",
	}
)

// CheckFree refuses an output that may not replace the file that is there.
func (w *Workspace) CheckFree(s Staged) error {
	rel, err := w.inside(s.To)
	if err == nil {
		err = w.mayWrite(rel)
	}
	if err != nil {
		return err
	}
	info, err := w.root.Lstat(filepath.FromSlash(rel))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return writeError(s.To, err)
	case info.IsDir():
		return errs.New(errs.Invalid, errNotRegular, errs.P{"path": s.To})
	case !s.Replace:
		return errs.New(errs.Exists, errExists, errs.P{"path": s.To})
	}
	return nil
}

// move is one file on its way: copied beside its place, then renamed.
type move struct {
	Staged
	rel, temp, old string // relative to the root; old holds what was there
	placed         bool
}

// Publish puts all files in place, or none: each is first copied beside its
// place and made durable, then all are renamed, and the names made durable; if
// one cannot be, those that were are taken back.
func (w *Workspace) Publish(files []Staged) (err error) {
	moves := make([]*move, 0, len(files))
	defer func() {
		for _, m := range moves {
			w.finish(m, err == nil)
		}
	}()
	for _, f := range files {
		m := &move{Staged: f}
		moves = append(moves, m)
		if err := w.stage(m); err != nil {
			return err
		}
	}
	for _, m := range moves {
		if err := w.place(m); err != nil {
			return err
		}
	}
	for _, dir := range folders(moves) {
		if err := w.syncFolder(dir); err != nil {
			return writeError(moves[0].To, err)
		}
	}
	return nil
}

// folders are those whose names have changed: where files were placed, and what
// is above, which may have been made for them.
func folders(moves []*move) []string {
	seen := map[string]bool{}
	for _, m := range moves {
		for dir := filepath.Dir(m.rel); !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (w *Workspace) syncFolder(dir string) error {
	f, err := w.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(syncDir(f), f.Close())
}

// stage brings the file to a temporary name in its own folder.
func (w *Workspace) stage(m *move) error {
	if err := w.CheckFree(m.Staged); err != nil {
		return err
	}
	rel, err := w.inside(m.To)
	if err != nil {
		return err
	}
	dir, token := path.Dir(rel), rand.Text()[:10]
	m.rel = filepath.FromSlash(rel)
	temp := filepath.FromSlash(path.Join(dir, ".weft-"+token+".new"))
	if err := w.root.MkdirAll(filepath.FromSlash(dir), 0o755); err != nil {
		return writeError(m.To, err)
	}
	m.temp = temp
	m.old = filepath.FromSlash(path.Join(dir, ".weft-"+token+".old"))
	return writeError(m.To, w.copyIn(m.From, temp))
}

// errNoFile is of a worker that gives something else in a file's place.
var errNoFile = errors.New("what a worker made is no regular file")

// copyIn copies what a worker made. It lies in the worker's own folder, which
// may hold links to files that are not the worker's, and pipes.
func (w *Workspace) copyIn(from, to string) (err error) {
	src, err := os.OpenFile(from, os.O_RDONLY|nofollow|nonblock, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	if info, err := src.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(errNoFile, err)
	}
	dst, err := w.root.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	if _, err = io.Copy(dst, src); err != nil {
		return err
	}
	return dst.Sync()
}

// place renames the file to its name, keeping what was there aside.
func (w *Workspace) place(m *move) error {
	if !m.Replace {
		// A link, unlike a rename, fails where a file has come in between.
		err := w.root.Link(m.temp, m.rel)
		if errors.Is(err, fs.ErrExist) {
			return errs.New(errs.Exists, errExists, errs.P{"path": m.To})
		}
		m.placed = err == nil
		return writeError(m.To, err)
	}
	if err := w.root.Link(m.rel, m.old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeError(m.To, err)
	}
	err := w.root.Rename(m.temp, m.rel)
	m.placed = err == nil
	return writeError(m.To, err)
}

// finish removes what is temporary; when the whole did not succeed it puts
// back what was there before.
func (w *Workspace) finish(m *move, succeeded bool) {
	if m.temp == "" {
		return
	}
	if m.placed && !succeeded {
		if err := w.root.Rename(m.old, m.rel); errors.Is(err, fs.ErrNotExist) {
			// Nothing was there before, or it is untouched.
			_ = w.root.Remove(m.rel)
		}
	}
	// Both may be gone already, which is what is wanted.
	_ = w.root.Remove(m.temp)
	_ = w.root.Remove(m.old)
}

func writeError(name string, err error) error {
	if err == nil {
		return nil
	}
	reason, kind := errs.Words{En: "the system refuses", Ru: "система отказывает"}, errs.Unavailable
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		reason, kind = errs.Words{En: "the disk is full", Ru: "диск заполнен"}, errs.Exhausted
	case errors.Is(err, fs.ErrPermission):
		reason, kind = errs.Words{En: "it is not permitted", Ru: "нет прав"}, errs.Denied
	case errors.Is(err, fs.ErrNotExist):
		reason = errs.Words{En: "its folder is not there", Ru: "нет такой папки"}
	}
	return errs.New(kind, errWrite, errs.P{"path": name, "reason": reason}).Because(err)
}
