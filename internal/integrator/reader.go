package integrator

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

// maxDepth is how deep lists and objects may be nested.
const maxDepth = 64

// reader reads one JSON text strictly: keys once, no lone surrogates, nothing
// behind the value, and every error with its place. It is a cursor that whoever
// knows what is wanted moves on, so that nothing is read into values that
// nobody asked for.
type reader struct {
	src   []byte
	pos   int
	depth int
	path  []string // to the value that is read, as the parts of a JSON pointer
}

// fault is what is wrong with a request, at a value of its body.
type fault struct {
	pointer string // RFC 6901; of the body
	offset  int    // in bytes; -1: no place in the text
	err     *errs.Error
}

func (f *fault) Error() string { return f.pointer + ": " + f.err.Error() }

// Unwrap is what is wrong, without its place.
func (f *fault) Unwrap() error { return f.err }

// syntaxFault marks a text that is no JSON, unlike JSON that is not what was
// wanted.
type syntaxFault struct{ fault }

var errSyntax = errs.Message{
	ID: "integrator.json",
	En: "This is no valid JSON: {reason}.",
	Ru: "Это не JSON: {reason}.",
}

func (r *reader) fail(en, ru string) error {
	return &syntaxFault{fault{r.pointer(), r.pos, errs.New(errs.Invalid, errSyntax, errs.P{"reason": errs.Words{En: en, Ru: ru}})}}
}

// pointer is the JSON pointer of the value that is read.
func (r *reader) pointer() string {
	var b strings.Builder
	for _, p := range r.path {
		b.WriteByte('/')
		b.WriteString(escape(p))
	}
	return b.String()
}

// escape spells a part of a JSON pointer.
func escape(part string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(part) }

func (r *reader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

// peek is the next byte that is no blank; 0 at the end.
func (r *reader) peek() byte {
	r.space()
	if r.pos == len(r.src) {
		return 0
	}
	return r.src[r.pos]
}

// end sees that nothing is left.
func (r *reader) end() error {
	if r.peek() != 0 || r.pos < len(r.src) {
		return r.fail("something stands behind the value", "после значения что-то ещё есть")
	}
	return nil
}

func (r *reader) want(c byte) error {
	if r.peek() != c {
		if r.pos >= len(r.src) {
			return r.fail("it ends too early", "текст обрывается")
		}
		q := strconv.QuoteRune(rune(c))
		return r.fail(q+" is missing here", "здесь не хватает "+q)
	}
	r.pos++
	return nil
}

func (r *reader) deeper() error {
	if r.depth++; r.depth > maxDepth {
		return r.fail(fmt.Sprintf("it is nested more than %d deep", maxDepth), fmt.Sprintf("вложенность больше %d", maxDepth))
	}
	return nil
}

// object reads an object and calls each at the value of each key.
func (r *reader) object(each func(key string) error) error {
	if err := r.want('{'); err != nil {
		return err
	}
	if err := r.deeper(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for first := true; ; first = false {
		if r.peek() == '}' {
			r.pos++
			r.depth--
			return nil
		}
		if !first {
			if err := r.want(','); err != nil {
				return err
			}
		}
		if err := r.member(seen, each); err != nil {
			return err
		}
	}
}

func (r *reader) member(seen map[string]bool, each func(key string) error) error {
	r.space()
	at := r.pos
	key, err := r.text()
	if err != nil {
		return err
	}
	if seen[key] {
		r.pos = at
		r.path = append(r.path, key)
		return r.fail("this key stands twice", "этот ключ повторяется")
	}
	seen[key] = true
	if err := r.want(':'); err != nil {
		return err
	}
	r.path = append(r.path, key)
	r.space()
	if err := each(key); err != nil {
		return err
	}
	r.path = r.path[:len(r.path)-1]
	return nil
}

// array reads a list and calls each at each item.
func (r *reader) array(each func(i int) error) error {
	if err := r.want('['); err != nil {
		return err
	}
	if err := r.deeper(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		if r.peek() == ']' {
			r.pos++
			r.depth--
			return nil
		}
		if i > 0 {
			if err := r.want(','); err != nil {
				return err
			}
		}
		r.path = append(r.path, strconv.Itoa(i))
		r.space()
		if err := each(i); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
}

// skip reads a value that nobody wants, as strictly as any.
func (r *reader) skip() error {
	switch r.peek() {
	case '{':
		return r.object(func(string) error { return r.skip() })
	case '[':
		return r.array(func(int) error { return r.skip() })
	default:
		_, err := r.scalar()
		return err
	}
}

// scalar reads a text, a number or a word, and returns it as it is spelled.
func (r *reader) scalar() (string, error) {
	c := r.peek()
	at := r.pos
	switch {
	case c == '"':
		if _, err := r.text(); err != nil {
			return "", err
		}
	case c == '-' || c >= '0' && c <= '9':
		if err := r.number(); err != nil {
			return "", err
		}
	default:
		if err := r.word(); err != nil {
			return "", err
		}
	}
	return string(r.src[at:r.pos]), nil
}

func (r *reader) word() error {
	for _, w := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(r.src[r.pos:], []byte(w)) {
			r.pos += len(w)
			return nil
		}
	}
	if r.pos >= len(r.src) {
		return r.fail("it ends too early", "текст обрывается")
	}
	return r.fail("a value is missing here", "здесь не хватает значения")
}

func (r *reader) digits() bool {
	at := r.pos
	for r.pos < len(r.src) && r.src[r.pos] >= '0' && r.src[r.pos] <= '9' {
		r.pos++
	}
	return r.pos > at
}

func (r *reader) next(set string) bool {
	if r.pos < len(r.src) && strings.IndexByte(set, r.src[r.pos]) >= 0 {
		r.pos++
		return true
	}
	return false
}

// number reads a number by the grammar of RFC 8259.
func (r *reader) number() error {
	r.next("-")
	zero := r.next("0")
	if !zero && !r.digits() || zero && r.pos < len(r.src) && r.src[r.pos] >= '0' && r.src[r.pos] <= '9' {
		return r.fail("this is no number", "это не число")
	}
	if r.next(".") && !r.digits() {
		return r.fail("this is no number", "это не число")
	}
	if r.next("eE") {
		r.next("+-")
		if !r.digits() {
			return r.fail("this is no number", "это не число")
		}
	}
	return nil
}

// text reads a text.
func (r *reader) text() (string, error) {
	if err := r.want('"'); err != nil {
		return "", err
	}
	at := r.pos
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			s := r.src[at:r.pos]
			if !utf8.Valid(s) {
				return "", r.fail("this text is no UTF-8", "этот текст не в UTF-8")
			}
			r.pos++
			return string(s), nil
		case c == '\\':
			return r.escaped(at)
		case c < ' ':
			return "", r.fail("a control character stands in a text", "в тексте управляющий символ")
		default:
			r.pos++
		}
	}
	return "", r.fail("a text does not end", "текст не закрыт")
}

