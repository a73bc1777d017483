package discover

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// detect names the encoding of a head that isn't known to be binary.
// It reports false when the bytes are no text in any encoding.
func detect(b []byte, complete bool) (string, bool) {
	if name := byMark(b); name != "" {
		return name, true
	}
	if name := byZeros(b); name != "" {
		return name, true
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return "", false
	}
	good, bad := countUTF8(b, complete)
	if bad == 0 || good > 20*bad {
		return "utf-8", true
	}
	return byLetters(b), true
}

// byMark names the encoding by its byte order mark.
func byMark(b []byte) string {
	for _, m := range []struct{ mark, name string }{
		{"\xef\xbb\xbf", "utf-8"},
		{"\xff\xfe\x00\x00", "utf-32"},
		{"\x00\x00\xfe\xff", "utf-32"},
		{"\xff\xfe", "utf-16le"},
		{"\xfe\xff", "utf-16be"},
	} {
		if bytes.HasPrefix(b, []byte(m.mark)) {
			return m.name
		}
	}
	return ""
}

// byZeros recognises UTF-16 without a mark: delimiters, digits and line ends
// have one zero byte each, always on the same side.
func byZeros(b []byte) string {
	b = b[:min(len(b), sampleBytes)&^1]
	var even, odd int
	for i := 0; i < len(b); i += 2 {
		if b[i] == 0 && printable(b[i+1]) {
			even++
		}
		if b[i+1] == 0 && printable(b[i]) {
			odd++
		}
	}
	pairs := len(b) / 2
	switch {
	case odd*20 > pairs && even*100 < odd:
		return "utf-16le"
	case even*20 > pairs && odd*100 < even:
		return "utf-16be"
	}
	return ""
}

// printable reports whether c is an ASCII character that text has.
func printable(c byte) bool {
	return c >= ' ' && c <= '~' || c == '\t' || c == '\n' || c == '\r'
}

// countUTF8 counts characters of several bytes, and bytes that are none. The
// end of a head may cut a character: that counts as neither.
func countUTF8(b []byte, complete bool) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			if !complete && !utf8.FullRune(b[i:]) {
				return good, bad
			}
			bad++
		} else {
			good++
		}
		i += size
	}
	return good, bad
}

// byLetters chooses among the encodings that are known by what stands in them:
// Cyrillic ones when the bytes above 127 stand together as letters do in
// Russian words; East Asian ones when they are words of such a language; else
// the western one, where they stand alone between ASCII letters.
func byLetters(b []byte) string {
	b = b[:min(len(b), sampleBytes)]
	high, beside := 0, 0
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		high++
		if (i > 0 && b[i-1] >= utf8.RuneSelf) || (i+1 < len(b) && b[i+1] >= utf8.RuneSelf) {
			beside++
		}
	}
	name, odd := bySpelling(b)
	words := beside*2 >= high
	if words && odd*mostOdd <= high {
		return name
	}
	if other, ok := eastAsian(b); ok {
		return other
	}
	if !words {
		return "windows-1252"
	}
	return name
}

// mostOdd: Russian has at most one in so many letters that is odd there.
const mostOdd = 6

// bySpelling names the encoding in which b looks most like Russian, and counts
// what is odd about it all the same.
func bySpelling(b []byte) (name string, odd int) {
	name, top := "windows-1252", 0
	odd = len(b)
	for _, c := range []struct {
		name string
		enc  *charmap.Charmap
	}{
		{"windows-1251", charmap.Windows1251},
		{"koi8-r", charmap.KOI8R},
		{"ibm866", charmap.CodePage866},
	} {
		if score, o := russian(b, c.enc); score > top {
			name, top, odd = c.name, score, o
		}
	}
	return name, odd
}

// russian scores how much b, decoded, looks like Russian: its frequent letters
// count for it, characters that aren't Cyrillic and capitals behind
// small letters against it, which are odd.
func russian(b []byte, enc *charmap.Charmap) (score, odd int) {
	prev := rune(0)
	for _, c := range b {
		r := enc.DecodeByte(c)
		if c >= utf8.RuneSelf {
			switch {
			case unicode.IsUpper(r) && unicode.IsLower(prev):
				score -= 4
				odd++
			case strings.ContainsRune("оеаинтсрвлкмдпу", unicode.ToLower(r)):
				score += 3
			case unicode.Is(unicode.Cyrillic, r):
				score++
			case !strings.ContainsRune("«»№—–…“”\u00a0", r):
				score -= 4
				odd++
			}
		}
		prev = r
	}
	return score, odd
}
