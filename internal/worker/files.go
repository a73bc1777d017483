package worker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
)

// openRead opens a regular file that lies in the run's folder or in what may
// be read. It goes through os.Root, so that a link cannot lead out, not even
// one that is changed at the same moment.
func openRead(s Setup, name string) (*os.File, error) {
	for _, dir := range append([]string{s.Dir}, s.Reads...) {
		rel, ok := within(dir, name)
		if !ok {
			continue
		}
		if rel == "." { // a single file is what may be read
			dir, rel = filepath.Split(name)
		}
		f, err := openInRoot(dir, rel, os.O_RDONLY|syscall.O_NONBLOCK) // a FIFO must not hold the worker
		if err != nil {
			return nil, fileError(err, name, msgRead)
		}
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil, errors.Join(errs.New(errs.Unreadable, msgRead, errs.P{"name": filepath.Base(name)}).Because(err), f.Close())
		}
		return f, nil
	}
	return nil, errs.New(errs.Denied, msgOutside, errs.P{"name": filepath.Base(name)})
}

// create makes or empties a file in the run's folder.
func create(s Setup, name string) (*os.File, error) {
	rel, ok := within(s.Dir, name)
	if !ok || rel == "." {
		return nil, errs.New(errs.Denied, msgOutside, errs.P{"name": filepath.Base(name)})
	}
	f, err := openInRoot(s.Dir, rel, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return nil, fileError(err, name, msgWrite)
	}
	return f, nil
}

func openInRoot(dir, rel string, flag int) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.OpenFile(rel, flag, 0o600)
}

// within returns name relative to dir; both are absolute.
func within(dir, name string) (string, bool) {
	rel, err := filepath.Rel(dir, name)
	if err != nil || !filepath.IsAbs(name) || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return rel, true
}

// fileError words what the operating system said of a file; otherwise is the
// message where nothing more exact is known.
func fileError(err error, name string, otherwise errs.Message) error {
	params := errs.P{"name": filepath.Base(name)}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.NotFound, msgNoFile, params).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return errs.New(errs.Denied, otherwise, params).Because(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.New(errs.Exhausted, msgDiskFull, params).Because(err)
	}
	return errs.New(errs.Unreadable, otherwise, params).Because(err)
}
