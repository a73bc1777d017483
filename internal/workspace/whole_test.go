package workspace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func TestWholeFiles(t *testing.T) {
	w, dir := open(t, "pkg/a.csv", "pkg/sub/b.csv")
	for link, to := range map[string]string{"pkg/link": "a.csv", "pkg/folder": "sub"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pkg", "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		kind       errs.Kind // Internal: none
	}{
		{"a file", "a.csv", 0},
		{"from the root", "/pkg/a.csv", 0},
		{"a link", "link", errs.Denied},
		{"behind a link", "folder/b.csv", errs.Denied},
		{"a folder", "sub", errs.Unreadable},
		{"a pipe", "fifo", errs.Unreadable},
		{"nothing", "none", errs.NotFound},
		{"outside", "../../x", errs.Denied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content, file, err := w.Read(tt.path, 100)
			if (err != nil) != (tt.kind != 0) || err != nil && errs.KindOf(err) != tt.kind {
				t.Fatalf("%v, want kind %v", err, tt.kind)
			}
			stat, err2 := w.Stat(tt.path)
			if stat != file || (err2 == nil) != (err == nil) {
				t.Errorf("stat says %v %v, reading %v %v", stat, err2, file, err)
			}
			if err == nil && (string(content) != "content of pkg/a.csv" || file.Size != int64(len(content))) {
				t.Errorf("%q %v", content, file)
			}
			if tt.kind != errs.Denied {
				return
			}
			if _, err := w.Replace(tt.path, []byte("new")); errs.KindOf(err) != errs.Denied {
				t.Errorf("written: %v", err)
			}
		})
	}
	if _, _, err := w.Read("sub/b.csv", 5); errs.KindOf(err) != errs.Unreadable {
		t.Error("too large a file:", err)
	}
}

func TestCreateAndReplace(t *testing.T) {
	w, dir := open(t, "pkg/a.csv")
	if err := os.Chmod(filepath.Join(dir, "pkg", "a.csv"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Create("a.csv", []byte("x")); errs.KindOf(err) != errs.Exists {
		t.Error(err)
	}
	if _, err := w.Create("missing/a.csv", []byte("x")); err == nil {
		t.Error("made in a folder that is not there")
	}
	for _, name := range []string{"a.csv", "b.csv"} {
		file, err := w.Replace(name, []byte("new"))
		if err != nil || file.Size != 3 {
			t.Fatal(file, err)
		}
		content, again, err := w.Read(name, 100)
		if err != nil || string(content) != "new" || again != file {
			t.Errorf("%q %v %v", content, again, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "pkg", "a.csv")); err != nil || info.Mode().Perm() != 0o640 {
		t.Error(info.Mode(), err)
	}
	if _, err := w.Create("c.csv", []byte("c")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "pkg", ".weft-*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{
		"user/a.weft": true, "Проект/рейсы.weft": true, "a": true,
		"/a": false, "a/../b": false, "..": false, "./a": false, "a/": false, "a//b": false, "": false, "a?": false, "a*b": false,
		"CON.weft": false, "a/lpt1": false, "a.": false, " a": false, "a\x00": false, "a\u202eb": false, "C:\\x": false,
	} {
		if err := CheckName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}
