package pack

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxNewID keeps made ids short, with room for a number behind.
const maxNewID = 40

// NewID makes an id out of a label: transliterated to a-z, 0-9 and _, with a
// number behind when it is taken. The same label and the same ids taken give
// the same id.
func NewID(label string, taken func(id string) bool) string {
	base := transliterate(label)
	if base == "" {
		base = "node"
	}
	if base[0] >= '0' && base[0] <= '9' {
		base = "n" + base
	}
	id := base
	for n := 2; taken(id); n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	return id
}

func transliterate(label string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(label)) {
		s := latin(r)
		if s == "" {
			gap = gap || !unicode.Is(unicode.Mn, r) && r != 'ъ' && r != 'ь'
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteString(s)
		if b.Len() >= maxNewID {
			break
		}
	}
	return strings.TrimRight(b.String(), "_")
}

// latin is one lower-case character in a-z and 0-9; empty when it has none.
func latin(r rune) string {
	if s := cyrillic(r); s != "" {
		return s
	}
	var b strings.Builder
	for _, c := range strings.ToLower(norm.NFKD.String(string(r))) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		}
	}
	if b.Len() > 0 {
		return b.String()
	}
	switch r { // Latin letters that do not decompose
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	}
	return ""
}

// cyrillic follows the passport table (ICAO 9303) for Russian, with the usual
// letters of its neighbours.
func cyrillic(r rune) string {
	const first = 'а'
	table := [...]string{
		"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p",
		"r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia",
	}
	if r >= first && int(r-first) < len(table) {
		return table[r-first]
	}
	switch r {
	case 'ё', 'є':
		return "e"
	case 'і', 'ї':
		return "i"
	case 'ґ':
		return "g"
	case 'ў':
		return "u"
	case 'ј':
		return "j"
	}
	return ""
}
