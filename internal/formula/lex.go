package formula

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

// MaxText is the largest size of a formula in bytes.
const MaxText = 64 << 10

// tokenKind tells tokens apart.
type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	numberToken
	textToken
	labelToken
	variableToken
	signToken
)

// token is a word of the language with its place. text is the content: a
// text's characters without quotes, a word in NFC.
type token struct {
	kind tokenKind
	text string
	span Span
}

// is reports whether the token is one of some signs or keywords.
func (t token) is(words ...string) bool {
	switch t.kind {
	case signToken:
		return slices.Contains(words, t.text)
	case wordToken:
		return len(t.text) <= len("timestamptz") && slices.Contains(words, strings.ToLower(t.text))
	default:
		return false
	}
}

// lexer cuts a formula into tokens.
type lexer struct {
	src    []rune
	pos    int
	tokens []token
}

// signs are the operators and brackets, longer before shorter. Those of
// instead are no signs of this language, but people's fingers know them.
var (
	signs   = []string{"<>", "<=", ">=", "||", "::", "(", ")", ",", "+", "-", "*", "/", "%", "=", "<", ">", "."}
	instead = []struct{ found, want string }{
		{"===", "="}, {"!==", "<>"}, {"==", "="}, {"!=", "<>"}, {"=>", ">="}, {"=<", "<="}, {"&&", "and"}, {"**", "power(a, b)"},
		{":=", "="}, {"^", "power(a, b)"}, {"!", "not"}, {"&", "||"}, {"|", "or"}, {"≠", "<>"}, {"≤", "<="}, {"≥", ">="}, {"×", "*"}, {"÷", "/"},
		{"−", "-"}, {"–", "-"}, {"?", "if(condition, then, else)"}, {"//", "-- comment"}, {"#", "-- comment"},
		{"“", "'text'"}, {"”", "'text'"}, {"‘", "'text'"}, {"’", "'text'"}, {"«", "'text'"}, {"»", "'text'"}, {"${", "$name"}, {"`", "[name]"},
	}
)

// lex returns the tokens of a formula, the last of which is the end.
func lex(src string) ([]token, error) {
	if len(src) > MaxText {
		return nil, fail(Span{}, errTooLong, errs.P{"most": MaxText >> 10})
	}
	if !utf8.ValidString(src) {
		for i, r := range []rune(src) {
			if r == utf8.RuneError {
				return nil, fail(Span{Offset: i, Length: 1}, errNotUTF8, nil)
			}
		}
	}
	l := lexer{src: []rune(src)}
	for {
		if err := l.skip(); err != nil {
			return nil, err
		}
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		l.tokens = append(l.tokens, t)
		if t.kind == endToken {
			return l.tokens, nil
		}
	}
}

