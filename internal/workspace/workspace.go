// Package workspace is a person's folder of packages and files: finding the
// files that a package names, and putting its outputs in place, all or none.
//
// Everything goes through os.Root, so that neither ".." nor a symbolic link
// leads out. It knows no engine and reads no content.
package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Workspace is an open workspace, seen from one package's folder.
type Workspace struct {
	root  *os.Root
	dir   string // absolute, without symbolic links
	base  string // the package's folder, relative to dir, "." for dir itself
	guard Guard  // nil: whoever opened it may all
	top   string // what paths begin with that the guard is asked about
}

// File is a file of a workspace with its fingerprint.
type File struct {
	Path string // as a package names it
	Size int64  // bytes
	Time int64  // of its last modification, nanoseconds
}

var (
	errOpen = errs.Message{
		ID: "workspace.open",
		En: "The folder {path} cannot be opened.",
		Ru: "Не удаётся открыть папку {path}.",
	}
	errOutside = errs.Message{
		ID: "workspace.outside",
		En: "{path} lies outside the workspace. Only files in it can be used.",
		Ru: "{path} лежит вне рабочей папки. Использовать можно только файлы в ней.",
	}
	errMissing = errs.Message{
		ID: "workspace.missing",
		En: "There is no file {path}. {suggest}",
		Ru: "Файла {path} нет. {suggest}",
	}
	errNoMatch = errs.Message{
		ID: "workspace.no_match",
		En: "No file matches {path}.",
		Ru: "Ни один файл не подходит под {path}.",
	}
	errNotRegular = errs.Message{
		ID: "workspace.not_regular",
		En: "{path} is a folder or a device, not a file.",
		Ru: "{path} — папка или устройство, а не файл.",
	}
	errUnreadable = errs.Message{
		ID: "workspace.unreadable",
		En: "{path} cannot be read.",
		Ru: "{path} не читается.",
	}
	errName = errs.Message{
		ID: "workspace.name",
		En: "{path} cannot be used as a path: {reason}.",
		Ru: "{path} не годится как путь: {reason}.",
	}
)

// Open opens the workspace dir for a package in its folder base (relative to
// dir, "" for dir itself).
func Open(dir, base string) (*Workspace, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(abs)
	}
	if err != nil {
		return nil, errs.New(kindOf(err), errOpen, errs.P{"path": dir}).Because(err)
	}
	return &Workspace{root: root, dir: abs, base: path.Clean(filepath.ToSlash(base))}, nil
}

// Dir is the workspace's folder, absolute and without symbolic links.
func (w *Workspace) Dir() string { return w.dir }

// Close closes the workspace.
func (w *Workspace) Close() error { return w.root.Close() }

// Real returns the absolute path of a file that a package names. It does not
// say that the file is there.
func (w *Workspace) Real(name string) (string, error) {
	rel, err := w.inside(name)
	if err != nil {
		return "", err
	}
	return filepath.Join(w.dir, filepath.FromSlash(rel)), nil
}

// inside turns a package's path into one relative to the workspace.
func (w *Workspace) inside(name string) (string, error) {
	if err := checkPath(name); err != nil {
		return "", err
	}
	rel := path.Join(w.base, name)
	if rooted, ok := strings.CutPrefix(name, "/"); ok {
		rel = path.Clean(strings.TrimLeft(rooted, "/"))
	}
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return "", errs.New(errs.Denied, errOutside, errs.P{"path": name})
	}
	return rel, nil
}

// Find returns the files that a path or a pattern (* ? [a-z], not across
// folders) names, sorted by name: at least one, or an error of kind NotFound,
// Denied or Unreadable.
func (w *Workspace) Find(pattern string) ([]File, error) {
	rel, err := w.inside(pattern)
	if err != nil {
		return nil, err
	}
	names := []string{rel}
	if strings.ContainsAny(pattern, "*?[") {
		// An odd pattern matches nothing, which is told below.
		names, _ = fs.Glob(w.root.FS(), rel)
		if names = w.readable(names); len(names) == 0 {
			return nil, errs.New(errs.NotFound, errNoMatch, errs.P{"path": pattern})
		}
	} else if err := w.mayRead(rel); err != nil {
		return nil, err
	}
	var out []File
	for _, name := range names {
		shown := w.shown(pattern, rel, name)
		f, err := w.stat(name, shown)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// shown spells a match in the way of the pattern it came from.
func (w *Workspace) shown(pattern, rel, name string) string {
	if name == rel {
		return pattern
	}
	if strings.HasPrefix(pattern, "/") || w.base == "." {
		return strings.Repeat("/", min(1, len(pattern)-len(strings.TrimLeft(pattern, "/")))) + name
	}
	if inBase, ok := strings.CutPrefix(name, w.base+"/"); ok {
		return inBase
	}
	return "/" + name
}

func (w *Workspace) stat(name, shown string) (File, error) {
	info, err := w.root.Stat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return File{}, errs.New(errs.NotFound, errMissing, errs.P{"path": shown, "suggest": w.similar(name)})
	case err != nil && !errors.Is(err, fs.ErrPermission):
		// os.Root refuses what leads out with an error of no class.
		return File{}, errs.New(errs.Denied, errOutside, errs.P{"path": shown}).Because(err)
	case err != nil:
		return File{}, errs.New(errs.Unreadable, errUnreadable, errs.P{"path": shown}).Because(err)
	case !info.Mode().IsRegular():
		return File{}, errs.New(errs.Unreadable, errNotRegular, errs.P{"path": shown})
	}
	f, err := w.root.Open(filepath.FromSlash(name))
	if err != nil {
		return File{}, errs.New(errs.Unreadable, errUnreadable, errs.P{"path": shown}).Because(err)
	}
	return File{Path: shown, Size: info.Size(), Time: info.ModTime().UnixNano()}, f.Close()
}

// similar suggests a file of the same folder.
func (w *Workspace) similar(name string) errs.Words {
	entries, err := fs.ReadDir(w.root.FS(), path.Dir(name))
	if err != nil {
		return errs.Words{}
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return errs.Suggest(path.Base(name), names)
}

func kindOf(err error) errs.Kind {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.NotFound
	case errors.Is(err, fs.ErrPermission):
		return errs.Unreadable
	default:
		return errs.Unavailable
	}
}