// escaped reads on in a text that began at a place and has an escape.
func (r *reader) escaped(at int) (string, error) {
	out := append([]byte(nil), r.src[at:r.pos]...)
	for r.pos < len(r.src) {
		c := r.src[r.pos]
		switch {
		case c == '"':
			if !utf8.Valid(out) {
				return "", r.fail("this text is no UTF-8", "этот текст не в UTF-8")
			}
			r.pos++
			return string(out), nil
		case c < ' ':
			return "", r.fail("a control character stands in a text", "в тексте управляющий символ")
		case c != '\\':
			out = append(out, c)
			r.pos++
			continue
		}
		v, err := r.escape()
		if err != nil {
			return "", err
		}
		out = utf8.AppendRune(out, v)
	}
	return "", r.fail("a text does not end", "текст не закрыт")
}

func (r *reader) escape() (rune, error) {
	if r.pos+1 >= len(r.src) {
		return 0, r.fail("a text does not end", "текст не закрыт")
	}
	const names, values = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.src[r.pos+1]
	if i := strings.IndexByte(names, c); i >= 0 {
		r.pos += 2
		return rune(values[i]), nil
	}
	if c != 'u' {
		return 0, r.fail("there is no such escape", "такого экранирования нет")
	}
	v, err := r.unit()
	if err != nil || !utf16.IsSurrogate(v) {
		return v, err
	}
	if bytes.HasPrefix(r.src[r.pos:], []byte(`\u`)) {
		low, err := r.unit()
		if err != nil {
			return 0, err
		}
		if both := utf16.DecodeRune(v, low); both != utf8.RuneError {
			return both, nil
		}
	}
	return 0, r.fail("half of a pair of surrogates stands alone", "половина суррогатной пары без второй")
}

// unit reads \uXXXX.
func (r *reader) unit() (rune, error) {
	if r.pos+6 > len(r.src) {
		return 0, r.fail("there is no such escape", "такого экранирования нет")
	}
	v, err := strconv.ParseUint(string(r.src[r.pos+2:r.pos+6]), 16, 16)
	if err != nil {
		return 0, r.fail("there is no such escape", "такого экранирования нет")
	}
	r.pos += 6
	return rune(v), nil
}
