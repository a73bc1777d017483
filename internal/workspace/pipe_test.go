//go:build unix

package workspace

import (
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
