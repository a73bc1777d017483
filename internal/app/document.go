package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/store/kept"
	"github.com/weftworks/weft/internal/workspace"
)

var (
	errNoPackage = errs.Message{
		ID: "app.no_package",
		En: "There is no package {path}. {suggest}",
		Ru: "Пакета {path} нет. {suggest}",
	}
	errPackageUnreadable = errs.Message{
		ID: "app.package_unreadable",
		En: "The package {path} cannot be read: {reason}.",
		Ru: "Не удаётся прочитать пакет {path}: {reason}.",
	}
	errPackageTooLarge = errs.Message{
		ID: "app.package_too_large",
		En: "{path} is larger than {limit} MiB, which is more than a package may be. Is it a package at all?",
		Ru: "Файл {path} больше {limit} МиБ, а это больше, чем допускается для пакета. Точно ли это пакет?",
	}
	errNotInWorkspace = errs.Message{
		ID: "app.not_in_workspace",
		En: "The package {path} is not in the workspace {workspace}.",
		Ru: "Пакет {path} лежит вне рабочей папки {workspace}.",
	}
)

// maxPackage bounds a package file, in bytes.
const maxPackage = 64 << 20

// keptLimit bounds the kept results of one package, in bytes.
const keptLimit = 20 << 30

// Document is a package with the folders it works in.
type Document struct {
	Path  string // as it was given
	Pack  *pack.Package
	Files *workspace.Workspace
	Kept  run.Kept // nil: results cannot be kept here
}

// ReadFile reads a package's text. Errors are of kind NotFound or Unreadable.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errs.New(errs.NotFound, errNoPackage, errs.P{"path": path, "suggest": similar(path)}).Because(err)
	case err != nil:
		return nil, unreadable(path, err)
	case info.IsDir():
		return nil, unreadable(path, errIsFolder)
	case info.Size() > maxPackage:
		return nil, errs.New(errs.Unreadable, errPackageTooLarge, errs.P{"path": path, "limit": maxPackage >> 20})
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return src, nil
}

var errIsFolder = errors.New("it is a folder")

func unreadable(path string, err error) error {
	reason := errs.Words{En: "the system refuses", Ru: "система отказывает"}
	switch {
	case errors.Is(err, errIsFolder):
		reason = errs.Words{En: "it is a folder", Ru: "это папка"}
	case errors.Is(err, fs.ErrPermission):
		reason = errs.Words{En: "it is not permitted", Ru: "нет прав"}
	}
	return errs.New(errs.Unreadable, errPackageUnreadable, errs.P{"path": path, "reason": reason}).Because(err)
}

// similar suggests a package of the same folder.
func similar(path string) errs.Words {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.weft"))
	if err != nil {
		return errs.Words{}
	}
	return errs.Suggest(path, found)
}

// OpenDocument reads the package at path and opens its workspace: dir, or the
// package's folder where dir is empty. It must be closed.
func OpenDocument(path, dir string, log *slog.Logger) (*Document, error) {
	d, wrong, err := InspectDocument(path, dir, log)
	if err == nil && wrong != nil {
		return nil, errors.Join(wrong, d.Close())
	}
	return d, err
}

// InspectDocument is OpenDocument for checkers: what is wrong with the file's
// text is returned apart, beside what could be read of it (see pack.Inspect).
// Where nothing could, it is the error.
func InspectDocument(path, dir string, log *slog.Logger) (d *Document, wrong, err error) {
	src, err := ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	p, wrong := pack.Inspect(src, path)
	if p == nil {
		return nil, nil, wrong
	}
	d, err = NewDocument(p, path, dir, log)
	return d, wrong, err
}

// NewDocument is OpenDocument for a package that is in memory; path is where
// it stands, or will.
func NewDocument(p *pack.Package, path, dir string, log *slog.Logger) (*Document, error) {
	if dir == "" {
		dir = filepath.Dir(path)
	}
	base, err := baseIn(path, dir)
	if err != nil {
		return nil, err
	}
	files, err := workspace.Open(dir, base)
	if err != nil {
		return nil, err
	}
	d := &Document{Path: path, Pack: p, Files: files}
	if store, err := openKept(path); err == nil {
		d.Kept = store
	} else if log != nil {
		log.Warn("results are not kept", "error", err)
	}
	return d, nil
}

// baseIn is the package's folder relative to the workspace.
func baseIn(path, dir string) (string, error) {
	folder, err1 := realDir(filepath.Dir(path))
	root, err2 := realDir(dir)
	if err := errors.Join(err1, err2); err != nil {
		// Opening the workspace tells what is wrong with it.
		return "", nil
	}
	base, err := filepath.Rel(root, folder)
	if err != nil || base == ".." || strings.HasPrefix(base, ".."+string(filepath.Separator)) {
		return "", errs.New(errs.Denied, errNotInWorkspace, errs.P{"path": path, "workspace": dir})
	}
	return filepath.ToSlash(base), nil
}

func realDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// openKept opens the store of the package's results: in the user's cache
// folder, or in the one that WEFT_CACHE_DIR names.
func openKept(path string) (*kept.Store, error) {
	root := os.Getenv("WEFT_CACHE_DIR")
	if root == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, err
		}
		root = filepath.Join(cache, "weft")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(abs))
	return kept.Open(filepath.Join(root, "packages", hex.EncodeToString(sum[:])[:32]), keptLimit)
}

// Close closes the workspace.
func (d *Document) Close() error { return d.Files.Close() }
