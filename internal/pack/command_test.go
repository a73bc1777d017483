package pack

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
)

// commandGen makes commands that often fit a package, and sometimes do not.
type commandGen struct {
	t *rapid.T
	p *Package
}

func pick[T any](t *rapid.T, items []T, id func(*T) string, other string) string {
	i := rapid.IntRange(0, len(items)).Draw(t, "which")
	if i == len(items) {
		return other
	}
	return id(&items[i])
}

func (g commandGen) put(absent bool) Put {
	return Put{New: absent != (rapid.IntRange(0, 9).Draw(g.t, "odd") == 0), Exact: rapid.Bool().Draw(g.t, "exact")}
}

func (g commandGen) path(v Value) Path {
	var p Path
	for {
		switch {
		case v.Kind == MapValue && len(v.Map) > 0 && rapid.IntRange(0, 4).Draw(g.t, "known") > 0:
			e := v.Map[rapid.IntRange(0, len(v.Map)-1).Draw(g.t, "key")]
			p, v = append(p, Step{Key: e.Key}), e.Value
		case v.Kind == ListValue:
			i := rapid.IntRange(0, len(v.List)).Draw(g.t, "index")
			p = append(p, Step{Index: i, InList: true})
			if i == len(v.List) {
				return p
			}
			v = v.List[i]
		default:
			return append(p, Step{Key: genText(g.t, "new key")})
		}
		if rapid.Bool().Draw(g.t, "stop") {
			return p
		}
	}
}

func (g commandGen) command() Command {
	if len(g.p.Workflows) == 0 {
		return AddWorkflow{genWorkflow(g.t, "main"), ""}
	}
	t, w := g.t, &g.p.Workflows[rapid.IntRange(0, len(g.p.Workflows)-1).Draw(g.t, "w")]
	node := func() string { return pick(t, w.Nodes, nodeID, "n9") }
	variable := func() string { return pick(t, g.p.Variables, variableName, "v9") }
	var upstream []string
	for _, n := range w.Nodes {
		upstream = append(upstream, n.ID)
	}
	switch rapid.IntRange(0, 22).Draw(t, "command") {
	case 0:
		return AddNode{w.ID, genNode(t, rapid.SampledFrom([]string{"n0", "n5", "n6", "Bad"}).Draw(t, "id"), upstream), node()}
	case 1:
		return RemoveNodes{w.ID, []string{node(), node()}}
	case 2:
		return MoveNodes{w.ID, []Placement{{node(), genPoint(t), false}}}
	case 3:
		return MoveNodes{w.ID, []Placement{{Node: node(), Unplaced: true}}}
	case 4:
		return Rename{rapid.SampledFrom([]string{"", w.ID}).Draw(t, "target"), "", genText(t, "l")}
	case 5:
		return Rename{w.ID, node(), genText(t, "l")}
	case 6:
		return SetNote{w.ID, node(), genText(t, "l")}
	case 7:
		return SetKeep{w.ID, node(), rapid.Bool().Draw(t, "k")}
	case 8:
		return SetComponent{w.ID, node(), rapid.SampledFrom([]string{"a.b@3", "A"}).Draw(t, "c")}
	case 9, 10:
		return Connect{Workflow: w.ID, Node: node(), Port: rapid.SampledFrom([]string{"", "left", "right"}).Draw(t, "p"), From: Ref{Node: node()}}
	case 11:
		return Disconnect{w.ID, node(), rapid.SampledFrom([]string{"", "left", "no"}).Draw(t, "p")}
	case 12, 13, 14:
		id := node()
		c := SetSetting{Workflow: w.ID, Node: id, Path: Path{{Key: "k"}}, Value: genValue(t, 2), Unset: rapid.Bool().Draw(t, "u"), Insert: rapid.IntRange(0, 3).Draw(t, "i") == 0}
		if n := w.Node(id); n != nil {
			c.Path = g.path(n.Settings)
		}
		return c
	case 15:
		return SetSettings{w.ID, node(), genSettings(t), rapid.Bool().Draw(t, "e")}
	case 16:
		var nodes []Node
		for _, id := range []string{"n0", "p1"}[:rapid.IntRange(1, 2).Draw(t, "pasted")] {
			nodes = append(nodes, genNode(t, id, []string{"n0", "n1"}))
		}
		return Paste{w.ID, nodes, genPoint(t)}
	case 17:
		name := variable()
		return SetVariable{Variable{Name: name, Type: "integer", Default: Int(1), Notes: genNotes(t)}, g.put(g.p.Variable(name) == nil)}
	case 18:
		return RemoveVariable{variable()}
	case 19:
		return MoveVariable{variable(), variable()}
	case 20:
		if rapid.Bool().Draw(t, "remove") {
			return RemoveWorkflow{w.ID}
		}
		return AddWorkflow{genWorkflow(t, "added"), ""}
	case 21:
		if rapid.Bool().Draw(t, "remove") {
			return RemoveMemo{w.ID, pick(t, w.Memos, memoID, "m9")}
		}
		id := pick(t, w.Memos, memoID, "m2")
		return SetMemo{w.ID, Memo{ID: id, Text: genText(t, "m"), Notes: genNotes(t)}, g.put(find(w.Memos, memoID, id) < 0)}
	default:
		return g.use(node())
	}
}

