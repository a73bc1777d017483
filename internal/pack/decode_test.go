package pack

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/errs"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata/errors.txtar")

// TestDecodeErrors holds broken files with everything that is said of them, in
// both languages: pairs of name.weft and name.want.
func TestDecodeErrors(t *testing.T) {
	file := filepath.Join("testdata", "errors.txtar")
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		name, ok := strings.CutSuffix(ar.Files[i].Name, ".weft")
		if !ok || ar.Files[i+1].Name != name+".want" {
			t.Fatal("not a pair:", ar.Files[i].Name)
		}
		_, err := Decode(ar.Files[i].Data, "p.weft")
		var b strings.Builder
		for _, e := range errs.All(err) {
			if e.Kind != errs.Invalid || e.Place.Line == 0 || e.Place.Column == 0 {
				t.Errorf("%s: kind or place missing: %v", name, e)
			}
			e.Cause = nil
			b.WriteString(e.Error() + "\n  " + e.Text("ru") + "\n")
		}
		if *update {
			ar.Files[i+1].Data = []byte(b.String())
		} else if d := cmp.Diff(string(ar.Files[i+1].Data), b.String()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDecodeRefuses holds what is better made than written out.
func TestDecodeRefuses(t *testing.T) {
	node := "weft: 1\nworkflows:\n  main:\n    nodes:\n"
	many := strings.Builder{}
	many.WriteString("weft: 1\nworkflows: {main: {nodes: {a0: {component: x}")
	for i := range MaxNodes {
		many.WriteString(", b" + strings.Repeat("0", 6-len(itoa(i))) + itoa(i) + ": {component: x}")
	}
	many.WriteString("}}}\n")
	unknown := strings.Builder{}
	for i := range 200_000 {
		unknown.WriteString(": {}, y" + itoa(i))
	}
	unknown.WriteString(": {}")
	for name, c := range map[string]struct{ src, id string }{
		"not UTF-8":          {"weft: 1\nlabel: a\xffb\n", "pack.not_utf8"},
		"UTF-16":             {"\xff\xfew\x00e\x00", "pack.not_utf8"},
		"control character":  {"weft: 1\nlabel: a\x00b\n", "pack.bad_character"},
		"lone CR":            {"weft: 1\rlabel: a\n", "pack.bad_character"},
		"direction override": {"weft: 1\nlabel: \"a\u202eb\"\n", "pack.bad_character"},
		"line separator":     {"weft: 1\nlabel: \"a\u2028b\"\n", "pack.bad_character"},
		"too large":          {"weft: 1\n" + strings.Repeat("#\n", MaxBytes/2), "pack.too_large"},
		"too many values":    {"weft: 1\nlabel: [" + strings.Repeat("a,", maxMarks+1) + "]\n", "pack.too_many_values"},
		"errors without end": {"weft: 1\nlayout: {" + strings.Repeat("x", 90) + unknown.String() + "}\n", "pack.layout_unknown"},
		"long text":          {"weft: 1\nlabel: " + strings.Repeat("a", MaxText+1) + "\n", "pack.text_too_long"},
		"too deep":           {"weft: 1\nlabel: " + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "\n", "pack.too_deep"},
		"far too deep":       {"weft: 1\nlabel: " + strings.Repeat("[", 200_000), "pack.syntax"},
		"too many nodes":     {many.String(), "pack.too_many_nodes"},
		"empty":              {"", "pack.empty"},
		"only comments":      {"# weft: 1\n", "pack.empty"},
		"a list":             {"- weft\n", "pack.no_version"},
		"number too large":   {node + "      a: {component: x, settings: {n: 9223372036854775808}}\n", "pack.number_range"},
		"not a number":       {node + "      a: {component: x, settings: {n: .nan}}\n", "pack.not_finite"},
		"long key":           {node + "      a: {component: x, settings: {\"" + strings.Repeat("k", 1010) + "\": 1}}\n", "pack.key_shape"},
	} {
		p, err := Decode([]byte(c.src), "p.weft")
		list, ok := errors.AsType[errs.List](err)
		if !ok || p != nil || list[0].Message.ID != c.id || list[0].Place.File != "p.weft" {
			t.Errorf("%s: %.300v", name, err)
		}
	}
}

func itoa(i int) string { return scalarText(Int(int64(i)), false) }
