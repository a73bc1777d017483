package pack

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgNotFinite = errs.Message{
		ID: "pack.not_finite",
		En: "{text} is no number that a package can hold. Write null, or put it in quotes if it is meant as text.",
		Ru: "{text} — не число, которое может храниться в пакете. Напишите null или возьмите в кавычки, если это текст.",
	}
	msgNumberRange = errs.Message{
		ID: "pack.number_range",
		En: "The number {text} is too large: whole numbers go from -2^63 to 2^63-1, others to about 1.8e308. Put it in quotes if it is meant as text.",
		Ru: "Число {text} слишком велико: целые бывают от -2^63 до 2^63-1, остальные — примерно до 1.8e308. Возьмите его в кавычки, если это текст.",
	}
)

// The core schema of YAML 1.2, section 10.3.2.
var (
	coreInt   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	coreOctal = regexp.MustCompile(`^0o[0-7]+$`)
	coreHex   = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	coreFloat = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	coreInf   = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// resolve gives an unquoted scalar its meaning by the core schema of YAML 1.2
// alone: yes, 1_000 and 2024-01-31 are text, 012 is twelve.
func resolve(s string) (Value, *errs.Error) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return Null(), nil
	case "true", "True", "TRUE":
		return Bool(true), nil
	case "false", "False", "FALSE":
		return Bool(false), nil
	}
	if c := s[0]; c > '9' || !strings.ContainsRune("+-.0123456789", rune(c)) {
		return Text(s), nil
	}
	switch {
	case coreInt.MatchString(s):
		return parseInt(s, strings.TrimPrefix(s, "+"), 10)
	case coreOctal.MatchString(s):
		return parseInt(s, s[2:], 8)
	case coreHex.MatchString(s):
		return parseInt(s, s[2:], 16)
	case coreFloat.MatchString(s):
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return Value{}, errs.New(errs.Invalid, msgNumberRange, errs.P{"text": s})
		}
		return Real(f), nil
	case coreInf.MatchString(s):
		return Value{}, errs.New(errs.Invalid, msgNotFinite, errs.P{"text": s})
	}
	return Text(s), nil
}

func parseInt(whole, digits string, base int) (Value, *errs.Error) {
	i, err := strconv.ParseInt(digits, base, 64)
	if err != nil {
		return Value{}, errs.New(errs.Invalid, msgNumberRange, errs.P{"text": whole})
	}
	return Int(i), nil
}

// formatReal spells a number so that readers of YAML 1.1 and 1.2 take it for
// one with a fraction: always with a point, exponents with a sign.
func formatReal(f float64) string {
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e17) {
		form = 'e'
	}
	s := strconv.FormatFloat(f, form, -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent != "" {
		exponent = "e" + exponent
	}
	return mantissa + exponent
}

// numberish is what some reader of YAML 1.1 or 1.2 could take for a number, a
// date or a time: digits with only such signs among them as those hold.
var numberish = regexp.MustCompile(`^[-+.]*[0-9][-+.0-9a-fA-FxXoO_:TtZz ]*$|^[-+]?\.[a-zA-Z]+$`)

// readsAsOther reports whether a reader of YAML 1.1 or 1.2 could take the
// unquoted text for something else than text.
func readsAsOther(s string) bool {
	switch strings.ToLower(s) {
	case "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=":
		return true
	}
	return numberish.MatchString(s)
}

// plainSafe reports whether text can stand without quotes.
func plainSafe(s string, flow bool) bool {
	if readsAsOther(s) || s[0] == ' ' || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	if strings.IndexByte("?:,[]{}#&*!|>'\"%@`", s[0]) >= 0 {
		return false
	}
	if s[0] == '-' && (len(s) == 1 || s[1] == ' ' || s[1] == '-') {
		return false
	}
	if strings.HasPrefix(s, "...") || strings.Contains(s, ": ") || strings.Contains(s, " #") {
		return false
	}
	if flow && strings.ContainsAny(s, ",[]{}:?") {
		return false
	}
	return printable(s, "")
}

// printable reports whether all characters may stand unescaped in a file;
// extra names control characters that may as well. Signs that turn the
// direction of text may not: what is reviewed must be what runs.
func printable(s, extra string) bool {
	for _, r := range s {
		if !printableRune(r) && !strings.ContainsRune(extra, r) {
			return false
		}
	}
	return true
}

func printableRune(r rune) bool {
	switch {
	case r < 0x20, r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return false
	case r >= 0x7F && r < 0xA0, r >= 0xD800 && r < 0xE000:
		return false
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return false
	}
	return r <= utf8.MaxRune
}

// quote spells text on one line: without quotes where it can, in double
// quotes, or in single ones where that saves escapes.
func quote(s string, flow bool) string {
	if plainSafe(s, flow) {
		return s
	}
	if !printable(s, "") {
		return doubleQuote(s)
	}
	if strings.ContainsAny(s, `"\`) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return `"` + s + `"`
}

func doubleQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case printableRune(r):
			b.WriteRune(r)
		case r < 0x100:
			b.WriteString(`\x` + hex(r, 2))
		default: // all that is not printable lies below U+10000
			b.WriteString(`\u` + hex(r, 4))
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex(r rune, digits int) string {
	s := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	return strings.Repeat("0", digits-len(s)) + s
}
