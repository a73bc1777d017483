package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func openTree(t *testing.T, files ...string) (*Tree, string) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		write(t, filepath.Join(dir, f), "content of "+f)
	}
	tree, err := OpenTree(dir, Quota{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
	})
	return tree, dir
}

func TestTreeReads(t *testing.T) {
	tree, dir := openTree(t, "u/a.csv", "u/sub/b.csv")
	for link, to := range map[string]string{"u/link": "a.csv", "u/folder": "sub"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "u", "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		kind       errs.Kind // Internal: none
	}{
		{"a file", "u/a.csv", 0},
		{"a link", "u/link", errs.Unreadable},
		{"behind a link", "u/folder/b.csv", errs.NotFound},
		{"a folder", "u/sub", errs.Unreadable},
		{"a pipe", "u/fifo", errs.Unreadable},
		{"nothing", "u/none", errs.NotFound},
		{"outside", "../x", errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, e, err := tree.Read(tt.path, 100)
			if (err != nil) != (tt.kind != 0) || err != nil && errs.KindOf(err) != tt.kind {
				t.Fatalf("%v, want kind %v", err, tt.kind)
			}
			if err == nil && (string(content) != "content of u/a.csv" || e.Size != int64(len(content))) {
				t.Errorf("%q %v", content, e)
			}
			if _, werr := tree.Write(tt.path, []byte("x"), true); err != nil && tt.kind != errs.NotFound && werr == nil {
				t.Error("written")
			}
		})
	}
	if _, _, err := tree.Read("u/sub/b.csv", 5); errs.KindOf(err) != errs.Unreadable {
		t.Error("too large a file:", err)
	}
}

func TestTreeWrites(t *testing.T) {
	tree, dir := openTree(t, "u/a.csv")
	if err := os.Chmod(filepath.Join(dir, "u", "a.csv"), 0o640); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]errs.Kind{"u/a.csv": errs.Exists, "u/A.csv": errs.Exists, "missing/a.csv": errs.NotFound} {
		if _, err := tree.Write(name, []byte("x"), false); errs.KindOf(err) != kind {
			t.Error(name, err)
		}
	}
	for _, name := range []string{"u/a.csv", "u/b.csv"} {
		e, err := tree.Write(name, []byte("new"), true)
		if err != nil || e.Size != 3 {
			t.Fatal(e, err)
		}
		content, again, err := tree.Read(name, 100)
		if err != nil || string(content) != "new" || again.Fingerprint != e.Fingerprint {
			t.Errorf("%q %v %v", content, again, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "u", "a.csv")); err != nil || info.Mode().Perm() != 0o640 {
		t.Error(info.Mode(), err)
	}
	if _, err := tree.Write("u/c.csv", []byte("c"), false); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "u", ".weft-*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

// What somebody else writes over a file is never taken for what was written
// here, however soon it comes.
func TestTreeWriteIsToldFromOthers(t *testing.T) {
	tree, dir := openTree(t, "u/a.csv")
	file := filepath.Join(dir, "u", "a.csv")
	for i := range 30 {
		own, theirs := fmt.Sprint("own ", i), fmt.Sprint("theirs ", i)
		written := make(chan error)
		go func() {
			for {
				if text, err := os.ReadFile(file); err != nil || string(text) == own {
					written <- os.WriteFile(file, []byte(theirs), 0o600)
					return
				}
			}
		}()
		e, err := tree.Write("u/a.csv", []byte(own), true)
		if err := errors.Join(err, <-written); err != nil {
			t.Fatal(err)
		}
		if now, err := tree.Stat("u/a.csv"); err != nil || now.Fingerprint == e.Fingerprint {
			t.Fatalf("round %d: %v %v", i, now, err)
		}
		if _, err := tree.WriteOver("u/a.csv", []byte("again"), e.Fingerprint); errs.KindOf(err) != errs.Conflict {
			t.Fatalf("round %d: written over: %v", i, err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteOver("u/a.csv", []byte("again"), "gone"); errs.KindOf(err) != errs.Conflict {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "u", "*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestTreeWriteKeepsToTheQuota(t *testing.T) {
	tree, _ := openTree(t, "u/a.csv")
	tree.quota = Quota{Bytes: 30, Files: 4}
	if _, err := tree.Write("u/b.csv", make([]byte, 20), false); errs.KindOf(err) != errs.Exhausted {
		t.Error(err)
	}
	if _, err := tree.Write("u/a.csv", make([]byte, 25), true); err != nil {
		t.Error(err)
	}
}
