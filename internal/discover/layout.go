package discover

import (
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// layout is a strptime pattern, taken apart. It accepts what the engine's
// try_strptime accepts of the same pattern, but for years of fewer than four
// digits under %Y, which nobody means.
type layout struct {
	format string
	parts  []part
	date   bool
	time   bool
	zone   bool
}

// part is one specifier, or a text that stands for itself.
type part struct {
	spec byte // 0: text
	text string
}

// compileFormat takes a pattern apart; an unknown specifier is Invalid.
func compileFormat(format string) (*layout, error) {
	l := &layout{format: format}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			l.literal(format[i : i+1])
			continue
		}
		if i++; i < len(format) && format[i] == '-' && i+1 < len(format) && strings.IndexByte("dmyHIMSj", format[i+1]) >= 0 {
			i++
		}
		if i >= len(format) || strings.IndexByte("YymdbBaAjHIMSfgnpzZ%", format[i]) < 0 {
			return nil, errs.New(errs.Invalid, msgFormat, errs.P{"format": format})
		}
		l.specifier(format[i])
	}
	if !l.date && !l.time {
		return nil, errs.New(errs.Invalid, msgFormat, errs.P{"format": format})
	}
	return l, nil
}

func (l *layout) literal(s string) {
	if n := len(l.parts); n > 0 && l.parts[n-1].spec == 0 {
		l.parts[n-1].text += s
		return
	}
	l.parts = append(l.parts, part{text: s})
}

func (l *layout) specifier(c byte) {
	switch {
	case c == '%':
		l.literal("%")
		return
	case strings.IndexByte("YymdbBj", c) >= 0:
		l.date = true
	case strings.IndexByte("HIMSfgnp", c) >= 0:
		l.time = true
	case c == 'z' || c == 'Z':
		l.zone = true
	}
	l.parts = append(l.parts, part{spec: c})
}

// typ is the type of what the pattern reads.
func (l *layout) typ() string {
	switch {
	case l.date && l.time && l.zone:
		return "timestamptz"
	case l.date && l.time:
		return "timestamp"
	case l.date:
		return "date"
	}
	return "time"
}

// moment is what a pattern read; zero fields are valid ones.
type moment struct{ year, month, day, hour, minute, second, half int }

// fits reports whether s is a valid moment in this pattern.
func (l *layout) fits(s string) bool {
	m := moment{year: 2000, month: 1, day: 1, half: -1}
	for _, p := range l.parts {
		var ok bool
		if p.spec == 0 {
			s, ok = skipText(s, p.text)
		} else {
			s, ok = m.read(s, p.spec)
		}
		if !ok {
			return false
		}
	}
	return s == "" && m.valid()
}

// skipText skips a text; one space stands for any number of them.
func skipText(s, text string) (string, bool) {
	for i := range len(text) {
		if s == "" || s[0] != text[i] {
			return s, false
		}
		if s = s[1:]; text[i] == ' ' {
			s = strings.TrimLeft(s, " ")
		}
	}
	return s, true
}

func (m *moment) read(s string, spec byte) (rest string, ok bool) {
	switch spec {
	case 'Y':
		return number(s, 4, 4, &m.year)
	case 'y':
		return number(s, 2, 2, &m.year)
	case 'm':
		return number(s, 1, 2, &m.month)
	case 'd':
		return number(s, 1, 2, &m.day)
	case 'H':
		return number(s, 1, 2, &m.hour)
	case 'M':
		return number(s, 1, 2, &m.minute)
	case 'S':
		return number(s, 1, 2, &m.second)
	case 'I':
		rest, ok = number(s, 1, 2, &m.hour)
		return rest, ok && m.hour >= 1 && m.hour <= 12
	case 'j':
		var d int
		rest, ok = number(s, 1, 3, &d)
		return rest, ok && d >= 1 && d <= 366
	case 'f', 'g', 'n':
		var f int
		return number(s, 1, map[byte]int{'f': 6, 'g': 3, 'n': 9}[spec], &f)
	case 'z':
		return offset(s)
	}
	return m.readWord(s, spec)
}

const (
	monthWords = "january february march april may june july august september october november december"
	dayWords   = "monday tuesday wednesday thursday friday saturday sunday"
)

