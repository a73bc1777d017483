package discover

import "golang.org/x/text/encoding"

// doubleByte is an encoding of an East Asian language: a character beyond ASCII
// takes two bytes, and those that texts are made of stand in one part of its
// table.
type doubleByte struct {
	name   string
	single func(lead byte) bool // takes one byte; nil: none does
	common func(lead, trail byte) bool
}

// doubleBytes lists them, those with the smaller part of the table first.
func doubleBytes() []doubleByte {
	return []doubleByte{
		{"shift_jis", halfKana, commonShiftJIS},
		{"euc-kr", nil, func(lead, trail byte) bool {
			return trail > 0xa0 && (within(lead, 0xa1, 0xa3) || within(lead, 0xb0, 0xc8))
		}},
		{"big5", nil, func(lead, _ byte) bool { return within(lead, 0xa1, 0xa3) || within(lead, 0xa4, 0xc6) }},
		{"gb18030", nil, func(lead, trail byte) bool {
			return trail > 0xa0 && (within(lead, 0xa1, 0xa3) || within(lead, 0xb0, 0xd7))
		}},
		{"euc-jp", nil, func(lead, trail byte) bool {
			return trail > 0xa0 && (within(lead, 0xa1, 0xa5) || within(lead, 0xb0, 0xcf))
		}},
	}
}

func within(b, from, to byte) bool { return from <= b && b <= to }

// halfKana are the narrow katakana of Shift JIS, which old files have.
func halfKana(b byte) bool { return within(b, 0xa1, 0xdf) }

// commonShiftJIS: punctuation, kana, and the first level of kanji.
func commonShiftJIS(lead, trail byte) bool {
	return within(lead, 0x81, 0x83) || within(lead, 0x89, 0x97) || lead == 0x88 && trail >= 0x9f || lead == 0x98 && trail <= 0x72
}

// The least that speaks for an East Asian language.
const (
	leastDouble = 4  // characters
	mostRare    = 15 // % of them that are rare
	leastBeside = 50 // % that follow another one
)

// eastAsian names the encoding of b that is text in one of East Asia: every
// byte has its place, characters stand together as in words, and nearly all
// are common ones. The letters of other languages, taken for such characters,
// fail at one of the three; what fails is not guessed.
func eastAsian(b []byte) (string, bool) {
	best, least := "", mostRare+1
	for _, e := range doubleBytes() {
		all, rare, beside := e.count(b)
		if all < leastDouble || beside*100 < all*leastBeside || rare*100/all >= least {
			continue
		}
		if c, err := lookup(e.name); err == nil && valid(c.enc, b) {
			best, least = e.name, rare*100/all
		}
	}
	return best, best != ""
}

// valid reports whether b is text in an encoding, but for an end cut in two.
func valid(enc encoding.Encoding, b []byte) bool {
	d := NewDecoder(enc, true)
	_, err := d.decode(b, false)
	return err == nil
}

// count counts the characters of two bytes, those of them that are rare, and
// those that follow another one at once.
func (e doubleByte) count(b []byte) (all, rare, beside int) {
	follows := false
	for i := 0; i+1 < len(b); {
		if b[i] < 0x80 {
			follows = false
			i++
			continue
		}
		all++
		if follows {
			beside++
		}
		follows = true
		if e.single != nil && e.single(b[i]) {
			rare++
			i++
			continue
		}
		if !e.common(b[i], b[i+1]) {
			rare++
		}
		i += 2
	}
	return all, rare, beside
}
