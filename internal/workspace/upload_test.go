package workspace

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
)

func uploads(t *testing.T, q Quota, files ...string) (*Uploads, *Tree, string) {
	t.Helper()
	dir := t.TempDir()
	tree, err := OpenTree(filepath.Join(dir, "tree"), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		write(t, filepath.Join(dir, "tree", f), "content of "+f)
	}
	u := again(t, dir, tree)
	t.Cleanup(func() { tree.Close() })
	return u, tree, dir
}

func again(t *testing.T, dir string, tree *Tree) *Uploads {
	t.Helper()
	u, err := OpenUploads(filepath.Join(dir, "uploads"), tree)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	return u
}

// A file that is sent in pieces of any size, some twice, some too early, and
// over restarts, arrives as it is.
func TestUploadProperty(t *testing.T) {
	u, tree, dir := uploads(t, Quota{}, "user/other.csv")
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		content := rapid.SliceOfN(rapid.Byte(), 0, 2000).Draw(r, "content")
		up, err := u.Begin(Upload{Owner: "a1", Client: rapid.StringMatching(`[a-z]{64}`).Draw(r, "client"), Path: "user/f.bin", Size: int64(len(content)), Replace: true})
		if err != nil {
			r.Fatal(err)
		}
		offset := int64(0)
		for offset < up.Size {
			from := rapid.Int64Range(0, up.Size).Draw(r, "from")
			to := rapid.Int64Range(from, up.Size).Draw(r, "to")
			got, err := u.Append("a1", up.ID, from, content[from:to])
			switch {
			case from > offset && errs.KindOf(err) != errs.Conflict:
				r.Fatal("a gap was taken", err)
			case from <= offset:
				offset = max(offset, to)
			}
			if got != offset {
				r.Fatal(got, offset, err)
			}
			if rapid.Bool().Draw(r, "restart") {
				u = again(t, dir, tree)
			}
		}
		sum := sha256.Sum256(content)
		if _, err := u.Commit("a1", up.ID, sum[:]); err != nil {
			r.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "tree", "user", "f.bin"))
		if err != nil || !bytes.Equal(got, content) {
			r.Fatal("something else arrived", err)
		}
	})
}

func TestUploadRefusals(t *testing.T) {
	u, _, dir := uploads(t, Quota{Bytes: 1000}, "user/there.csv")
	good := Upload{Owner: "a1", Client: "c1", Path: "user/new.csv", Size: 4}
	begins := []struct {
		name   string
		change func(*Upload)
		kind   errs.Kind
	}{
		{"no id", func(n *Upload) { n.Client = "" }, errs.Invalid},
		{"a long id", func(n *Upload) { n.Client = string(make([]byte, 65)) }, errs.Invalid},
		{"no size", func(n *Upload) { n.Size = -1 }, errs.Invalid},
		{"no name", func(n *Upload) { n.Path = "" }, errs.Invalid},
		{"a way out", func(n *Upload) { n.Path = "user/../x" }, errs.Invalid},
		{"a device", func(n *Upload) { n.Path = "user/CON.csv" }, errs.Invalid},
		{"no folder", func(n *Upload) { n.Path = "user/none/x.csv" }, errs.NotFound},
		{"there already", func(n *Upload) { n.Path = "user/there.csv" }, errs.Exists},
		{"there in capitals", func(n *Upload) { n.Path, n.Replace = "user/THERE.csv", true }, errs.Exists},
		{"a folder", func(n *Upload) { n.Path, n.Replace = "user", true }, errs.Invalid},
		{"too much", func(n *Upload) { n.Size = 2000 }, errs.Exhausted},
	}
	for _, tt := range begins {
		n := good
		tt.change(&n)
		if _, err := u.Begin(n); errs.KindOf(err) != tt.kind || err == nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	up, err := u.Begin(good)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := u.Begin(good); err != nil || same.ID != up.ID {
		t.Error("it was not found again:", same, err)
	}
	if other, err := u.Begin(Upload{Owner: "a2", Client: "c1", Path: "user/new.csv", Size: 4}); err != nil || other.ID == up.ID {
		t.Error("another's is one's own:", other, err)
	}
	changed := good
	changed.Size = 5
	calls := map[string]struct {
		err  error
		kind errs.Kind
	}{
		"begun otherwise": {second(u.Begin(changed)), errs.Conflict},
		"not whole":       {second(u.Commit("a1", up.ID, nil)), errs.Conflict},
		"a gap":           {second(u.Append("a1", up.ID, 1, []byte("x"))), errs.Conflict},
		"before all":      {second(u.Append("a1", up.ID, -1, []byte("x"))), errs.Conflict},
		"too long":        {second(u.Append("a1", up.ID, 0, []byte("12345"))), errs.Invalid},
		"another's":       {second(u.Append("a2", up.ID, 0, []byte("1"))), errs.NotFound},
		"another's state": {second(u.Get("a2", up.ID)), errs.NotFound},
		"another's end":   {second(u.Commit("a2", up.ID, nil)), errs.NotFound},
		"nobody's":        {second(u.Get("a1", "0123")), errs.NotFound},
		"a path for id":   {second(u.Get("a1", "../tree/user/there")), errs.NotFound},
	}
	for name, c := range calls {
		if errs.KindOf(c.err) != c.kind || c.err == nil {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if _, err := u.Append("a1", up.ID, 0, []byte("1234")); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Commit("a1", up.ID, make([]byte, 32)); errs.KindOf(err) != errs.Conflict {
		t.Error("a wrong checksum is taken:", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tree/user/new.csv")); err == nil {
		t.Error("it stands there before it is committed")
	}
	for range 2 { // the first answer may have been lost
		if e, err := u.Commit("a1", up.ID, nil); err != nil || e.Size != 4 {
			t.Error(e, err)
		}
	}
}

func second[A any](_ A, err error) error { return err }

// A file that comes in meanwhile is not replaced unasked.
func TestUploadMeetsAnother(t *testing.T) {
	u, tree, _ := uploads(t, Quota{}, "user/x.csv")
	up, err := u.Begin(Upload{Owner: "a1", Client: "c", Path: "user/new.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Write("user/new.csv", []byte("theirs"), false); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Commit("a1", up.ID, nil); errs.KindOf(err) != errs.Exists {
		t.Error(err)
	}
	if text, _, err := tree.Read("user/new.csv", 100); err != nil || string(text) != "theirs" {
		t.Error(string(text), err)
	}
}

func TestUploadSweepAndAbort(t *testing.T) {
	u, _, dir := uploads(t, Quota{}, "user/x.csv")
	begin := func(client string) Upload {
		up, err := u.Begin(Upload{Owner: "a1", Client: client, Path: "user/" + client, Size: 4})
		if err != nil {
			t.Fatal(err)
		}
		return up
	}
	old, fresh, dropped := begin("old"), begin("fresh"), begin("dropped")
	past := time.Now().Add(-2 * time.Hour)
	for _, name := range []string{old.ID + ".json", old.ID + ".part", fresh.ID + ".json"} {
		if err := os.Chtimes(filepath.Join(dir, "uploads", name), past, past); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := u.Abort("a1", dropped.ID); err != nil {
			t.Error(err)
		}
	}
	if err := u.Abort("a2", fresh.ID); err != nil {
		t.Error(err)
	}
	if n, err := u.Sweep(time.Hour); n != 1 || err != nil {
		t.Errorf("%d swept: %v", n, err)
	}
	if _, err := u.Get("a1", fresh.ID); err != nil {
		t.Error("one that goes on was swept:", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "uploads", "*")); len(left) != 2 {
		t.Error(left)
	}
}
