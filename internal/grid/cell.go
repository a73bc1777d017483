// Package grid prints result tables: aligned for people, and as CSV or JSON
// for other programs.
//
// It is pure: it writes to the writer that it is given, and knows no terminal,
// no engine and no package.
package grid

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/weftworks/weft/internal/rel"
)

// Spell is a value as a cell shows it: null as ∅, empty text as ”, and
// characters that move the cursor, hide or turn text as their codes.
func Spell(v rel.Value) string {
	switch v := v.(type) {
	case nil:
		return null
	case string:
		if v == "" {
			return empty
		}
		return Visible(v)
	case float64:
		return number(v)
	default:
		return Visible(fmt.Sprint(v))
	}
}

const (
	null  = "∅"
	empty = "''"
)

// Visible spells control characters, and those that turn the direction of
// text, so that they cannot act on a terminal: a line break as \n, an escape
// as \u001b.
func Visible(s string) string {
	if !strings.ContainsFunc(s, acts) && strings.ToValidUTF8(s, "") == s {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case acts(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// acts reports whether a character does something rather than being seen.
func acts(r rune) bool {
	switch {
	case unicode.IsControl(r), r == unicode.ReplacementChar:
		return unicode.IsControl(r)
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	case r == '\u200e', r == '\u200f', r == '\u061c', r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	}
	return false
}

// number spells a real in full where that is short, else with an exponent. It
// reads back as the same real.
func number(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// reals spells the reals of one column with the same number of decimals: as
// many as they need, up to three behind numbers of one and more, and so many
// that small ones keep four digits.
func reals(values []rel.Value) []string {
	need, largest := 0, 0.0
	for _, v := range values {
		if f, ok := v.(float64); ok {
			_, frac, _ := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
			need, largest = max(need, len(frac)), max(largest, math.Abs(f))
		}
	}
	decimals := 3
	if largest < 1 {
		decimals = 4
	}
	decimals = min(decimals, need)
	least := math.Pow(10, -float64(decimals))
	out := make([]string, len(values))
	for i, v := range values {
		f, ok := v.(float64)
		a := math.Abs(f)
		switch {
		case !ok:
			out[i] = Spell(v)
		case a >= 1e15, a != 0 && a < least:
			out[i] = strconv.FormatFloat(f, 'g', 4, 64)
		default:
			out[i] = strconv.FormatFloat(f, 'f', decimals, 64)
		}
	}
	return out
}

// Width is how many columns of a terminal a text takes.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Shorten cuts a text to at most n columns of a terminal, with … at its end
// where something is left out.
func Shorten(s string, n int) string {
	if Width(s) <= n {
		return s
	}
	used, end := 1, 0
	for i, r := range s {
		if used += runeWidth(r); used > n {
			break
		}
		end = i + len(string(r))
	}
	return s[:end] + "…"
}

// pad fills a text with blanks to n columns of a terminal.
func pad(s string, n int, right bool) string {
	blanks := strings.Repeat(" ", max(0, n-Width(s)))
	if right {
		return blanks + s
	}
	return s + blanks
}
