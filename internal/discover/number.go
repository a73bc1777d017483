package discover

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// class says what a text is as a number.
type class uint8

const (
	notNumber class = iota
	whole           // fits 64 bits
	fraction        // has a decimal separator or an exponent
	odd             // NaN, infinity: real, but no evidence of it
	huge            // whole, beyond 64 bits
	code            // digits that a number would lose: 007, +79161234567
)

// numerals is how numbers are written in a file.
type numerals struct {
	decimal   byte
	thousands string // one character; "": none
}

// classify says what s, without spaces around it, is.
func (f numerals) classify(s string) class {
	if s == "" || len(s) > 400 {
		return notNumber
	}
	body, sign := s, byte(0)
	if s[0] == '-' || s[0] == '+' {
		body, sign = s[1:], s[0]
	}
	intPart, rest := digits(body)
	if f.thousands != "" && rest != "" && strings.HasPrefix(rest, f.thousands) {
		grouped, after, ok := groups(body, f.thousands)
		if !ok {
			return notNumber
		}
		intPart, rest = grouped, after
	}
	if rest == "" {
		return wholeClass(intPart, sign)
	}
	if intPart == "" && rest[0] != f.decimal {
		return oddClass(body)
	}
	return f.fractionClass(intPart, rest)
}

func wholeClass(d string, sign byte) class {
	switch {
	case d == "":
		return notNumber
	case len(d) > 1 && d[0] == '0', sign == '+' && len(d) >= 7:
		return code
	case len(d) < 19:
		return whole
	}
	if sign == '-' {
		d = "-" + d
	}
	if _, err := strconv.ParseInt(d, 10, 64); err != nil {
		return huge
	}
	return whole
}

func oddClass(s string) class {
	switch strings.ToLower(s) {
	case "nan", "inf", "infinity":
		return odd
	}
	return notNumber
}

func (f numerals) fractionClass(intPart, rest string) class {
	if len(intPart) > 1 && intPart[0] == '0' {
		return notNumber
	}
	seen := intPart
	if rest[0] == f.decimal {
		var d string
		d, rest = digits(rest[1:])
		seen += d
	}
	if seen == "" {
		return notNumber
	}
	if rest == "" {
		return fraction
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return notNumber
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	if d, after := digits(rest); d != "" && after == "" {
		return fraction
	}
	return notNumber
}

// digits splits s behind its leading ASCII digits.
func digits(s string) (d, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

// groups reads 1 to 3 digits and groups of 3 between separators.
func groups(s, sep string) (all, rest string, ok bool) {
	all, rest = digits(s)
	if all == "" || len(all) > 3 || (all[0] == '0') {
		return "", s, false
	}
	for strings.HasPrefix(rest, sep) {
		d, after := digits(rest[len(sep):])
		if len(d) != 3 {
			return "", s, false
		}
		all, rest = all+d, after
	}
	return all, rest, true
}

// evidence is what the separators within numbers say about a file.
type evidence struct {
	decimal   map[byte]int   // this is the decimal separator for sure
	thousands map[string]int // this parts thousands for sure
	unclear   map[string]int // 1,234: either
}

func newEvidence() evidence {
	return evidence{map[byte]int{}, map[string]int{}, map[string]int{}}
}

func (e evidence) add(o evidence) {
	for k, n := range o.decimal {
		e.decimal[k] += n
	}
	for k, n := range o.thousands {
		e.thousands[k] += n
	}
	for k, n := range o.unclear {
		e.unclear[k] += n
	}
}

// weigh adds what one text says; false when it is no number in any writing.
func (e evidence) weigh(s string) bool {
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) > 1 || body == "" {
		return false
	}
	head, rest := digits(body)
	if rest == "" {
		return true
	}
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		if (numerals{decimal: '.'}).classify("1"+rest[i:]) != fraction {
			return false
		}
		rest = rest[:i]
	}
	if rest == "" {
		return head != ""
	}
	return e.separators(head, rest)
}

// separators weighs the digits before the first separator, and all from it.
func (e evidence) separators(head, rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	sep := string(r)
	if !strings.ContainsRune(".,' \u00a0\u202f\u2009’", r) {
		return false
	}
	second, after := digits(rest[size:])
	point := sep == "." || sep == ","
	if after == "" {
		switch {
		case point && (len(second) != 3 || head == "" || head[0] == '0' || len(head) > 3):
			e.decimal[sep[0]]++
		case len(second) != 3 || head == "" || head[0] == '0' || len(head) > 3:
			return false
		case point:
			e.unclear[sep]++
		default:
			e.thousands[sep]++
		}
		return true
	}
	_, after, ok := groups(head+rest, sep)
	if !ok {
		return false
	}
	if after != "" {
		if (after[0] != '.' && after[0] != ',') || after[:1] == sep {
			return false
		}
		if _, end := digits(after[1:]); end != "" {
			return false
		}
		e.decimal[after[0]]++
	}
	e.thousands[sep]++
	return true
}

// numerals decides, given what the user said. Where only 1,234 was seen, a
// comma parts thousands in files that are delimited by commas and is a
// decimal comma elsewhere; a point is a decimal point.
func (e evidence) numerals(req Request, delim string) numerals {
	f := numerals{decimal: '.'}
	onlyComma := e.unclear[","] > 0 && e.unclear["."] == 0 && len(e.decimal) == 0 && len(e.thousands) == 0
	switch {
	case req.Decimal != "":
		f.decimal = req.Decimal[0]
	case req.Thousands != nil && *req.Thousands == ".":
		f.decimal = ','
	case req.Thousands != nil && *req.Thousands == ",":
	case e.decimal[','] > e.decimal['.'],
		e.decimal['.'] == 0 && e.thousands["."] > e.thousands[","],
		onlyComma && delim != ",":
		f.decimal = ','
	}
	if req.Thousands != nil {
		f.thousands = *req.Thousands
		return f
	}
	top := 0
	for sep, n := range e.thousands {
		if sep != string(f.decimal) && (n > top || (n == top && sep < f.thousands)) {
			f.thousands, top = sep, n
		}
	}
	if f.thousands == "" && f.decimal == '.' && e.unclear[","] > 0 {
		f.thousands = ","
	}
	if f.thousands == "" && f.decimal == ',' && e.unclear["."] > 0 {
		f.thousands = "."
	}
	return f
}

// looksTyped reports whether s, not empty, is a number in any writing, or a
// date or time in digits.
func (e evidence) looksTyped(s string) bool {
	if s[0] > '9' {
		return false
	}
	if e.weigh(s) {
		return true
	}
	d := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			d++
		case strings.IndexByte("-./: TZ+", c) < 0:
			return false
		}
	}
	return d >= 4
}
