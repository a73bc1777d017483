package pack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var updateVectors = flag.Bool("update-vectors", false, "write the cases that Studio runs too")

func fullTree(p *Package) []byte {
	v := packageTree(p).item()
	return appendJSON(nil, &v)
}

// follow checks that the patches between two outlines lead from one to the
// other, and that the later one is that of the package.
func follow(t interface{ Fatalf(string, ...any) }, was, now *Outline, p *Package, about any) []Patch {
	want := fullTree(p)
	if got := now.JSON(); !bytes.Equal(got, want) || now.Size() != len(want) {
		t.Fatalf("after %v the outline of %d bytes is\n%s\nnot\n%s", about, now.Size(), got, want)
	}
	tree, err := parseJSON(was.JSON())
	if err != nil {
		t.Fatalf("%v", err)
	}
	patches := Patches(was, now)
	if err := ApplyPatches(&tree, patches); err != nil {
		t.Fatalf("%v", err)
	}
	if got := spelled(&tree); !bytes.Equal(got, want) {
		t.Fatalf("after %v the patches %q give\n%s\nnot\n%s", about, patches, got, want)
	}
	return patches
}

// TestPatchesFollow edits by two people, with undo, redo, and changes of the
// whole text, and follows by patches alone.
func TestPatchesFollow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDocument(genPackage(t), 0)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			who := Author{Person: rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "who")}
			was := d.Outline()
			var e Event
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "action") {
			case 0, 1:
				e, err = d.Undo(who)
			case 2:
				e, err = d.Redo(who)
			case 3:
				e, err = d.Do(who, Replace{string(Encode(genPackage(t)))})
			case 4:
				g := commandGen{t, d.Package()}
				e, err = d.Do(who, Batch{[]Command{g.command(), g.command()}})
			default:
				e, err = d.Do(who, commandGen{t, d.Package()}.command())
			}
			if err == nil {
				follow(t, was, d.Outline(), d.Package(), e)
			} else if was != d.Outline() {
				t.Fatalf("refused, but changed: %v", err)
			}
		}
	})
}

// TestPatchesOfValues compares any two values.
func TestPatchesOfValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genValue(t, 3), genValue(t, 3)
		if rapid.Bool().Draw(t, "near") {
			b = a.Clone()
			if b.Kind == MapValue && len(b.Map) > 1 {
				b.Map = rapid.Permutation(b.Map).Draw(t, "order")
			}
			if b.Kind == ListValue && len(b.List) > 0 {
				b.List = append(rapid.Permutation(b.List).Draw(t, "order"), genValue(t, 1))
			}
		}
		d := &differ{}
		d.values(nil, &a, &b)
		got := a.Clone()
		if err := ApplyPatches(&got, d.out); err != nil || !bytes.Equal(spelled(&got), spelled(&b)) {
			t.Fatalf("%s by %q gives %s, not %s", spelled(&a), d.out, spelled(&got), spelled(&b))
		}
	})
}

