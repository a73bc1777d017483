package pack

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzDecode holds that any bytes are either refused or come to rest: what is
// written for them reads as the same package and is written the same again,
// with every comment.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"testdata/example.weft", "testdata/full.weft"} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for _, s := range []string{
		"weft: 1\nlabel: |2-\n   a\n  b # no\n# c\n", "weft: 1 # a\nlabel: \"a\\\n  b # no\" # c\n", "weft: 1\nnote: >+\n a\n\n\n# x\nlabel: 'it''s' # '\n",
		"{weft: 1, workflows: {main: {nodes: {a: {component: x}}}}} # c\n", "weft: 1\nvariables:\n# c\n- a\n", "? a\n: b\n", "&a *a !t", "---\n---\n", "%YAML 1.2\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := Decode(src, "f")
		if err != nil {
			return
		}
		text := Encode(p)
		q, err := Decode(text, "f")
		if err != nil {
			t.Fatalf("%v\n%q\n%s", err, src, text)
		}
		if again := Encode(q); string(again) != string(text) {
			t.Fatalf("%q\n%s", src, cmp.Diff(string(text), string(again)))
		}
	})
}

// FuzzCommand holds that whatever comes as a command is refused, or applied
// and taken back, and leaves a package that can be read.
func FuzzCommand(f *testing.F) {
	src, err := os.ReadFile("testdata/full.weft")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		`{"kind":"set_setting","workflow":"main","node":"b","path":"keys[0].left","value":{"a":[1.5,null]},"notes":[{"at":"value.a[0]","above":["# x"]}]}`,
		`{"kind":"add_node","workflow":"main","id":"c","node":{"component":"x","inputs":{"l":"a"},"settings":{"a":1},"at":[1,2]},"before":"b"}`,
		`{"kind":"paste","workflow":"main","nodes":{"a":{"component":"x"},"b":{"component":"y","input":"a"}},"shift":[24,24]}`,
		`{"kind":"batch","commands":[{"kind":"move_nodes","workflow":"main","places":{"a":null}},{"kind":"remove_test","id":"small"},{"kind":"remove_service","id":"s"},{"kind":"remove_nodes","workflow":"main","nodes":["a","b"]}]}`,
		`{"kind":"set_variable","id":"min","variable":{"type":"real","default":1.5,"label":null},"notes":[{"at":"variable.label","behind":"# b"}]}`,
		`{"kind":"set_test","id":"u","new":true,"test":{"given":{"a":[{"x":1}]},"want":{"b.rejected":{"rows":[],"holds":"x"}}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, command []byte) {
		c, err := DecodeCommand(command)
		if err != nil {
			return
		}
		p, err := Decode(src, "")
		if err != nil {
			t.Fatal(err)
		}
		inverse, err := Apply(p, c)
		if err == nil {
			if _, err := Decode(Encode(p), ""); err != nil {
				t.Fatalf("%v\n%s", err, Encode(p))
			}
			if _, err := Apply(p, inverse); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(string(src), string(Encode(p))); d != "" {
			t.Fatal(d)
		}
	})
}
