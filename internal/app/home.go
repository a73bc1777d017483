package app

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// newHome copies the examples into the local user's folder, when that is not
// there yet; Studio then opens with the first package of them.
func (l *Local) newHome() error {
	home := filepath.Join(l.server.Folder(), "workspace", LocalUser)
	if _, err := os.Lstat(home); err == nil || l.cfg.Examples == nil {
		return l.server.Tree().EnsureTop(LocalUser)
	}
	// Whole or not at all: a start that is cut short copies them again.
	fresh := filepath.Join(l.server.Folder(), "examples.new")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := copyFolder(fresh, l.cfg.Examples); err != nil {
		return fmt.Errorf("copy the examples: %w", err)
	}
	if err := os.Rename(fresh, home); err != nil {
		return err
	}
	if packages, err := fs.Glob(l.cfg.Examples, "*.weft"); err == nil && len(packages) > 0 {
		l.welcome = "/open/" + url.PathEscape(LocalUser) + "/" + url.PathEscape(packages[0])
	}
	return nil
}

// copyFolder copies files and folders; names that begin with a dot are left
// out.
func copyFolder(to string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, filepath.FromSlash(name))
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Name()[0] == '.':
			return nil
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}