// TestRollback takes back what was not settled, with the books.
func TestRollback(t *testing.T) {
	people := []string{"ann", "bob", Outside}
	edit := func(t *rapid.T, d *Document) {
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			who := Author{Person: rapid.SampledFrom(people).Draw(t, "who")}
			switch rapid.IntRange(0, 3).Draw(t, "action") {
			case 0:
				_, _ = d.Undo(who)
			case 1:
				_, _ = d.Redo(who)
			default:
				_, _ = d.Do(who, commandGen{t, d.Package()}.command())
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		d, events := NewDocument(p.Clone(), 0), []Event(nil)
		edit(t, d)
		d.Settle()
		was, seq, outline := Encode(d.Package()), d.Seq(), d.Outline()
		books := func() (all [][2]bool) {
			for _, who := range people {
				all = append(all, [2]bool{d.CanUndo(who), d.CanRedo(who)})
			}
			return all
		}
		could := books()
		edit(t, d)
		if err := d.Rollback(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(was, Encode(d.Package())) || seq != d.Seq() || outline != d.Outline() || !slices.Equal(could, books()) {
			t.Fatal("something is left", events)
		}
		edit(t, d)
		follow(t, outline, d.Outline(), d.Package(), "rollback")
	})
}

// TestOutsideIsUndoneByAnyone lets the file change between a person's steps.
func TestOutsideIsUndoneByAnyone(t *testing.T) {
	d := NewDocument(&Package{Weft: 1, Label: "a", Workflows: []Workflow{{ID: "main"}}}, 0)
	ann := Author{Person: "1", Name: "ann"}
	do := func(who Author, c Command) {
		t.Helper()
		if _, err := d.Do(who, c); err != nil {
			t.Fatal(err)
		}
	}
	do(ann, Rename{Label: "b"})
	do(Author{}, Replace{"weft: 1\nlabel: c\nworkflows:\n  main: {}\n"})
	for _, want := range []string{"b", "a"} {
		if _, err := d.Undo(ann); err != nil || d.Package().Label != want {
			t.Fatal(d.Package().Label, err)
		}
	}
	for _, want := range []string{"b", "c"} {
		if _, err := d.Redo(ann); err != nil || d.Package().Label != want {
			t.Fatal(d.Package().Label, err)
		}
	}
	if d.CanUndo("2") {
		t.Error("bob could take back what ann took over")
	}
}

// TestPatchesThatDoNotFit are refused, as Studio refuses them.
func TestPatchesThatDoNotFit(t *testing.T) {
	for _, p := range []Patch{
		{Path: []string{"x", "y"}, JSON: []byte("1")},
		{Path: []string{"x"}, Op: PatchRemove},
		{Path: []string{"x"}, Op: PatchInsert, JSON: []byte("1")},
		{Path: []string{"l", "2"}, JSON: []byte("1")},
		{Path: []string{"l", "3"}, Op: PatchInsert, JSON: []byte("1")},
		{Path: []string{"l", "01"}, Op: PatchRemove},
		{Path: []string{"l", "-1"}, Op: PatchRemove},
		{Path: []string{"n", "x"}, JSON: []byte("1")},
		{Path: []string{"n"}, JSON: []byte("{")},
	} {
		tree, err := parseJSON([]byte(`{"l": [1, 2], "n": null}`))
		if err != nil {
			t.Fatal(err)
		}
		if ApplyPatches(&tree, []Patch{p}) == nil {
			t.Errorf("%q is carried out", p.Path)
		}
	}
}

// vector is one case of what Studio's tests run too.
type vector struct {
	Name    string          `json:"name"`
	Before  json.RawMessage `json:"before"`
	Patches []vectorPatch   `json:"patches"`
	After   json.RawMessage `json:"after"`
}

type vectorPatch struct {
	Path   []string        `json:"path"`
	Op     string          `json:"op"`
	Value  json.RawMessage `json:"value,omitempty"`
	Before string          `json:"before,omitempty"`
}

const vectorsFile = "../../studio/src/graph/patches.test-data.json"

// TestVectors holds the file of cases that Studio's tests run too.
func TestVectors(t *testing.T) {
	var got []vector
	for _, c := range vectorCases() {
		d := NewDocument(vectorPackage(), 0)
		for _, before := range c.before {
			if _, err := d.Do(Author{Person: "ann"}, before); err != nil {
				t.Fatal(c.name, err)
			}
		}
		was := d.Outline()
		var err error
		if c.command == nil {
			_, err = d.Undo(Author{Person: "ann"})
		} else {
			_, err = d.Do(Author{Person: "ann"}, c.command)
		}
		if err != nil {
			t.Fatal(c.name, err)
		}
		v := vector{Name: c.name, Before: was.JSON(), After: d.Outline().JSON(), Patches: []vectorPatch{}}
		for _, p := range follow(t, was, d.Outline(), d.Package(), c.name) {
			op := []string{"set", "remove", "insert"}[p.Op]
			v.Patches = append(v.Patches, vectorPatch{append([]string{}, p.Path...), op, p.JSON, p.Before})
		}
		if len(v.Patches) > 9 {
			t.Errorf("%s takes %d patches", c.name, len(v.Patches))
		}
		got = append(got, v)
	}
	b, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	if *updateVectors {
		if err := os.WriteFile(vectorsFile, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(vectorsFile)
	if err != nil || !bytes.Equal(want, b) {
		t.Errorf("%s is not what the commands give; run go test ./internal/pack -update-vectors and read the difference: %v", vectorsFile, err)
	}
}

func vectorPackage() *Package {
	node := func(id, from string, settings ...Entry) Node {
		n := Node{ID: id, Component: "rows.filter", Settings: Map(settings...), Placed: true, At: Point{X: 10}}
		if from != "" {
			n.Inputs = []Link{{From: Ref{Node: from}}}
		}
		return n
	}
	return &Package{Weft: 1, Label: "Перелёты", Workflows: []Workflow{{ID: "main", Nodes: []Node{
		node("a", "", E("path", Text("data/a.csv"))),
		node("b", "a", E("keys", List(Text("k1"), Text("k2"), Text("k3"))), E("ratio", Real(0.5)),
			E("map", Map(E("one", Int(1)), E("__proto__", Int(2)), E("a b", Null())))),
		node("c", "b"),
	}}}, Variables: []Variable{{Name: "x", Type: "integer", Default: Int(1)}, {Name: "y", Type: "integer", Default: Int(2)}, {Name: "z", Type: "string", Default: Text("z")}}}
}

type vectorCase struct {
	name    string
	before  []Command
	command Command // nil: undo
}

func vectorCases() []vectorCase {
	set := func(path string, v Value) SetSetting {
		p, _ := ParsePath(path)
		return SetSetting{Workflow: "main", Node: "b", Path: p, Value: v}
	}
	unset := set("keys[1]", Null())
	unset.Unset = true
	inserted := set("keys[1]", Map(E("k", Text("новый"))))
	inserted.Insert = true
	first := set("map.zero", Int(0))
	first.Before = "one"
	remove := RemoveNodes{"main", []string{"b"}}
	return []vectorCase{
		{"a label", nil, Rename{"main", "a", "Label <b>"}},
		{"the package's label goes", nil, Rename{}},
		{"a node in front", nil, AddNode{"main", Node{ID: "d", Component: "x", At: Point{1, 2}, Placed: true}, "a"}},
		{"a node at the end, with no place", nil, AddNode{"main", Node{ID: "d", Component: "x"}, ""}},
		{"a node goes, with its links", nil, remove},
		{"a node comes back", []Command{remove}, nil},
		{"places", nil, MoveNodes{"main", []Placement{{Node: "a", At: Point{-5, 7}}, {Node: "c", Unplaced: true}}}},
		{"all places go", nil, MoveNodes{"main", []Placement{{Node: "a", Unplaced: true}, {Node: "b", Unplaced: true}, {Node: "c", Unplaced: true}}}},
		{"a setting", nil, set("ratio", Real(1))},
		{"the first setting of a node", nil, SetSetting{Workflow: "main", Node: "c", Path: Path{{Key: "k"}}, Value: Int(1)}},
		{"an item of a list", nil, set("keys[2]", Text("k"))},
		{"an item goes", nil, unset},
		{"an item comes", nil, inserted},
		{"a key in front", nil, first},
		{"an odd key", nil, set(`map["__proto__"]`, List())},
		{"a variable moves", nil, MoveVariable{"z", "x"}},
		{"a workflow", nil, AddWorkflow{Workflow{ID: "second"}, ""}},
		{"a memo, undone", []Command{SetMemo{"main", Memo{ID: "m", Text: "две\nстроки"}, Put{New: true}}}, nil},
		{"another text", nil, Replace{"weft: 1\nworkflows:\n  main:\n    nodes:\n      c: {component: rows.filter, input: b}\n      b: {component: y, input: a}\n      a: {component: x}\n"}},
		{"several in one", nil, Batch{[]Command{Rename{"main", "a", "A"}, Rename{"main", "b", "B"}}}},
	}
}
