package document

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// told waits until a document says why its file isn't written.
func told(t *testing.T, d *Document, m errs.Message) State {
	t.Helper()
	return until(t, d, func(s State) bool { return s.File.Conflict != nil && s.File.Conflict.Message.ID == m.ID })
}

// TestMovedOutside goes on at the new place, with what was not in the file yet.
func TestMovedOutside(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"renamed":             {"user/p.weft", "user/q.weft", "user/q.weft"},
		"into another folder": {"user/p.weft", "other/p.weft", "other/p.weft"},
		"with its folder":     {"user", "maria", "maria/p.weft"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, Options{SaveAfter: time.Hour, Poll: 5 * time.Millisecond, Idle: time.Hour})
			d := f.open()
			defer d.Release()
			do(t, d, label("1", "not in the file yet"))
			root := filepath.Join(f.dir, "files")
			if err := os.MkdirAll(filepath.Join(root, "other"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(root, c.from), filepath.Join(root, c.to)); err != nil {
				t.Fatal(err)
			}
			until(t, d, func(State) bool { return d.Path() == c.want })
			do(t, d, label("1", "later"))
			if _, err := d.Save(false); err != nil {
				t.Fatal(err)
			}
			f.name = c.want
			if !strings.Contains(f.readFile(), "later") {
				t.Error(f.readFile())
			}
			if at, known := f.PathOf(d.ID()); at != c.want || !known {
				t.Error(at, known)
			}
			if again := f.open(); again != d {
				t.Error("opened twice")
			} else {
				again.Release()
			}
		})
	}
}

// TestMovedOverAnother leaves both as they are.
func TestMovedOverAnother(t *testing.T) {
	f := newFixture(t, quick())
	d := f.open()
	defer d.Release()
	f.name = "user/q.weft"
	f.writeFile(theirs)
	other := f.open()
	defer other.Release()
	if err := os.Rename(filepath.Join(f.dir, "files", "user", "p.weft"), f.file()); err != nil {
		t.Fatal(err)
	}
	told(t, d, msgFileGone)
	until(t, other, outside)
	if d.Path() != "user/p.weft" || other.Path() != "user/q.weft" {
		t.Error(d.Path(), other.Path())
	}
}

// TestDeletedWhileOpen: whoever has it open is told who it was, goes on, and
// may have the file again, with its folder.
func TestDeletedWhileOpen(t *testing.T) {
	f := newFixture(t, quick())
	f.name = "user/deep/p.weft"
	if err := os.MkdirAll(filepath.Dir(f.file()), 0o755); err != nil {
		t.Fatal(err)
	}
	f.writeFile(sample)
	d := f.open()
	defer d.Release()
	d.Arrive("s", "maria")
	do(t, d, label("1", "mine"))
	remove(t, f, "user/deep")
	s := told(t, d, msgDeleted)
	if text := s.File.Conflict.Text("en"); !strings.Contains(text, "ann has deleted the package user/deep/p.weft") {
		t.Error(text)
	}
	do(t, d, label("1", "mine still"))
	if _, err := d.Save(false); errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
	if _, err := d.Save(true); err != nil {
		t.Fatal(err)
	}
	if s := d.State(); s.File.Conflict != nil || !strings.Contains(f.readFile(), "mine still") {
		t.Error(s.File, f.readFile())
	}
	do(t, d, label("1", "as ever"))
	until(t, d, func(s State) bool { return s.File.Saved == s.Number })
	d.Leave("s")
	id := d.ID()
	f.restart(quick())
	again := f.open()
	defer again.Release()
	if again.ID() != id || !again.Can("1").Undo {
		t.Error("the journal is gone")
	}
}

func remove(t *testing.T, f *fixture, at string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(f.dir, "files", at)); err != nil {
		t.Fatal(err)
	}
	if err := f.Removed(context.Background(), at, "ann"); err != nil {
		t.Fatal(err)
	}
}

// TestDeletedForGood: a new file of the name has nothing of a deleted one, once
// nobody has that open, or after a crash.
func TestDeletedForGood(t *testing.T) {
	for _, how := range []string{"left", "crash"} {
		t.Run(how, func(t *testing.T) {
			o := quick()
			o.Idle = time.Millisecond
			f := newFixture(t, o)
			d := f.open()
			d.Arrive("s", "maria")
			do(t, d, label("1", "secret"))
			remove(t, f, "user/p.weft")
			told(t, d, msgDeleted)
			if how == "left" {
				d.Leave("s")
				d.Release()
				<-d.closed
				if left, err := os.ReadDir(filepath.Join(f.dir, "journals")); err != nil || len(left) > 0 {
					t.Error(left, err)
				}
			} else { // what a kill would leave is there again
				journals, kept := filepath.Join(f.dir, "journals"), filepath.Join(f.dir, "kept")
				if err := os.CopyFS(kept, os.DirFS(journals)); err != nil {
					t.Fatal(err)
				}
				f.crash(o, d)
				if err := os.CopyFS(journals, os.DirFS(kept)); err != nil {
					t.Fatal(err)
				}
			}
			f.writeFile(theirs)
			again := f.open()
			defer again.Release()
			if p, n := again.Current(); n != 0 || p.Label != "Theirs" || again.State().File.Conflict != nil || again.ID() == d.ID() {
				t.Error(n, p.Label, again.State().File.Conflict)
			}
		})
	}
}
