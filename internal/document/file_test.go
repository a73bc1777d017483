package document

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

var theirs = strings.Replace(sample, "Sample", "Theirs", 1)

func outside(s State) bool { return s.Number > 0 }

// TestFileChangedOutside becomes an event that whoever edits can undo.
func TestFileChangedOutside(t *testing.T) {
	f := newFixture(t, quick())
	d := f.open()
	defer d.Release()
	f.writeFile("# by hand\n" + theirs)
	s := until(t, d, outside)
	if p, _ := d.Current(); p.Label != "Theirs" || s.Number != 1 {
		t.Fatal(p.Label, s.Number)
	}
	until(t, d, func(s State) bool { return s.File.Saved == 1 })
	if !strings.HasPrefix(f.readFile(), "# by hand\nweft: 1") {
		t.Error("the file was written over:", f.readFile())
	}
	if !d.Can("anybody").Undo {
		t.Fatal("nobody can undo it")
	}
	if _, err := d.Undo(context.Background(), Request{Account: "1"}); err != nil {
		t.Fatal(err)
	}
	until(t, d, func(s State) bool { return s.File.Saved == 2 })
	if !strings.Contains(f.readFile(), "Sample") {
		t.Error(f.readFile())
	}
}

// TestFileSaysTheSame in other words.
func TestFileSaysTheSame(t *testing.T) {
	f := newFixture(t, quick())
	d := f.open()
	defer d.Release()
	f.writeFile(sample + "\n\n")
	if n, err := d.Save(false); n != 0 || err != nil || f.readFile() != sample+"\n\n" {
		t.Error(n, err, f.readFile())
	}
	do(t, d, label("1", "x"))
	until(t, d, func(s State) bool { return s.File.Saved == s.Number && s.Number > 0 })
	if s := d.State(); s.Number != 1 || s.File.Conflict != nil {
		t.Error(s.Number, s.File.Conflict)
	}
}

// TestBothChanged is a conflict, which is solved either way or ends by itself.
func TestBothChanged(t *testing.T) {
	conflict := func(s State) bool {
		return s.File.Conflict != nil && s.File.Conflict.Message.ID == msgBothChanged.ID
	}
	for _, how := range []string{"overwrite", "reload", "restored", "restart"} {
		t.Run(how, func(t *testing.T) {
			f := newFixture(t, slow())
			d := f.open()
			do(t, d, label("1", "mine"))
			d.Release()
			f.crash(quick(), d) // the journal is ahead now
			f.writeFile(theirs)
			d = f.open()
			until(t, d, conflict)
			if _, err := d.Save(false); errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
			do(t, d, label("1", "mine too")) // one may go on
			if f.readFile() != theirs {
				t.Fatal("the file was written over")
			}
			switch how {
			case "overwrite":
				if n, err := d.Save(true); err != nil || n != 2 {
					t.Fatal(n, err)
				}
			case "reload":
				if a, err := d.Reload(context.Background(), Request{Account: "1", Client: "r"}); err != nil || a.Number != 3 {
					t.Fatal(a, err)
				}
				if p, _ := d.Current(); p.Label != "Theirs" {
					t.Error(p.Label)
				}
				if _, err := d.Undo(context.Background(), Request{Account: "1"}); err != nil {
					t.Error(err)
				}
			case "restored":
				f.writeFile(sample)
			case "restart":
				d.Release()
				f.restart(quick())
				d = f.open()
				until(t, d, conflict)
				if _, err := d.Save(true); err != nil {
					t.Fatal(err)
				}
			}
			until(t, d, func(s State) bool { return s.File.Conflict == nil && s.File.Saved == s.Number })
			if !strings.Contains(f.readFile(), "mine too") {
				t.Error(f.readFile())
			}
			d.Release()
		})
	}
}

