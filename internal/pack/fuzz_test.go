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
