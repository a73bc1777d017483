package config

import (
	"strings"
	"testing"
	"unicode"

	"github.com/weftworks/weft/internal/errs"
)

// What people write wrong in a TOML file is told in words of our own, in both
// languages, with line and column.
func TestSyntaxIsWorded(t *testing.T) {
	cases := map[string]struct {
		text, place, want string
	}{
		"text without quotes":   {"a = b.c", "f:1:5", "text stands in quotes"},
		"a word for a boolean":  {"a = True", "f:1:5", "text stands in quotes"},
		"almost a boolean":      {"a = trve", "f:1:5", "text stands in quotes"},
		"digits and letters":    {"a = 10m", "f:1:7", "text stands in quotes"},
		"a value is missing":    {"a = ", "f:1:4", "a value is missing"},
		"on the next line":      {"a =\n1", "f:1:4", "a value is missing"},
		"a colon":               {"a: 1", "f:1:2", "behind a key comes ="},
		"a key alone":           {"a", "f:1:1", "behind a key comes ="},
		"no key":                {"= 1", "f:1:1", "a key is missing"},
		"a key of letters":      {"ключ = 1", "f:1:1", "a key is missing"},
		"two on a line":         {"a = 1 b = 2", "f:1:7", "the line goes on"},
		"a section is open":     {"[a\nb = 1", "f:1:3", "not closed by ]"},
		"a list's is open":      {"[[a]\nb = 1", "f:1:4", "not closed by ]"},
		"a list is open":        {"a = [1, 2", "f:1:9", "not closed by ]"},
		"no comma in a list":    {"a = [1 2]", "f:1:8", "parted by commas"},
		"braces are open":       {"a = {b = 1", "f:1:10", "not closed by }"},
		"no comma in braces":    {"a = {b = 1 c = 2}", "f:1:12", "parted by single commas"},
		"quotes are open":       {"a = \"b\nc = 1", "f:1:7", "quotes are not closed"},
		"single quotes as well": {"a = 'b", "f:1:6", "quotes are not closed"},
		"three quotes":          {"a = \"\"\"b", "f:1:8", "quotes are not closed"},
		"a path of Windows":     {`a = "C:\weft"`, "f:1:8", "no such escape"},
		"a number too large":    {"a = 99999999999999999999", "f:1:5", "too large"},
		"leading zeroes":        {"a = 0123", "f:1:5", "not written as numbers are"},
		"a number's end":        {"a = 1.", "f:1:6", "not written as numbers are"},
		"no such date":          {"a = 2026-02-30", "f:1:13", "date or time"},
		"not UTF-8":             {"a = \"\xff\"", "f:1:6", "not UTF-8"},
		"a control character":   {"a = \"\x01\"", "f:1:6", "control character"},
		"a key twice":           {"a = 1\na = 2", "f:2:1", "a stands in the file more than once"},
		"a section twice":       {"[a]\nb = 1\n[a]", "f:3:2", "a stands in the file more than once"},
		"a value and a section": {"a = 1\n[a]", "f:2:2", "a stands in the file more than once"},
		"a list and a section":  {"[a]\n[[a]]", "f:2:3", "a stands in the file more than once"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parseDocument("f", []byte(c.text))
			list := errs.All(err)
			if len(list) != 1 || list[0].Place.String() != c.place || !strings.Contains(list[0].Text("en"), c.want) {
				t.Fatalf("got %v, want %s: %s", err, c.place, c.want)
			}
			ru := list[0].Text("ru")
			detail := strings.TrimPrefix(ru, "Это не TOML: ")
			if strings.IndexFunc(detail, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) < 0 {
				t.Error(ru)
			}
		})
	}
}
