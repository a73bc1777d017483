package document

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

func TestOpenJoins(t *testing.T) {
	f := newFixture(t, slow())
	var docs [8]*Document
	var all sync.WaitGroup
	for i := range docs {
		all.Go(func() { docs[i], _ = f.Open(context.Background(), f.name) })
	}
	all.Wait()
	for _, d := range docs {
		if d == nil || d != docs[0] {
			t.Fatal("not the same document")
		}
		d.Release()
	}
	d, err := f.Get(docs[0].ID())
	if err != nil || d != docs[0] || d.Path() != f.name {
		t.Fatal(d, err)
	}
	d.Release()
	if _, err := f.Get("none"); errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	f := newFixture(t, slow())
	for _, c := range []struct {
		path, text string
		kind       errs.Kind
		line       int
	}{
		{"user/none.weft", "", errs.NotFound, 0},
		{"user/p.csv", "", errs.Invalid, 0},
		{"/user/p.weft", "", errs.Invalid, 0},
		{"user/../user/p.weft", "", errs.Invalid, 0},
		{"user/CON.weft", "", errs.Invalid, 0},
		{"user/broken.weft", "weft: 1\nworkflows:\n  main:\n    nodes: [\n", errs.Invalid, 4},
		{"user/cycle.weft", "weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: x, input: b}\n      b: {component: x, input: a}\n", errs.Invalid, 5},
	} {
		if c.text != "" {
			f.name = c.path
			f.writeFile(c.text)
		}
		_, err := f.Open(context.Background(), c.path)
		if err == nil || errs.KindOf(err) != c.kind || c.line > 0 && errs.All(err)[0].Place.Line < c.line {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

func TestEditAndSave(t *testing.T) {
	f := newFixture(t, quick())
	d := f.open()
	defer d.Release()
	before, number := d.Current()
	if number != 0 || before.Label != "Sample" {
		t.Fatal(number, before.Label)
	}
	changed := d.Changed(0)
	a := do(t, d, Request{Account: "1", Name: "ann", Client: "c1", Command: pack.Paste{Workflow: "main", Nodes: before.Workflows[0].Nodes}})
	if a.Number != 1 || fmt.Sprint(a.Nodes) != "[a_2 b_2]" {
		t.Error(a)
	}
	<-changed
	if now, number := d.Current(); number != 1 || len(now.Workflows[0].Nodes) != 4 || len(before.Workflows[0].Nodes) != 2 {
		t.Error(number, now.Workflows[0].Nodes)
	}
	until(t, d, func(s State) bool { return s.File.Saved == 1 })
	now, _ := d.Current()
	if f.readFile() != string(pack.Encode(now)) {
		t.Error(f.readFile())
	}
}

// TestNothingIsWrittenWithoutAnEdit opens, saves and closes.
func TestNothingIsWrittenWithoutAnEdit(t *testing.T) {
	f := newFixture(t, quick())
	text := "# not canonical\n" + sample + "\n\n"
	f.writeFile(text)
	was, err := os.Stat(f.file())
	if err != nil {
		t.Fatal(err)
	}
	d := f.open()
	if _, err := d.Save(false); err != nil {
		t.Fatal(err)
	}
	d.Release()
	f.restart(quick())
	now, err := os.Stat(f.file())
	if err != nil || now.ModTime() != was.ModTime() || !os.SameFile(was, now) || f.readFile() != text {
		t.Error("the file was written", err)
	}
	left, err := os.ReadDir(f.dir + "/journals")
	if err != nil || len(left) > 0 {
		t.Error("a journal was begun", left, err)
	}
}

func TestRepeatsAreAnsweredOnce(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	r := label("1", "one")
	r.Client = "c"
	var answers [20]Answer
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], _ = d.Do(context.Background(), r) })
	}
	all.Wait()
	for _, a := range answers {
		if a.Number != 1 {
			t.Fatal(answers)
		}
	}
	other := label("2", "two")
	other.Client = "c"
	if a := do(t, d, other); a.Number != 2 {
		t.Error("another person's id is taken for a repeat")
	}
	undo := Request{Account: "2", Client: "u"}
	for range 2 {
		if a, err := d.Undo(context.Background(), undo); err != nil || a.Number != 3 {
			t.Error(a, err)
		}
	}
	d.Release()
	for _, end := range []string{"restart", "crash"} {
		if end == "restart" {
			f.restart(slow())
		} else {
			f.crash(slow(), d)
		}
		d = f.open()
		if a := do(t, d, r); a.Number != 1 {
			t.Error("after a", end, a)
		}
		if a, err := d.Undo(context.Background(), undo); err != nil || a.Number != 3 {
			t.Error("after a", end, a, err)
		}
		d.Release()
	}
}

func TestUndoNamesWho(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	defer d.Release()
	do(t, d, label("1", "one"))
	do(t, d, label("2", "two"))
	if !d.Can("1").Undo || d.Can("1").Redo || d.Can("3").Undo {
		t.Error(d.Can("1"), d.Can("3"))
	}
	_, err := d.Undo(context.Background(), Request{Account: "1"})
	if errs.KindOf(err) != errs.Conflict || errs.All(err)[0].Params["who"] != "name of 2" {
		t.Error(err)
	}
}

func TestJournalIsAheadOfTheFile(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	for i := range 5 {
		do(t, d, label("1", fmt.Sprint(i)))
	}
	id := d.ID()
	d.Release()
	f.crash(quick(), d)
	if f.readFile() != sample {
		t.Fatal("the file was written")
	}
	d = f.open()
	defer d.Release()
	if p, n := d.Current(); n != 5 || p.Label != "4" || d.ID() != id || !d.Can("1").Undo {
		t.Error(n, p.Label, d.ID())
	}
	if _, changes, ok := d.Since(2); !ok || len(changes) != 3 || changes[0].Number != 3 {
		t.Error("the events are not known any more")
	}
	until(t, d, func(s State) bool { return s.File.Saved == 5 })
	if _, err := d.Undo(context.Background(), Request{Account: "1"}); err != nil {
		t.Error(err)
	}
}

func TestIdleDocumentsAreClosed(t *testing.T) {
	o := quick()
	o.Idle = 1
	f := newFixture(t, o)
	d := f.open()
	do(t, d, label("1", "x"))
	d.Release()
	<-d.closed
	if f.readFile() == sample || d.State().Gone == nil {
		t.Error("closed without being written")
	}
	if _, err := d.Do(context.Background(), label("1", "y")); err == nil {
		t.Error("a closed document takes commands")
	}
	again := f.open()
	defer again.Release()
	if p, n := again.Current(); p.Label != "x" || n != 1 {
		t.Error(p.Label, n)
	}
}
