package discover

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxName is the most characters of a name made from a header.
const maxName = 120

// Name makes a column's name from a header: a Unicode identifier in NFC. Runs
// of characters that can't stand in one become a single '_', none at the
// ends; a leading digit gets a '_' before it. A header without a letter or
// digit gives "".
func Name(header string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range norm.NFC.String(header) {
		switch {
		case unicode.Is(unicode.Cf, r): // zero width: nobody sees it
			continue
		case !identifier(r) || (b.Len() == 0 && unicode.Is(unicode.M, r)):
			gap = true
			continue
		}
		if b.Len() == 0 {
			gap = unicode.IsDigit(r)
		}
		if gap {
			b.WriteByte('_')
			n++
		}
		b.WriteRune(r)
		if n++; n >= maxName {
			break
		}
		gap = false
	}
	name := norm.NFC.String(b.String())
	if strings.Trim(name, "_") == "" {
		return ""
	}
	return name
}

func identifier(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.Nl, unicode.M, unicode.Nd)
}

// Names makes the names of a table's columns from their headers, in order:
// Name's, or column_<number from 1> where that is empty; clashes under full
// case folding get _2, _3 and so on, the first one keeps its name.
func Names(headers []string) []string {
	names := make([]string, len(headers))
	taken := make(map[string]bool, len(headers))
	next := make(map[string]int)
	for i, h := range headers {
		base := Name(h)
		if base == "" {
			base = "column_" + strconv.Itoa(i+1)
		}
		name, key := base, Fold(base)
		for n := max(next[key], 2); taken[Fold(name)]; n++ {
			name = base + "_" + strconv.Itoa(n)
			next[key] = n + 1
		}
		names[i] = name
		taken[Fold(name)] = true
	}
	return names
}

// Fold returns the form of a name that is compared: two names clash when
// their folds are equal. Full Unicode case folding, in NFC.
func Fold(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}