func (m *moment) readWord(s string, spec byte) (rest string, ok bool) {
	i := 0
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') {
		i++
	}
	word, rest := strings.ToLower(s[:i]), s[i:]
	switch spec {
	case 'b', 'B':
		m.month, ok = pick(monthWords, word, spec == 'b')
	case 'a', 'A':
		_, ok = pick(dayWords, word, spec == 'a')
	case 'p':
		ok = word == "am" || word == "pm"
	case 'Z':
		ok = word != ""
	}
	return rest, ok
}

// pick returns the number, from 1, of a word, or of its first three letters.
func pick(words, word string, short bool) (int, bool) {
	for i, w := range strings.Fields(words) {
		if short {
			w = w[:3]
		}
		if w == word {
			return i + 1, true
		}
	}
	return 0, false
}

// number reads least to most digits.
func number(s string, least, most int, into *int) (rest string, ok bool) {
	i, n := 0, 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	*into = n
	return s[i:], i >= least
}

// offset reads ±HH, ±HHMM or ±HH:MM.
func offset(s string) (rest string, ok bool) {
	if s == "" || (s[0] != '+' && s[0] != '-') {
		return s, false
	}
	var h, m int
	if s, ok = number(s[1:], 2, 2, &h); !ok || h > 15 {
		return s, false
	}
	after := strings.TrimPrefix(s, ":")
	if r, ok := number(after, 2, 2, &m); ok && m < 60 {
		return r, true
	}
	return s, true
}

func (m *moment) valid() bool {
	if m.month < 1 || m.month > 12 || m.day < 1 || m.hour > 23 || m.minute > 59 || m.second > 59 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m.month-1]
	if m.month == 2 && m.year%4 == 0 && (m.year%100 != 0 || m.year%400 == 0) {
		days = 29
	}
	return m.day <= days
}

// The ISO forms, which the engine casts without a pattern.

// isoDate reads YYYY-MM-DD.
func (m *moment) isoDate(s string) (rest string, ok bool) {
	if len(s) < 8 || s[4] != '-' {
		return s, false
	}
	for i, into := range []*int{&m.year, &m.month, &m.day} {
		if i > 0 {
			if s, ok = skipText(s, "-"); !ok {
				return s, false
			}
		}
		least, most := 1, 2
		if i == 0 {
			least, most = 4, 4
		}
		if s, ok = number(s, least, most, into); !ok {
			return s, false
		}
	}
	return s, true
}

// isoTime reads H:MM, HH:MM:SS and HH:MM:SS.fraction; it reports whether
// there were seconds.
func (m *moment) isoTime(s string) (rest string, seconds, ok bool) {
	if s, ok = number(s, 1, 2, &m.hour); !ok {
		return s, false, false
	}
	if s, ok = skipText(s, ":"); !ok {
		return s, false, false
	}
	if s, ok = number(s, 2, 2, &m.minute); !ok || !strings.HasPrefix(s, ":") {
		return s, false, ok
	}
	if s, ok = number(s[1:], 2, 2, &m.second); !ok || !strings.HasPrefix(s, ".") {
		return s, true, ok
	}
	var f int
	s, ok = number(s[1:], 1, 9, &f)
	return s, true, ok
}

func fitsDate(s string) bool {
	var m moment
	rest, ok := m.isoDate(s)
	return ok && rest == "" && m.valid()
}

func fitsTime(s string) bool {
	m := moment{month: 1, day: 1}
	rest, _, ok := m.isoTime(s)
	return ok && rest == "" && m.valid()
}

// isoTimestamp reads a date, T or a space, and a time.
func (m *moment) isoTimestamp(s string) (rest string, seconds, ok bool) {
	if s, ok = m.isoDate(s); !ok || s == "" || (s[0] != 'T' && s[0] != ' ') {
		return s, false, false
	}
	return m.isoTime(s[1:])
}

// fitsTimestamp takes a date alone as its midnight, as the engine does.
func fitsTimestamp(s string) bool {
	if fitsDate(s) {
		return true
	}
	var m moment
	rest, _, ok := m.isoTimestamp(s)
	return ok && rest == "" && m.valid()
}

// fitsZoned wants seconds, as the engine does, and Z or an offset.
func fitsZoned(s string) bool {
	var m moment
	rest, seconds, ok := m.isoTimestamp(s)
	if !ok || !seconds || !m.valid() {
		return false
	}
	if rest == "Z" {
		return true
	}
	rest, ok = offset(rest)
	return ok && rest == ""
}
