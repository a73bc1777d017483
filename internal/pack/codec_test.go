package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// exact compares everything but positions.
var exact = cmp.Options{
	cmpopts.IgnoreTypes(Pos{}),
	cmpopts.EquateEmpty(),
	cmp.Comparer(sameValue),
}

func sameValue(a, b Value) bool {
	if a.Kind != b.Kind || a.Bool != b.Bool || a.Int != b.Int || a.Real != b.Real || a.Text != b.Text {
		return false
	}
	if !cmp.Equal(a.Notes, b.Notes, cmpopts.EquateEmpty()) || len(a.List) != len(b.List) || len(a.Map) != len(b.Map) {
		return false
	}
	for i := range a.List {
		if !sameValue(a.List[i], b.List[i]) {
			return false
		}
	}
	for i := range a.Map {
		if a.Map[i].Key != b.Map[i].Key || !sameValue(a.Map[i].Value, b.Map[i].Value) {
			return false
		}
	}
	return true
}

// TestCanonicalFiles holds files that must come out as they are, byte for byte.
func TestCanonicalFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.weft")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Format(src, f)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(src), string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	node := "weft: 1\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x.y\n"
	for _, c := range []struct{ name, src, want string }{
		{"key order, quotes, version 1 of a component",
			"---\r\nlabel: 'plain'\r\nworkflows:\r\n  main: {nodes: {a: {settings: {}, label: \"yes\", component: x.y@1}}}\r\nweft: 1\r\n",
			"weft: 1\nlabel: plain\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x.y\n        label: \"yes\"\n"},
		{"YAML 1.1 traps",
			node + "        settings: {a: yes, b: 012, c: 1_000, d: 0x1F, e: 2024-01-31, f: 1:30, g: ~, h: 1e3, i: 0o17, j: .5, k: no}\n",
			node + "        settings:\n          a: \"yes\"\n          b: 12\n          c: \"1_000\"\n          d: 31\n          e: \"2024-01-31\"\n          f: \"1:30\"\n          g: null\n          h: 1000.0\n          i: 15\n          j: 0.5\n          k: \"no\"\n"},
		{"folded text becomes a block",
			node + "        settings:\n          s: >\n            one\n            two\n\n            three\n          t: \"a\\nb\"\n",
			node + "        settings:\n          s: |\n            one two\n            three\n          t: |-\n            a\n            b\n"},
		{"comments at every kind of place",
			"# head\nweft: 1 # w\n\n# section\nworkflows: # s\n  # flow\n  main:\n    nodes:\n     # node\n     a: # n\n      component: x.y # comp\n      settings: # set\n        # list\n        l: # l\n        # item\n        - {a: 1} # behind\n        - a: 1 # inner\n        s: \"# none\" # q\n        b: | # blk\n          # text\n         # above c\n        c: it's # no quote\n# tail\n",
			"# head\nweft: 1  # w\n# section\nworkflows:  # s\n  # flow\n  main:\n    nodes:\n      # node\n      a:  # n\n        component: x.y  # comp\n        settings:  # set\n          # list\n          l:  # l\n            # item\n            - {a: 1}  # behind\n            - a: 1  # inner\n          s: \"# none\"  # q\n          b: |  # blk\n            # text\n          # above c\n          c: it's  # no quote\n# tail\n"},
		{"long and deep collections get lines of their own",
			node + "        settings: {l: [" + strings.Repeat("abcdefghij, ", 10) + "x], m: [[a, b], [c]], e: [], v: {var: min}, d: [{a: [1], b: {c: {d: 1}}}]}\n",
			node + "        settings:\n          l:\n" + strings.Repeat("            - abcdefghij\n", 10) + "            - x\n          m:\n            - [a, b]\n            - [c]\n          e: []\n          v: {var: min}\n          d:\n            - a: [1]\n              b: {c: {d: 1}}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Format([]byte(c.src), "")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, string(got)); d != "" {
				t.Error(d)
			}
			again, err := Format(got, "")
			if err != nil || string(again) != string(got) {
				t.Error("not stable:", err, cmp.Diff(string(got), string(again)))
			}
		})
	}
}

func TestEncodeThenDecodeIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		text := Encode(p)
		got, err := Decode(text, "")
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := cmp.Diff(p, got, exact); d != "" {
			t.Fatalf("%s\n%s", d, text)
		}
		if again := Encode(got); string(again) != string(text) {
			t.Fatal(cmp.Diff(string(text), string(again)))
		}
	})
}

func TestTextsRoundTrip(t *testing.T) {
	for _, s := range []string{
		"", " ", "a ", " a", "\n", "\n\n", "a\n", "a\nb", "a\n\n\n", " a\nb", "\n a\nb\n", "\ta\nb", "a\n \t\nb", "a\n  ", "a\r\nb",
		"yes", "Y", "012", "0x1", "1_0", "1:30", "2024-01-31", "-", "- a", "-a", "---", "...", "?", "? a", ":", "a: b", "a:b", "a #b", "a#b",
		"#", "&a", "*a", "!a", "|", ">", "'", "\"", "it's \"x\"", "%", "@", "`", "[a", "{a", "a, b", "a]", "<<", "=", "~", "null", "nan", ".nan", ".inf",
		"\x00", "\x7f", "\u0085", "\u2028", "\ufeff", "\u202e", "\U0001F600", "\uFFFE", "C:\\x\\n", "e\u0301", "a\tb", "delay >= $min", "'AA'", "1e5", "+1", ".5", "0o7",
		"# not a comment\n# neither", "a: 1\nb: 2\n", "a\u2028b\nc",
	} {
		p := &Package{Weft: 1, Label: s, Workflows: []Workflow{{ID: "main", Nodes: []Node{{ID: "a", Component: "x.y", Settings: Map(
			E("t", Text(s)), E("l", List(Text(s), Text("z"))), E("m", List(Map(E("k", Text(s)), E("j", Text(s)))))),
		}}}}}
		text := Encode(p)
		got, err := Decode(text, "")
		if err != nil {
			t.Errorf("%q: %v\n%s", s, err, text)
		} else if d := cmp.Diff(p, got, exact); d != "" {
			t.Errorf("%q: %s\n%s", s, d, text)
		}
	}
}

// TestChangingOneThingChangesOneLine is what makes diffs readable.
func TestChangingOneThingChangesOneLine(t *testing.T) {
	src, err := os.ReadFile("testdata/example.weft")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Package){
		"setting": func(p *Package) { p.Workflows[0].Nodes[1].Settings.Map[0].Value = Text("delay > 1") },
		"item":    func(p *Package) { p.Workflows[0].Nodes[2].Settings.Map[1].Value.List[0].Map[1].Value = Text("sum") },
		"place":   func(p *Package) { p.Workflows[0].Nodes[1].At.X = 7 },
		"label":   func(p *Package) { p.Workflows[0].Nodes[2].Label = "x" },
		"link":    func(p *Package) { p.Workflows[0].Nodes[2].Inputs[0].From.Node = "flights" },
	} {
		p, err := Decode(src, "")
		if err != nil {
			t.Fatal(err)
		}
		change(p)
		before, after := strings.Split(string(src), "\n"), strings.Split(string(Encode(p)), "\n")
		changed := 0
		for i := range before {
			if i >= len(after) || before[i] != after[i] {
				changed++
			}
		}
		if changed != 1 || len(before) != len(after) {
			t.Errorf("%s: %d lines changed, %d lines before, %d after", name, changed, len(before), len(after))
		}
	}
}
