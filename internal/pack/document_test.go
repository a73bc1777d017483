package pack

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
)

// TestReplayGivesTheSameDocument edits by two people, with undo and redo, and
// follows by the journalled events in another document.
func TestReplayGivesTheSameDocument(t *testing.T) {
	undone := 0
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		d, follower := NewDocument(p.Clone(), 0), NewDocument(p.Clone(), 0)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			who := rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "who")
			before := Encode(d.Package())
			var e Event
			var err error
			switch rapid.IntRange(0, 4).Draw(t, "action") {
			case 0:
				e, err = d.Undo(Author{Person: who})
			case 1:
				e, err = d.Redo(Author{Person: who})
			default:
				e, err = d.Do(Author{Person: who}, commandGen{t, d.Package()}.command())
			}
			if err != nil {
				if string(before) != string(Encode(d.Package())) {
					t.Fatal("refused, but changed", err)
				}
				continue
			}
			if e.Action == ActionUndo {
				undone++
			}
			spelled := EncodeEvent(e)
			read, err := DecodeEvent(spelled)
			if err != nil {
				t.Fatalf("%v: %s", err, spelled)
			}
			if _, err := follower.Replay(read); err != nil {
				t.Fatalf("%v: %s", err, spelled)
			}
			if string(Encode(follower.Package())) != string(Encode(d.Package())) || follower.Seq() != d.Seq() ||
				follower.CanUndo(who) != d.CanUndo(who) || follower.CanRedo(who) != d.CanRedo(who) {
				t.Fatalf("differs after %s", spelled)
			}
		}
	})
	if undone == 0 {
		t.Error("nothing was ever undone")
	}
}

// TestUndoAllRestores takes back everything one person did.
func TestUndoAllRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDocument(genPackage(t), 0)
		before := Encode(d.Package())
		for range rapid.IntRange(1, 5).Draw(t, "steps") {
			_, _ = d.Do(Author{Person: "ann"}, commandGen{t, d.Package()}.command())
		}
		after := Encode(d.Package())
		for d.CanUndo("ann") {
			if _, err := d.Undo(Author{Person: "ann"}); err != nil {
				t.Fatal(err)
			}
		}
		if string(before) != string(Encode(d.Package())) {
			t.Fatal("undoing all does not restore")
		}
		for d.CanRedo("ann") {
			if _, err := d.Redo(Author{Person: "ann"}); err != nil {
				t.Fatal(err)
			}
		}
		if string(after) != string(Encode(d.Package())) {
			t.Fatal("redoing all does not restore")
		}
	})
}

func setting(path string, v Value) Command {
	p, _ := ParsePath(path)
	return SetSetting{Workflow: "main", Node: "a", Path: p, Value: v}
}

func insertItem(path string, v Value) Command {
	c := setting(path, v).(SetSetting)
	c.Insert = true
	return c
}

// TestUndoByTwoPeople lets ann do first, bob second, and ann undo.
func TestUndoByTwoPeople(t *testing.T) {
	for _, c := range []struct {
		name     string
		ann, bob Command
		bobUndo  bool
		refused  bool
	}{
		{"the same setting", setting("k", Int(2)), setting("k", Int(3)), false, true},
		{"the same setting, taken back", setting("k", Int(2)), setting("k", Int(3)), true, false},
		{"another setting", setting("k", Int(2)), setting("j", Int(3)), false, false},
		{"another item of the list", setting("l[0]", Int(2)), setting("l[1]", Int(3)), false, false},
		{"items have moved", setting("l[0]", Int(2)), insertItem("l[0]", Int(3)), false, true},
		{"all settings", setting("k", Int(2)), SetSettings{Workflow: "main", Node: "a"}, false, true},
		{"the node is gone", setting("k", Int(2)), RemoveNodes{"main", []string{"a"}}, false, true},
		{"the new node was changed", AddNode{Workflow: "main", Node: Node{ID: "c", Component: "x"}}, Rename{"main", "c", "C"}, false, true},
		{"the new node was linked", AddNode{Workflow: "main", Node: Node{ID: "c", Component: "x"}}, Connect{Workflow: "main", Node: "b", From: Ref{Node: "c"}}, false, true},
		{"moved while renamed", Rename{"main", "a", "A"}, MoveNodes{"main", []Placement{{Node: "a", At: Point{1, 1}}}}, false, false},
		{"a link from it", setting("k", Int(2)), Connect{Workflow: "main", Node: "b", From: Ref{Node: "a"}}, false, false},
		{"the file was changed", setting("k", Int(2)), Replace{"weft: 1\nworkflows: {main: {nodes: {a: {component: x, settings: {k: 2}}}}}\n"}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Package{Weft: 1, Workflows: []Workflow{{ID: "main", Nodes: []Node{
				{ID: "a", Component: "x", Settings: Map(E("k", Int(1)), E("j", Int(1)), E("l", List(Int(0), Int(1))))}, {ID: "b", Component: "x"}}}}}
			d := NewDocument(p, 7)
			for who, command := range []Command{c.ann, c.bob} {
				if _, err := d.Do(Author{Person: []string{"ann", "bob"}[who]}, command); err != nil {
					t.Fatal(err)
				}
			}
			if c.bobUndo {
				if _, err := d.Undo(Author{Person: "bob"}); err != nil {
					t.Fatal(err)
				}
			}
			_, err := d.Undo(Author{Person: "ann"})
			if (err != nil) != c.refused {
				t.Fatal(err)
			}
			if err != nil {
				e := errs.All(err)[0]
				if e.Kind != errs.Conflict || e.Params["who"] != "bob" {
					t.Error(err)
				}
				return
			}
			if _, err := d.Redo(Author{Person: "ann"}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReplayNoticesGaps(t *testing.T) {
	d := NewDocument(&Package{Weft: 1}, 3)
	for _, seq := range []int64{3, 5} {
		if _, err := d.Replay(Event{Seq: seq, Person: "ann", Action: ActionDo, Command: Rename{Label: "x"}}); err == nil {
			t.Error("replayed", seq)
		}
	}
	if d.Seq() != 3 || d.Package().Label != "" {
		t.Error("changed")
	}
}
