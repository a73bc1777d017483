package function

import (
	"crypto/md5"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Spaces is the white space that trim, ltrim and rtrim take off: the
// characters with Unicode's property White_Space.
const Spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006" +
	"\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// longestFold bounds the texts that are computed while folding, in bytes:
// beyond it the engine, which has its own limits, does the work.
const longestFold = 64 << 10

func length(args []rel.Value) (rel.Value, error) {
	return int64(utf8.RuneCountInString(args[0].(string))), nil
}

func each(f func(rune) rune) eval {
	return func(args []rel.Value) (rel.Value, error) { return strings.Map(f, args[0].(string)), nil }
}

func lower(r rune) rune { return unicode.ToLower(r) }

// upper maps one character to one, as the engines do; they have a capital ß.
func upper(r rune) rune {
	if r == 'ß' {
		return 'ẞ'
	}
	return unicode.ToUpper(r)
}

func trim(atStart, atEnd bool) eval {
	return func(args []rel.Value) (rel.Value, error) {
		s, set := args[0].(string), Spaces
		if len(args) > 1 {
			set = args[1].(string)
		}
		if atStart {
			s = strings.TrimLeft(s, set)
		}
		if atEnd {
			s = strings.TrimRight(s, set)
		}
		return s, nil
	}
}

// cut returns the characters from start up to end, both brought into range.
func cut(s string, start, end int64) string {
	r := []rune(s)
	n := int64(len(r))
	start = min(max(start, 0), n)
	end = min(max(end, start), n)
	return string(r[start:end])
}

func characters(s string) int64 { return int64(utf8.RuneCountInString(s)) }

func left(args []rel.Value) (rel.Value, error) {
	s, n := args[0].(string), args[1].(int64)
	if n < 0 {
		n += characters(s)
	}
	return cut(s, 0, n), nil
}

func right(args []rel.Value) (rel.Value, error) {
	s, n := args[0].(string), args[1].(int64)
	size := characters(s)
	if n < 0 {
		n = max(size+n, 0)
	}
	return cut(s, size-min(n, size), size), nil
}

// substring counts from 1; the place 0 lies before the first character, and a
// negative start counts from the end.
func substring(args []rel.Value) (rel.Value, error) {
	s, start := args[0].(string), args[1].(int64)
	size := characters(s)
	const far = int64(1) << 60 // beyond every text, and safe to add
	start, count := max(start, -far), far
	if len(args) > 2 {
		count = min(max(args[2].(int64), 0), far)
	}
	switch {
	case start < 0:
		start += size
		if len(args) == 2 {
			start = max(start, 0)
		}
	case start == 0:
		count--
	default:
		start--
	}
	start = min(start, size)
	return cut(s, start, start+count), nil
}

func position(args []rel.Value) (rel.Value, error) {
	s := args[0].(string)
	i := strings.Index(s, args[1].(string))
	if i < 0 {
		return int64(0), nil
	}
	return characters(s[:i]) + 1, nil
}

func replace(args []rel.Value) (rel.Value, error) {
	s, find, with := args[0].(string), args[1].(string), args[2].(string)
	if find == "" {
		return s, nil
	}
	if strings.Count(s, find)*len(with) > longestFold {
		return nil, rel.ErrNotFolded
	}
	return strings.ReplaceAll(s, find, with), nil
}

// joinTexts joins texts, with null as empty.
func joinTexts(args []rel.Value) (rel.Value, error) {
	var b strings.Builder
	for _, a := range args {
		if a != nil {
			b.WriteString(a.(string))
		}
	}
	return b.String(), nil
}

func startsWith(args []rel.Value) (rel.Value, error) {
	return strings.HasPrefix(args[0].(string), args[1].(string)), nil
}

func endsWith(args []rel.Value) (rel.Value, error) {
	return strings.HasSuffix(args[0].(string), args[1].(string)), nil
}

func contains(args []rel.Value) (rel.Value, error) {
	return strings.Contains(args[0].(string), args[1].(string)), nil
}

func repeat(args []rel.Value) (rel.Value, error) {
	s, n := args[0].(string), max(args[1].(int64), 0)
	if n > longestFold || int64(len(s))*n > longestFold {
		return nil, rel.ErrNotFolded
	}
	return strings.Repeat(s, int(n)), nil
}

func pad(atStart bool) eval {
	return func(args []rel.Value) (rel.Value, error) {
		s, n, fill := args[0].(string), max(args[1].(int64), 0), []rune(" ")
		if len(args) > 2 {
			fill = []rune(args[2].(string))
		}
		if n > longestFold {
			return nil, rel.ErrNotFolded
		}
		missing := n - characters(s)
		if missing <= 0 || len(fill) == 0 {
			return cut(s, 0, n), nil
		}
		added := make([]rune, missing)
		for i := range added {
			added[i] = fill[i%len(fill)]
		}
		if atStart {
			return string(added) + s, nil
		}
		return s + string(added), nil
	}
}

func splitPart(args []rel.Value) (rel.Value, error) {
	s, separator, n := args[0].(string), args[1].(string), args[2].(int64)
	parts := []string{s}
	if separator != "" {
		parts = strings.Split(s, separator)
	}
	if n < 0 {
		n += int64(len(parts)) + 1
	}
	if n < 1 || n > int64(len(parts)) {
		return "", nil
	}
	return parts[n-1], nil
}

func digest(args []rel.Value) (rel.Value, error) {
	sum := md5.Sum([]byte(args[0].(string)))
	return hex.EncodeToString(sum[:]), nil
}

// like matches a pattern of % and _ against the whole text, in time bounded by
// the product of both lengths.
func like(fold bool) eval {
	return func(args []rel.Value) (rel.Value, error) {
		s, pattern := args[0].(string), args[1].(string)
		if fold {
			s, pattern = strings.Map(lower, s), strings.Map(lower, pattern)
		}
		if len(s) > longestFold*16/max(len(pattern), 1) {
			return nil, rel.ErrNotFolded
		}
		return likeMatch([]rune(s), []rune(pattern)), nil
	}
}

func likeMatch(s, pattern []rune) bool {
	i, j, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == '%':
			star, mark = j, i
			j++
		case j < len(pattern) && (pattern[j] == '_' || pattern[j] == s[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	return !slices.ContainsFunc(pattern[j:], func(r rune) bool { return r != '%' })
}

var (
	errPattern = errs.Message{
		ID: "function.pattern",
		En: "{pattern} is not a regular expression: {reason}.",
		Ru: "{pattern} — не регулярное выражение: {reason}.",
	}
	errPatternLong = errs.Message{
		ID: "function.pattern_long",
		En: "A regular expression has at most {limit} bytes, not {found}.",
		Ru: "Регулярное выражение занимает не больше {limit} байт, а не {found}.",
	}
	errGroup = errs.Message{
		ID: "function.group",
		En: "A group of a regular expression has a number from 0 to 9, not {found}.",
		Ru: "Номер группы регулярного выражения — от 0 до 9, а не {found}.",
	}
)

// maxPattern bounds a regular expression in bytes.
const maxPattern = 4 << 10

// compile reads a regular expression; what is wrong with it is an error for
// users.
func compile(pattern string) (*regexp.Regexp, error) {
	if n := len(pattern); n > maxPattern {
		return nil, errs.New(errs.Invalid, errPatternLong, errs.P{"limit": maxPattern, "found": n})
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		reason := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		return nil, errs.New(errs.Invalid, errPattern, errs.P{"pattern": rel.FormatValue(pattern), "reason": reason})
	}
	return re, nil
}

func checkPattern(v rel.Value) error {
	_, err := compile(v.(string))
	return err
}

func checkGroup(v rel.Value) error {
	if n := v.(int64); n < 0 || n > 9 {
		return errs.New(errs.Invalid, errGroup, errs.P{"found": n})
	}
	return nil
}

func regexpMatches(args []rel.Value) (rel.Value, error) {
	re, err := compile(args[1].(string))
	if err != nil {
		return nil, err
	}
	return re.MatchString(args[0].(string)), nil
}

func regexpReplace(args []rel.Value) (rel.Value, error) {
	re, err := compile(args[1].(string))
	if err != nil {
		return nil, err
	}
	with, ok := template(args[2].(string), re.NumSubexp())
	if !ok {
		return nil, rel.ErrNotFolded
	}
	return re.ReplaceAllString(args[0].(string), with), nil
}

// template turns \1 into Go's ${1}. Escapes that it does not know, and groups
// that are not there, are the engine's to judge.
func template(s string, groups int) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$':
			b.WriteString("$$")
		case s[i] != '\\':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '\\':
			b.WriteByte('\\')
			i++
		case i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' && int(s[i+1]-'0') <= groups:
			b.WriteString("${" + strconv.Itoa(int(s[i+1]-'0')) + "}")
			i++
		default:
			return "", false
		}
	}
	return b.String(), true
}

func regexpExtract(args []rel.Value) (rel.Value, error) {
	re, err := compile(args[1].(string))
	if err != nil {
		return nil, err
	}
	group := 0
	if len(args) > 2 {
		group = int(args[2].(int64))
	}
	m := re.FindStringSubmatch(args[0].(string))
	switch {
	case group > re.NumSubexp():
		return nil, rel.ErrNotFolded
	case m == nil:
		return nil, nil
	default:
		return m[group], nil
	}
}

func regexpCount(args []rel.Value) (rel.Value, error) {
	re, err := compile(args[1].(string))
	if err != nil {
		return nil, err
	}
	return int64(len(re.FindAllStringIndex(args[0].(string), -1))), nil
}
