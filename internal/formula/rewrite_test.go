package formula_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/formula"
)

func TestCanonical(t *testing.T) {
	for src, want := range map[string]string{
		"[Number of people]*2 -- [Reading]":  "n*2 -- [Reading]",
		"[Full name] = '[Reading]'":          "name = '[Reading]'",
		"/* ₽ */ [Цена, ₽]+[a]]b]":           "/* ₽ */ price+город",
		"[End] + [end]":                      "[end] + [end]",
		"I + r":                              "I + r",
		"case when ok then [reading] else r": "",
		"[Twice]":                            "",
		"[Nobody] + [Twice]":                 "",
	} {
		got, err := formula.Canonical(src, env().Schema)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s became %q (%v), want %q", src, got, err, want)
		}
	}
	e := joinEnv()
	got, err := formula.CanonicalJoin("left.[Left label] = [Right label]", e.Left, e.Right)
	if err != nil || got != "left.a = b" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRename(t *testing.T) {
	for _, c := range []struct{ src, from, to, want string }{
		{"i + I*2 -- i\n+ 'i' + [i]", "i", "count", "count + count*2 -- i\n+ 'i' + count"},
		{"город || город", "ГОРОД", "city", "city || city"},
		{"length(length)", "length", "size", "length(size)"},
		{"date > date '2020-01-01'", "date", "day", "day > date '2020-01-01'"},
		{"i + 1", "i", "a b", "[a b] + 1"},
		{"i + 1", "i", "end", "[end] + 1"},
		{"left.i = i", "i", "j", "left.i = j"},
		{"$i + i", "i", "j", "$i + j"},
	} {
		got, err := formula.Rename(c.src, c.from, c.to)
		if err != nil || got != c.want {
			t.Errorf("%s: %q (%v), want %q", c.src, got, err, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	src := "case when b > $x then [A label] + b else f(c, $y, $x) end -- d"
	columns, err := formula.Columns(src)
	if diff := cmp.Diff([]string{"b", "A label", "c"}, columns); diff != "" || err != nil {
		t.Errorf("columns: %v %s", err, diff)
	}
	variables, err := formula.Variables(src)
	if diff := cmp.Diff([]string{"x", "y"}, variables); diff != "" || err != nil {
		t.Errorf("variables: %v %s", err, diff)
	}
}
