package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func TestOpenDocument(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("WEFT_CACHE_DIR", filepath.Join(dir, "cache"))
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("in/good.weft", "weft: 1\n")
	write("in/a.csv", "x\n")
	write("out/b.csv", "x\n")
	tests := []struct {
		name, path, workspace string
		kind                  errs.Kind
		ok                    bool
	}{
		{"its own folder", good, "", 0, true},
		{"a workspace above", good, dir, 0, true},
		{"another workspace", good, filepath.Join(dir, "out"), errs.Denied, false},
		{"no such workspace", good, filepath.Join(dir, "none"), errs.NotFound, false},
		{"no such package", filepath.Join(dir, "in/none.weft"), "", errs.NotFound, false},
		{"a folder", filepath.Join(dir, "in"), "", errs.Unreadable, false},
		{"no package", write("in/bad.weft", "x"), "", errs.Invalid, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := OpenDocument(tt.path, tt.workspace, nil)
			if err != nil {
				if tt.ok || errs.KindOf(err) != tt.kind {
					t.Errorf("got %v", err)
				}
				return
			}
			defer d.Close()
			if !tt.ok {
				t.Fatal("it was opened")
			}
			if _, err := d.Files.Find("a.csv"); err != nil {
				t.Errorf("paths are not those of the package's folder: %v", err)
			}
			if d.Kept == nil {
				t.Error("results cannot be kept")
			}
		})
	}
}

// A store of one package is no other's.
func TestKeptResultsArePrivateToAPackage(t *testing.T) {
	t.Setenv("WEFT_CACHE_DIR", t.TempDir())
	a, err := openKept("a.weft")
	if err != nil {
		t.Fatal(err)
	}
	b, err := openKept("b.weft")
	if err != nil {
		t.Fatal(err)
	}
	if a.Dir() == b.Dir() {
		t.Error("two packages share a store")
	}
}
