package workspace

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
)

// badParts are names that no file may have on any system, and why.
func badParts() map[string][]string {
	bad := map[string][]string{
		"way":     {".", "..", "...", "a.", "a..", " a", "a ", " "},
		"device":  {},
		"private": {".weft-", ".weft-x.new"},
		"hidden":  {},
		"char":    {},
		"form":    {"e\u0301", "A\u030a", "\xff", "a\xc3"},
		"length":  {strings.Repeat("a", 256), strings.Repeat("я", 128)},
	}
	for _, d := range []string{"con", "prn", "aux", "nul", "conin$", "conout$"} {
		bad["device"] = append(bad["device"], d, strings.ToUpper(d), d+".txt", d+".tar.gz", strings.ToUpper(d[:1])+d[1:]+".csv")
	}
	for _, d := range []string{"com", "lpt"} {
		for _, n := range "0123456789¹²³" {
			bad["device"] = append(bad["device"], d+string(n), strings.ToUpper(d)+string(n)+".weft")
		}
	}
	for _, c := range `\:*?"<>|` {
		bad["char"] = append(bad["char"], string(c), "a"+string(c), string(c)+"a", "a"+string(c)+"b")
	}
	for r := rune(0); r < 0x20; r++ {
		bad["hidden"] = append(bad["hidden"], "a"+string(r), string(r)+"a", "a"+string(r)+"b")
	}
	for _, r := range []rune{0x7f, 0x80, 0x9f, 0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2028, 0x2029, 0x2066, 0x2067, 0x2068, 0x2069} {
		bad["hidden"] = append(bad["hidden"], "a"+string(r)+"b", string(r)+"fdp.exe")
	}
	return bad
}

// Over 500 names: each alone, first, last and in the middle of a path.
func TestBadNames(t *testing.T) {
	n := 0
	for kind, parts := range badParts() {
		for _, part := range parts {
			for _, name := range []string{part, part + "/a", "a/" + part, "a/" + part + "/b", "/" + part} {
				n++
				err := CheckName(name)
				e, ok := errors.AsType[*errs.Error](err)
				if !ok || e.Kind != errs.Invalid {
					t.Errorf("%s: %q is taken: %v", kind, name, err)
					continue
				}
				if e.Text("en") == e.Text("ru") || strings.Contains(e.Text("ru"), "{") {
					t.Errorf("%q: %s", name, e.Text("ru"))
				}
			}
		}
	}
	for _, name := range []string{"", "/", "//", "a//b", "a/", "/a", "/etc/passwd", "../x", "a/../../x", strings.Repeat("a/", 2048) + "a"} {
		n++
		if CheckName(name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if n < 500 {
		t.Errorf("only %d names", n)
	}
}

func TestGoodNames(t *testing.T) {
	for _, name := range []string{
		"a", "a.b", ".hidden", "..a", "-rf", "a b", "user/Данные/продажи 2026.csv", "é", "日本", "a&b", "%2e%2e", "a;b", "$HOME", "~", "`x`",
		"console", "com", "com10", "nul1", "lpt", "con-x", strings.Repeat("a", 255), "a'b", "{a}", "[a]", "#1", "a=b", "weft-x", "👩\u200d💻",
	} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Whatever is taken stays where it is: no part leads up, and none holds what
// some system reads in another way.
func TestNamesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune(`./\ :*conNUL`)))).Draw(t, "name")
		if CheckName(name) != nil {
			return
		}
		for part := range strings.SplitSeq(name, "/") {
			if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\:*?\"<>|\x00") || strings.ContainsFunc(part, unicode.IsControl) {
				t.Fatal(fmt.Sprintf("%q is taken", name))
			}
		}
	})
}
