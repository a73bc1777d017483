package workspace

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

// open makes a workspace with files; the package lies in its folder "pkg".
func open(t *testing.T, files ...string) (*Workspace, string) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range append(files, "pkg/p.weft") {
		write(t, filepath.Join(dir, f), "content of "+f)
	}
	w, err := Open(dir, "pkg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	w, dir := open(t, "pkg/a.csv", "pkg/b.csv", "pkg/sub/c.csv", "top.csv", "outer.txt")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "pkg", "link.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/proc/self/root", filepath.Join(dir, "pkg", "root")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, pattern string
		want          []string
		kind          errs.Kind
	}{
		{"a file", "a.csv", []string{"a.csv"}, 0},
		{"below", "sub/c.csv", []string{"sub/c.csv"}, 0},
		{"from the root", "/top.csv", []string{"/top.csv"}, 0},
		{"the folder above, inside", "../top.csv", []string{"../top.csv"}, 0},
		{"a pattern", "[ab].csv", []string{"a.csv", "b.csv"}, 0},
		{"a pattern from the root", "/*.csv", []string{"/top.csv"}, 0},
		{"a pattern above", "../*.csv", []string{"/top.csv"}, 0},
		{"out of the workspace", "../../x.csv", nil, errs.Denied},
		{"out by the root", "/../x.csv", nil, errs.Denied},
		{"a link that leads out", "link.csv", nil, errs.Denied},
		{"a folder", "sub", nil, errs.Unreadable},
		{"the root by a link", "root/etc/passwd", nil, errs.Denied},
		{"no file", "aa.csv", nil, errs.NotFound},
		{"no match", "*.parquet", nil, errs.NotFound},
		{"a device's name", "CON.csv", nil, errs.Invalid},
		{"a control character", "a\x01.csv", nil, errs.Invalid},
		{"a backslash", `sub\c.csv`, nil, errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := w.Find(tt.pattern)
			var got []string
			for _, f := range files {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%v: %s", err, diff)
			}
			if tt.want == nil && errs.KindOf(err) != tt.kind {
				t.Errorf("kind %v, want %v: %v", errs.KindOf(err), tt.kind, err)
			}
			for _, f := range files {
				if _, err := w.Find(f.Path); err != nil {
					t.Errorf("%s is not found again: %v", f.Path, err)
				}
			}
		})
	}
}

// The names of all folders that a publication changes are made durable, those
// that were made for it too.
func TestPublishedFolders(t *testing.T) {
	moves := []*move{{rel: "pkg/x.csv"}, {rel: "pkg/new/deep/y.csv"}, {rel: "z.csv"}}
	if diff := cmp.Diff([]string{".", "pkg", "pkg/new", "pkg/new/deep"}, folders(moves)); diff != "" {
		t.Error(diff)
	}
}

func TestPublish(t *testing.T) {
	tests := []struct {
		name  string
		files []Staged
		want  map[string]string // path → content afterwards; "" is not there
		kind  errs.Kind         // of the error; Internal: none
	}{
		{"new files", []Staged{{To: "x.csv"}, {To: "new/y.csv"}},
			map[string]string{"pkg/x.csv": "staged 0", "pkg/new/y.csv": "staged 1"}, 0},
		{"replaced", []Staged{{To: "a.csv", Replace: true}}, map[string]string{"pkg/a.csv": "staged 0"}, 0},
		{"one that exists stops all", []Staged{{To: "a.csv", Replace: true}, {To: "x.csv"}, {To: "b.csv"}},
			map[string]string{"pkg/a.csv": "content of pkg/a.csv", "pkg/x.csv": "", "pkg/b.csv": "content of pkg/b.csv"}, errs.Exists},
		{"one outside stops all", []Staged{{To: "x.csv"}, {To: "../../y.csv"}}, map[string]string{"pkg/x.csv": ""}, errs.Denied},
		{"one that cannot be placed takes all back", []Staged{{To: "a.csv", Replace: true}, {To: "x.csv"}, {To: "x.csv"}},
			map[string]string{"pkg/a.csv": "content of pkg/a.csv", "pkg/x.csv": ""}, errs.Exists},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, dir := open(t, "pkg/a.csv", "pkg/b.csv")
			for i := range tt.files {
				tt.files[i].From = filepath.Join(t.TempDir(), "f")
				write(t, tt.files[i].From, "staged "+string(rune('0'+i)))
			}
			err := w.Publish(tt.files)
			if (err != nil) != (tt.kind != 0) || err != nil && errs.KindOf(err) != tt.kind {
				t.Fatalf("error %v, want kind %v", err, tt.kind)
			}
			for path, want := range tt.want {
				got, _ := os.ReadFile(filepath.Join(dir, path))
				if string(got) != want {
					t.Errorf("%s holds %q, want %q", path, got, want)
				}
			}
			left, err := filepath.Glob(filepath.Join(dir, "*", ".weft-*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}
