package workspace

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Guard says what may be done with a file, on behalf of whoever the work is
// done for. Paths are those of a Server's one tree of folders: user/data/a.csv.
// It is asked again at each use, since rights change.
type Guard interface {
	MayRead(path string) error
	MayWrite(path string) error
}

var errNoTop = errs.Message{
	ID: "workspace.no_top",
	En: "{path} lies in no workspace. Packages lie in a top folder, or below one.",
	Ru: "{path} не лежит ни в одном рабочем пространстве. Пакеты лежат в папке верхнего уровня или ниже неё.",
}

// OpenIn opens the workspace of the package at path in a Server's tree of
// folders, which lies in the folder tree. The workspace is the top folder that
// the path begins with; each file that is found or put in place is asked
// about.
func OpenIn(tree, path string, guard Guard) (*Workspace, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	parts := strings.Split(path, "/")
	if len(parts) < 2 || slices.Contains(parts, "") || slices.Contains(parts, "..") || slices.Contains(parts, ".") {
		return nil, errs.New(errs.Invalid, errNoTop, errs.P{"path": path})
	}
	w, err := Open(filepath.Join(tree, parts[0]), strings.Join(parts[1:len(parts)-1], "/"))
	if err != nil {
		return nil, err
	}
	w.guard, w.top = guard, parts[0]
	return w, nil
}

// Path is the path of a file that the package names, in the Server's tree.
func (w *Workspace) Path(name string) (string, error) {
	rel, err := w.inside(name)
	if err != nil {
		return "", err
	}
	return w.full(rel), nil
}

func (w *Workspace) full(rel string) string { return w.top + "/" + rel }

func (w *Workspace) mayRead(rel string) error {
	if w.guard == nil {
		return nil
	}
	return w.guard.MayRead(w.full(rel))
}

func (w *Workspace) mayWrite(rel string) error {
	if w.guard == nil {
		return nil
	}
	return w.guard.MayWrite(w.full(rel))
}

// MayPublish says whether a file that the package names may be written, as far
// as rights go.
func (w *Workspace) MayPublish(name string) error {
	rel, err := w.inside(name)
	if err != nil {
		return err
	}
	return w.mayWrite(rel)
}

// readable leaves out the files that are hidden: a pattern does not find them.
func (w *Workspace) readable(names []string) []string {
	return slices.DeleteFunc(names, func(rel string) bool { return w.mayRead(rel) != nil })
}
