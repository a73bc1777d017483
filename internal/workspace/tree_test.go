//go:build linux

package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/weftworks/weft/internal/errs"
)

// grow makes a tree with files; names that end with a slash are folders.
func grow(t *testing.T, q Quota, files ...string) (*Tree, string) {
	t.Helper()
	dir := t.TempDir()
	tree, err := OpenTree(filepath.Join(dir, "tree"), q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, f := range files {
		path := filepath.Join(dir, "tree", f)
		if strings.HasSuffix(f, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, path, "content of "+f)
	}
	return tree, filepath.Join(dir, "tree")
}

func paths(list []Entry) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Path)
	}
	return out
}

func TestTreeList(t *testing.T) {
	tree, dir := grow(t, Quota{}, "user/b.csv", "user/a.csv", "user/sub/c.csv", "user/.weft-x.new", "other/")
	if err := os.Symlink("a.csv", filepath.Join(dir, "user", "link.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "user", "odd:name"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list, more, err := tree.List("user", "", 10)
	if diff := cmp.Diff([]string{"user/a.csv", "user/b.csv", "user/sub"}, paths(list)); diff != "" || more || err != nil {
		t.Error(diff, more, err)
	}
	list, more, err = tree.List("user", "", 2)
	if len(list) != 2 || !more || err != nil {
		t.Error(list, more, err)
	}
	list, more, err = tree.List("user", "b.csv", 2)
	if diff := cmp.Diff([]string{"user/sub"}, paths(list)); diff != "" || more || err != nil {
		t.Error(diff, more, err)
	}
	if list, _, err = tree.List("", "", 10); err != nil || len(list) != 2 || !list[0].Folder {
		t.Error(list, err)
	}
	if _, _, err := tree.List("user/a.csv", "", 10); errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
}

// No link is followed, wherever it leads, and nothing that could block is
// opened; what is refused is told at once.
func TestTreeFollowsNothing(t *testing.T) {
	tree, dir := grow(t, Quota{}, "user/a.csv", "user/sub/c.csv", "other/secret.csv")
	outside := filepath.Join(dir, "..", "store")
	write(t, outside, "secret")
	for link, to := range map[string]string{
		"user/inside": "a.csv", "user/folder": "sub", "user/neighbour": "../other", "user/out": outside, "user/up": "../..",
		"user/proc": "/proc/self/root", "user/self": "self", "user/passwd": "/etc/passwd", "user/dangling": "none",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(dir, "user/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, name := range []string{
			"user/inside", "user/folder", "user/neighbour", "user/out", "user/up", "user/proc", "user/self", "user/passwd", "user/dangling", "user/pipe",
			"user/folder/c.csv", "user/neighbour/secret.csv", "user/up/store", "user/proc/etc/passwd", "user/sub",
		} {
			if f, _, err := tree.Open(name); err == nil {
				t.Errorf("%s was opened", name)
				f.Close()
			}
			if e, err := tree.Stat(name); err == nil && name != "user/sub" {
				t.Errorf("%s is seen: %v", name, e)
			}
		}
		for _, folder := range []string{"user/folder", "user/neighbour", "user/up", "user/proc/tmp"} {
			if _, _, err := tree.List(folder, "", 10); err == nil {
				t.Errorf("%s was listed", folder)
			}
			if _, err := tree.MakeFolder(folder + "/new"); err == nil {
				t.Errorf("a folder was made in %s", folder)
			}
			if _, err := tree.Write(folder+"/new.csv", []byte("x"), true); err == nil {
				t.Errorf("a file was written in %s", folder)
			}
			if _, err := tree.Rename("user/a.csv", folder+"/a.csv"); err == nil {
				t.Errorf("a file was moved into %s", folder)
			}
			if err := tree.Remove(folder+"/secret.csv", true); err == nil {
				t.Errorf("something in %s was removed", folder)
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("something blocks")
	}
	for _, kept := range []string{outside, filepath.Join(dir, "other/secret.csv"), filepath.Join(dir, "user/a.csv")} {
		if _, err := os.Lstat(kept); err != nil {
			t.Error(err)
		}
	}
}

// A hard link to a file of somebody else is none of ours.
func TestTreeForeignHardLink(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	tree, dir := grow(t, Quota{}, "user/own.csv", "foreign.csv")
	if err := os.Chown(filepath.Join(dir, "foreign.csv"), 12345, -1); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"own.csv", "foreign.csv"} {
		from := filepath.Join(dir, "user", name)
		if name == "foreign.csv" {
			from = filepath.Join(dir, name)
		}
		if err := os.Link(from, filepath.Join(dir, "user", "link-"+name)); err != nil {
			t.Fatal(err)
		}
		f, _, err := tree.Open("user/link-" + name)
		if (err == nil) != (name == "own.csv") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			f.Close()
		}
	}
}

// A folder is swapped for a link again and again, while somebody reads by its
// path: he sees the folder's file or nothing.
func TestTreeRace(t *testing.T) {
	t.Parallel()
	tree, dir := grow(t, Quota{}, "user/sub/a.csv", "other/a.csv")
	if err := os.Symlink("../other", filepath.Join(dir, "user", "trap")); err != nil {
		t.Fatal(err)
	}
	tries := 100_000
	if testing.Short() {
		tries = 5_000
	}
	stop := make(chan struct{})
	var swapping sync.WaitGroup
	swapping.Go(func() {
		sub, trap := filepath.Join(dir, "user", "sub"), filepath.Join(dir, "user", "trap")
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = unix.Renameat2(unix.AT_FDCWD, sub, unix.AT_FDCWD, trap, unix.RENAME_EXCHANGE) // the next one tries again
		}
	})
	seen, refused := 0, 0
	for range tries {
		content, _, err := tree.Read("user/sub/a.csv", 100)
		switch {
		case err != nil:
			refused++
		case string(content) == "content of user/sub/a.csv":
			seen++
		default:
			t.Fatalf("read %q", content)
		}
	}
	close(stop)
	swapping.Wait()
	if seen == 0 || refused == 0 {
		t.Logf("seen %d, refused %d: there was no race", seen, refused)
	}
}

func TestTreeCollisions(t *testing.T) {
	tree, _ := grow(t, Quota{}, "user/Straße.csv", "user/é.csv")
	tests := []struct {
		name string
		kind errs.Kind
	}{
		{"user/STRASSE.csv", errs.Exists}, {"user/straße.CSV", errs.Exists}, {"user/Straße.csv", errs.Exists},
		{"user/É.csv", errs.Exists}, {"user/strase.csv", 0},
	}
	for _, tt := range tests {
		if _, err := tree.MakeFolder(tt.name); (err == nil) != (tt.kind == 0) || err != nil && errs.KindOf(err) != tt.kind {
			t.Errorf("folder %s: %v", tt.name, err)
		}
		if tt.kind == 0 {
			continue
		}
		if _, err := tree.Write(tt.name, nil, false); errs.KindOf(err) != tt.kind {
			t.Errorf("file %s: %v", tt.name, err)
		}
	}
	if _, err := tree.Rename("user/é.csv", "user/É.csv"); err != nil {
		t.Errorf("a file may change its own capitals: %v", err)
	}
	if _, err := tree.Rename("user/É.csv", "user/STRASSE.CSV"); errs.KindOf(err) != errs.Exists {
		t.Error(err)
	}
}

func TestTreeRename(t *testing.T) {
	tree, dir := grow(t, Quota{}, "user/a.csv", "user/sub/b.csv", "other/")
	tests := []struct {
		from, to string
		kind     errs.Kind
		ok       bool
	}{
		{"user/a.csv", "user/sub/b.csv", errs.Exists, false},
		{"user/sub", "user/sub/deeper", errs.Invalid, false},
		{"user/none", "user/x", errs.NotFound, false},
		{"user/a.csv", "user/none/a.csv", errs.NotFound, false},
		{"user/a.csv", "user/sub/", errs.Invalid, false},
		{"user/a.csv", "other/A.csv", 0, true},
		{"user/sub", "other/sub", 0, true},
	}
	for _, tt := range tests {
		e, err := tree.Rename(tt.from, tt.to)
		if tt.ok != (err == nil) || err != nil && errs.KindOf(err) != tt.kind || err == nil && e.Path != tt.to {
			t.Errorf("%s to %s: %v %v", tt.from, tt.to, e, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "other", "sub", "b.csv")); err != nil {
		t.Error(err)
	}
}

func TestTreeRemove(t *testing.T) {
	tree, dir := grow(t, Quota{}, "user/a.csv", "user/sub/b.csv", "other/keep.csv")
	if err := os.Symlink("../../other", filepath.Join(dir, "user/sub/link")); err != nil {
		t.Fatal(err)
	}
	if err := tree.Remove("user/sub", false); errs.KindOf(err) != errs.Conflict {
		t.Error(err)
	}
	if err := tree.Remove("user/none", true); errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
	for _, name := range []string{"user/sub", "user/a.csv"} {
		if err := tree.Remove(name, true); err != nil {
			t.Error(err)
		}
	}
	if list, _, err := tree.List("user", "", 10); len(list) > 0 || err != nil {
		t.Error(list, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "other", "keep.csv")); err != nil {
		t.Error("a link was followed:", err)
	}
}

func TestTreeQuota(t *testing.T) {
	tree, _ := grow(t, Quota{Bytes: 100, Files: 4}, "user/a.csv") // the folder counts too
	if _, err := tree.Write("user/big.csv", make([]byte, 90), false); errs.KindOf(err) != errs.Exhausted {
		t.Error(err)
	}
	if _, err := tree.Write("user/b.csv", make([]byte, 50), false); err != nil {
		t.Error(err)
	}
	if _, err := tree.MakeFolder("user/c"); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		func() error { _, err := tree.MakeFolder("user/d"); return err }(),
		func() error { _, err := tree.Write("user/d.csv", nil, false); return err }(),
	} {
		if errs.KindOf(err) != errs.Exhausted {
			t.Error(err)
		}
	}
	if _, err := tree.Write("user/b.csv", make([]byte, 40), true); err != nil {
		t.Error("a file may be replaced by a smaller one:", err)
	}
	if err := tree.Remove("user/a.csv", false); err != nil {
		t.Error(err)
	}
	if _, err := tree.MakeFolder("user/d"); err != nil {
		t.Error("room was not given back:", err)
	}
}
