//go:build unix

package workspace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

// A pipe is no file, and looking for it waits for nobody.
func TestPipe(t *testing.T) {
	w, dir := open(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "pkg", "pipe.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Find("pipe.csv"); errs.KindOf(err) != errs.Unreadable {
		t.Errorf("got %v", err)
	}
}

// A worker may give a link or a pipe in the place of a file: nothing of what it
// leads to is put in place, and nobody waits for it.
func TestPublishTakesFilesAlone(t *testing.T) {
	w, dir := open(t, "pkg/a.csv")
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "secret")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(secret, link); err != nil {
		t.Skip(err)
	}
	fifo := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"a link": link, "a pipe": fifo, "a folder": t.TempDir()} {
		if err := w.Publish([]Staged{{From: from, To: "x.csv"}}); err == nil {
			t.Error(name, "was put in place")
		}
		if _, err := os.Lstat(filepath.Join(dir, "pkg/x.csv")); !os.IsNotExist(err) {
			t.Error(name, "left something", err)
		}
	}
}