// TestFileIsGoneOrBroken while it is open: told, and the package goes on.
func TestFileIsGoneOrBroken(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(f *fixture)
		want  errs.Message
	}{
		"gone":   {func(f *fixture) { _ = os.Remove(f.file()) }, msgFileGone},
		"broken": {func(f *fixture) { f.writeFile("weft: 1\nworkflows: [\n") }, msgFileBroken},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, quick())
			d := f.open()
			defer d.Release()
			c.spoil(f)
			until(t, d, func(s State) bool { return s.File.Conflict != nil && s.File.Conflict.Message.ID == c.want.ID })
			do(t, d, label("1", "still"))
			if _, err := d.Save(true); err != nil {
				t.Fatal(err)
			}
			if s := d.State(); s.File.Conflict != nil || s.File.Saved != 1 || !strings.Contains(f.readFile(), "still") {
				t.Error(s.File, f.readFile())
			}
		})
	}
}

// TestChangedWhileClosed is seen at the next opening.
func TestChangedWhileClosed(t *testing.T) {
	f := newFixture(t, quick())
	d := f.open()
	do(t, d, label("1", "mine"))
	d.Release()
	f.restart(quick())
	f.writeFile(theirs)
	d = f.open()
	if p, n := d.Current(); n != 2 || p.Label != "Theirs" {
		t.Error(n, p.Label)
	}
	d.Release()
	f.restart(quick())
	f.writeFile("weft: 1\nlabel: [\n")
	if _, err := f.Open(context.Background(), f.name); errs.All(err)[0].Place.Line == 0 {
		t.Error(err)
	}
}

// TestMoved lets an open and a closed package follow their folder.
func TestMoved(t *testing.T) {
	f := newFixture(t, slow())
	f.name = "user/closed.weft"
	f.writeFile(sample)
	closed := f.open()
	do(t, closed, label("1", "closed"))
	closedID := closed.ID()
	closed.Release()
	f.restart(slow())
	f.name = "user/p.weft"
	d := f.open()
	defer d.Release()
	do(t, d, label("1", "open"))
	ctx := context.Background()
	if err := f.Flush(ctx, "user"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.readFile(), "open") {
		t.Error("not flushed")
	}
	if err := os.Rename(f.dir+"/files/user", f.dir+"/files/moved"); err != nil {
		t.Fatal(err)
	}
	if err := f.Moved(ctx, "user", "moved"); err != nil {
		t.Fatal(err)
	}
	if d.Path() != "moved/p.weft" || d.State().Gone != nil {
		t.Error(d.Path(), d.State().Gone)
	}
	do(t, d, label("1", "later"))
	if _, err := d.Save(false); err != nil {
		t.Fatal(err)
	}
	f.name = "moved/p.weft"
	if again := f.open(); again != d {
		t.Error("opened twice")
	} else {
		again.Release()
	}
	f.name = "moved/closed.weft"
	c := f.open()
	defer c.Release()
	if _, n := c.Current(); n != 1 || c.ID() != closedID || !c.Can("1").Undo {
		t.Error(n, c.ID())
	}
}

// TestRemoved ends the document and its journal.
func TestRemoved(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	do(t, d, label("1", "x"))
	if err := os.Remove(f.file()); err != nil {
		t.Fatal(err)
	}
	if err := f.Removed(context.Background(), "user", "ann"); err != nil {
		t.Fatal(err)
	}
	d.Release()
	if s := d.State(); s.Gone == nil || s.Gone.Message.ID != msgRemoved.ID {
		t.Error(s.Gone)
	}
	if _, err := d.Do(context.Background(), label("1", "y")); err == nil {
		t.Error("a removed package takes commands")
	}
	if left, err := os.ReadDir(f.dir + "/journals"); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if err := f.Create(f.name, "new"); err != nil {
		t.Fatal(err)
	}
	again := f.open()
	defer again.Release()
	if p, n := again.Current(); n != 0 || p.Label != "new" || again.ID() == d.ID() {
		t.Error(n, p.Label)
	}
}

// TestSaveAs writes a copy, and nothing over what is there.
func TestSaveAs(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	defer d.Release()
	do(t, d, label("1", "copied"))
	for i, want := range []errs.Kind{0, errs.Exists, 0} {
		_, err := d.SaveAs("user/copy.weft", i == 2)
		if (err != nil) != (want != 0) || err != nil && errs.KindOf(err) != want {
			t.Error(i, err)
		}
	}
	p, _ := d.Current()
	f.name = "user/copy.weft"
	if f.readFile() != string(pack.Encode(p)) {
		t.Error(f.readFile())
	}
}