func (g commandGen) use(node string) Command {
	t := g.t
	switch rapid.IntRange(0, 4).Draw(t, "use") {
	case 0:
		return RemoveService{pick(t, g.p.Services, serviceID, "s")}
	case 1:
		return RemoveTest{pick(t, g.p.Tests, testID, "t")}
	case 2:
		s := Service{ID: "s", Operations: []Operation{{ID: "op", Input: node, Output: Ref{Node: node}, Notes: genNotes(t)}}}
		return SetService{s, g.put(find(g.p.Services, serviceID, "s") < 0)}
	case 3:
		x := Test{ID: "t", Given: []Given{{Node: node, Rows: genRows(t)}}, Notes: genNotes(t)}
		return SetTest{x, g.put(find(g.p.Tests, testID, "t") < 0)}
	default:
		return Batch{[]Command{g.command(), g.command()}}
	}
}

func sameCommand(a, b Command) bool { return string(EncodeCommand(a)) == string(EncodeCommand(b)) }

func TestUndoRestoresAndErrorsChangeNothing(t *testing.T) {
	applied := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		for range rapid.IntRange(1, 6).Draw(t, "commands") {
			c := commandGen{t, p}.command()
			before, text := p.Clone(), Encode(p)
			spelled := string(EncodeCommand(c))
			inverse, err := Apply(p, c)
			if err != nil {
				if d := cmp.Diff(before, p, exact); d != "" {
					t.Fatalf("%s refused (%v) but changed: %s", spelled, err, d)
				}
				continue
			}
			applied[c.Kind()]++
			after, changed := p.Clone(), Encode(p)
			if _, err := Decode(changed, ""); err != nil {
				t.Fatalf("%s made a package that cannot be read: %v\n%s", spelled, err, changed)
			}
			again, err := DecodeCommand(EncodeCommand(inverse))
			if err != nil || !sameCommand(again, inverse) {
				t.Fatalf("%s does not come back: %v", EncodeCommand(inverse), err)
			}
			redo, err := Apply(p, again)
			if err != nil {
				t.Fatalf("%s undone by %s: %v", spelled, EncodeCommand(inverse), err)
			}
			if d := cmp.Diff(before, p, exact); d != "" || string(text) != string(Encode(p)) {
				t.Fatalf("%s undone by %s: %s", spelled, EncodeCommand(inverse), d)
			}
			if _, err := Apply(p, redo); err != nil {
				t.Fatalf("%s redone by %s: %v", spelled, EncodeCommand(redo), err)
			}
			if d := cmp.Diff(after, p, exact); d != "" || string(changed) != string(Encode(p)) {
				t.Fatalf("%s redone by %s: %s", spelled, EncodeCommand(redo), d)
			}
			if spelled != string(EncodeCommand(c)) {
				t.Fatalf("the command itself was changed: %s", spelled)
			}
		}
	})
	if len(applied) < 15 {
		t.Errorf("too few kinds of commands ever succeeded: %v", applied)
	}
}

func TestCommandsRoundTripAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		c := commandGen{t, p}.command()
		text := EncodeCommand(c)
		got, err := DecodeCommand(text)
		if err != nil {
			if _, applied := Apply(p, c); applied == nil {
				t.Fatalf("%s applies but does not decode: %v", text, err)
			}
			return
		}
		if again := EncodeCommand(got); string(again) != string(text) {
			if _, err := Apply(p, c); err == nil {
				t.Fatal(cmp.Diff(string(text), string(again)))
			}
		}
	})
}

// TestCommands holds commands as clients send them: what they make of the
// example, or what they are refused with.
func TestCommands(t *testing.T) {
	for _, c := range []struct {
		name, json string
		kind       errs.Kind
		id         string // of the error
	}{
		{"cycle", `{"kind":"connect","workflow":"main","node":"delayed","from":"by_origin"}`, errs.Invalid, "pack.cycle"},
		{"self link", `{"kind":"connect","workflow":"main","node":"delayed","from":"delayed"}`, errs.Invalid, "pack.self_link"},
		{"unknown source", `{"kind":"connect","workflow":"main","node":"delayed","from":"nobody"}`, errs.NotFound, "pack.unknown_node"},
		{"unknown workflow", `{"kind":"rename","workflow":"mane","node":"delayed"}`, errs.NotFound, "pack.unknown_workflow"},
		{"node of a service", `{"kind":"remove_nodes","workflow":"main","nodes":["by_origin"]}`, errs.Conflict, "pack.in_use"},
		{"variable of a service", `{"kind":"remove_variable","id":"min_delay"}`, errs.Conflict, "pack.in_use"},
		{"index out of range", `{"kind":"set_setting","workflow":"main","node":"by_origin","path":"measures[2].column","value":"x"}`, errs.NotFound, "pack.unknown_setting"},
		{"unknown key", `{"kind":"rename","node":"a","lable":"x"}`, errs.Invalid, "pack.unknown_key"},
		{"unknown kind", `{"kind":"renam"}`, errs.Invalid, "pack.unknown_command"},
		{"key twice", `{"kind":"rename","label":"a","label":"b"}`, errs.Invalid, "pack.bad_json"},
		{"key in other case", `{"kind":"rename","Label":"a"}`, errs.Invalid, "pack.unknown_key"},
		{"something behind", `{"kind":"rename"} x`, errs.Invalid, "pack.bad_json"},
		{"number too large", `{"kind":"set_settings","workflow":"main","node":"flights","settings":{"a":1e999}}`, errs.Invalid, "pack.bad_json"},
		{"comment of two lines", `{"kind":"set_settings","workflow":"main","node":"flights","settings":{"a":1},"notes":[{"at":"settings.a","behind":"# a\nb: c"}]}`, errs.Invalid, "pack.bad_comment"},
		{"remove main", `{"kind":"remove_workflow","id":"main"}`, errs.Conflict, "pack.in_use"},
		{"all or nothing", `{"kind":"batch","commands":[{"kind":"rename","label":"new"},{"kind":"set_keep","workflow":"main","node":"x"}]}`, errs.NotFound, "pack.unknown_node"},
		{"one setting", `{"kind":"set_setting","workflow":"main","node":"by_origin","path":"measures[1].name","value":"n"}`, 0, ""},
		{"broken file", `{"kind":"replace","text":"weft: 1\nlabel: 5\n"}`, errs.Invalid, "pack.want_kind"},
		{"other file", `{"kind":"replace","text":"weft: 1\nlabel: x\n"}`, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/example.weft")
			if err != nil {
				t.Fatal(err)
			}
			p, err := Decode(src, "")
			if err != nil {
				t.Fatal(err)
			}
			var inverse Command
			command, err := DecodeCommand([]byte(c.json))
			if err == nil {
				inverse, err = Apply(p, command)
			}
			if c.id == "" {
				if err != nil || string(Encode(p)) == string(src) {
					t.Fatal("nothing done", err)
				}
				if _, err = Apply(p, inverse); err != nil {
					t.Fatal(err)
				}
			} else if e := errs.All(err); len(e) == 0 || e[0].Message.ID != c.id || e[0].Kind != c.kind {
				t.Fatalf("got %v", err)
			}
			if d := cmp.Diff(string(src), string(Encode(p))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCommentsSurviveEdits(t *testing.T) {
	src := "weft: 1\nvariables:\n  v: {type: integer}  # why\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x\n        settings:\n          # above\n          k: 1  # behind\n          l:\n            - {a: 1}  # item\n"
	want := "weft: 1\nvariables:\n  v: {type: real}  # why\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x\n        settings:\n          # above\n          k: 2  # behind\n          l:\n            - {b: 2}  # item\n            - {c: 3}\n"
	p, err := Decode([]byte(src), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Command{
		SetSetting{Workflow: "main", Node: "a", Path: Path{{Key: "k"}}, Value: Int(2)},
		SetSetting{Workflow: "main", Node: "a", Path: Path{{Key: "l"}}, Value: List(Map(E("b", Int(2))), Map(E("c", Int(3))))},
		SetVariable{Variable: Variable{Name: "v", Type: "real"}},
	} {
		if _, err := Apply(p, c); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, string(Encode(p))); d != "" {
		t.Error(d)
	}
}

func TestPasteMakesFreshIDs(t *testing.T) {
	p := &Package{Weft: 1, Workflows: []Workflow{{ID: "main", Nodes: []Node{{ID: "a", Component: "x"}, {ID: "b_2", Component: "x", Inputs: []Link{{From: Ref{Node: "a"}}}}}}}}
	nodes := p.Clone().Workflows[0].Nodes
	nodes[1].Inputs = append(nodes[1].Inputs, Link{Port: "gone", From: Ref{Node: "elsewhere"}})
	if _, err := Apply(p, Paste{Workflow: "main", Nodes: nodes}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range p.Workflows[0].Nodes {
		s := n.ID
		for _, l := range n.Inputs {
			s += " " + l.Port + "<" + l.From.String()
		}
		got = append(got, s)
	}
	if d := cmp.Diff([]string{"a", "b_2 <a", "a_2", "b <a_2"}, got); d != "" {
		t.Error(d)
	}
}

func TestPaths(t *testing.T) {
	for _, s := range []string{"", "a", "measures[1].column", `a["b c"].d`, `["x.y"][0]`, "a[0][1]", `["\"]"]`, "Город"} {
		p, err := ParsePath(s)
		if err != nil || p.String() != s {
			t.Errorf("%q: %v, %q", s, err, p.String())
		}
	}
	for _, s := range []string{".", "a.", "a..b", "a[", "a[x]", "a[-1]", "a[01]", "a b", `["a"`, "a]"} {
		if p, err := ParsePath(s); err == nil {
			t.Errorf("%q was read as %v", s, p)
		}
	}
}

func TestNewID(t *testing.T) {
	taken := func(id string) bool { return id == "filter" || id == "filter_2" }
	for label, want := range map[string]string{
		"Delays by airport": "delays_by_airport", "Filter": "filter_3", "Объём продаж": "obem_prodazh", "Щука №5": "shchuka_no5", "": "node", "日本": "node",
		"2024 plan": "n2024_plan", "Été à Łódź": "ete_a_lodz", "Straße": "strasse", "  a -- b  ": "a_b", "ﬁx": "fix",
		"A very long label that goes on and on and on": "a_very_long_label_that_goes_on_and_on_an",
	} {
		got := NewID(label, taken)
		if got != want || !validID(got) {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
	}
}