// peek returns the character n places ahead, 0 at the end.
func (l *lexer) peek(n int) rune {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

// has reports whether s stands at the place.
func (l *lexer) has(s string) bool {
	i := 0
	for _, r := range s {
		if l.peek(i) != r {
			return false
		}
		i++
	}
	return true
}

// skip passes blanks and comments.
func (l *lexer) skip() error {
	for l.pos < len(l.src) {
		switch {
		case unicode.IsSpace(l.src[l.pos]) || l.src[l.pos] == '\ufeff':
			l.pos++
		case l.has("--"):
			for l.pos < len(l.src) && l.src[l.pos] != '\n' {
				l.pos++
			}
		case l.has("/*"):
			start := l.pos
			for l.pos += 2; !l.has("*/"); l.pos++ {
				if l.pos >= len(l.src) {
					return fail(Span{start, 2}, errOpenComment, nil)
				}
			}
			l.pos += 2
		default:
			return nil
		}
	}
	return nil
}

// take makes a token of what lies between start and the place.
func (l *lexer) take(kind tokenKind, start int, text string) token {
	return token{kind: kind, text: text, span: Span{start, l.pos - start}}
}

func (l *lexer) next() (token, error) {
	start, c := l.pos, l.peek(0)
	switch {
	case l.pos >= len(l.src):
		return l.take(endToken, start, ""), nil
	case c == '\'':
		return l.quoted('\'', textToken, errOpenText)
	case c == '[':
		return l.quoted(']', labelToken, errOpenLabel)
	case c == '"':
		return l.doubleQuoted()
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		return l.number()
	case c == '$' && isStart(l.peek(1)):
		l.pos++
		word := l.word()
		return l.take(variableToken, start, word), nil
	case isStart(c):
		word := l.word()
		return l.take(wordToken, start, word), nil
	default:
		return l.sign()
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func isPart(r rune) bool {
	return isStart(r) || unicode.In(r, unicode.Nd, unicode.Nl, unicode.Mn, unicode.Mc)
}

// word reads an identifier and returns it in NFC.
func (l *lexer) word() string {
	start := l.pos
	for l.pos < len(l.src) && isPart(l.src[l.pos]) {
		l.pos++
	}
	return norm.NFC.String(string(l.src[start:l.pos]))
}

// quoted reads up to a closing character, which stands doubled where it is
// meant itself.
func (l *lexer) quoted(closing rune, kind tokenKind, open errs.Message) (token, error) {
	start := l.pos
	var b strings.Builder
	for l.pos++; l.pos < len(l.src); l.pos++ {
		if l.src[l.pos] != closing {
			b.WriteRune(l.src[l.pos])
			continue
		}
		if l.peek(1) != closing {
			l.pos++
			return l.take(kind, start, norm.NFC.String(b.String())), nil
		}
		b.WriteRune(closing)
		l.pos++
	}
	return token{}, fail(Span{start, 1}, open, nil)
}

// doubleQuoted is no text here: it tells how text and labels are written.
func (l *lexer) doubleQuoted() (token, error) {
	t, err := l.quoted('"', textToken, errOpenText)
	if err != nil {
		return t, err
	}
	return t, fail(t.span, errDoubleQuotes, errs.P{
		"text":  "'" + strings.ReplaceAll(t.text, "'", "''") + "'",
		"label": "[" + strings.ReplaceAll(t.text, "]", "]]") + "]",
	})
}

// number reads 12, 1.5, .5 or 1e-5.
func (l *lexer) number() (token, error) {
	start := l.pos
	digits := func() {
		for isDigit(l.peek(0)) {
			l.pos++
		}
	}
	digits()
	if l.peek(0) == '.' {
		l.pos++
		digits()
	}
	if c := l.peek(0); c == 'e' || c == 'E' {
		sign := 0
		if s := l.peek(1); s == '+' || s == '-' {
			sign = 1
		}
		if isDigit(l.peek(1 + sign)) {
			l.pos += 1 + sign
			digits()
		}
	}
	if isPart(l.peek(0)) || l.peek(0) == '.' {
		for isPart(l.peek(0)) || l.peek(0) == '.' {
			l.pos++
		}
		return token{}, fail(Span{start, l.pos - start}, errNumber, errs.P{"found": string(l.src[start:l.pos])})
	}
	return l.take(numberToken, start, string(l.src[start:l.pos])), nil
}

func (l *lexer) sign() (token, error) {
	start := l.pos
	sign, size := "", 0
	for _, s := range signs {
		if l.has(s) {
			sign, size = s, len(s)
			break
		}
	}
	for _, w := range instead {
		if n := utf8.RuneCountInString(w.found); n > size && l.has(w.found) {
			return token{}, fail(Span{start, n}, errInstead, errs.P{"found": w.found, "want": w.want})
		}
	}
	if size > 0 {
		l.pos += size
		return l.take(signToken, start, sign), nil
	}
	return token{}, fail(Span{start, 1}, errCharacter, errs.P{"found": string(l.src[start])})
}
