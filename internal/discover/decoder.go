package discover

import (
	"bytes"
	"errors"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// ErrNotText is how a strict Decoder ends: BadLine says where.
var ErrNotText = errors.New("discover: not text in this encoding")

// replacement is what decoders give for bytes that are no text.
const replacement = "\ufffd"

// Decoder is a transform.Transformer from one encoding to UTF-8. Bytes that are
// no text become U+FFFD; a U+FFFD that the text has itself, as some encodings
// can, is told apart from them and counts as text.
type Decoder struct {
	// Bad is how many times bytes were no text; BadLine is the line of the
	// first, from 1.
	Bad, BadLine int

	decoder transform.Transformer
	strict  bool
	genuine [][]byte // what U+FFFD is in the encoding, in either order of bytes
	line    int      // that the text decoded so far ends in
	cr      bool     // it ends in \r, whose \n may follow
}

// NewDecoder makes the decoder of an encoding. A strict one ends with
// ErrNotText before the first bytes that are no text.
func NewDecoder(enc encoding.Encoding, strict bool) *Decoder {
	d := &Decoder{decoder: enc.NewDecoder(), strict: strict, line: 1}
	before, err := enc.NewEncoder().String("a")
	both, err2 := enc.NewEncoder().String("a" + replacement)
	if err == nil && err2 == nil {
		b := []byte(both[len(before):])
		other := slices.Clone(b)
		slices.Reverse(other)
		d.genuine = [][]byte{b, other}
	}
	return d
}

// Reset implements transform.Transformer.
func (d *Decoder) Reset() {
	d.decoder.Reset()
	d.Bad, d.BadLine, d.line, d.cr = 0, 0, 1, false
}

// Transform implements transform.Transformer.
func (d *Decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	part := d.whole
	if d.holdsGenuine(src) {
		part = d.character
	}
	for {
		var n, used int
		n, used, err = part(dst[nDst:], src[nSrc:], atEOF)
		nDst, nSrc = nDst+n, nSrc+used
		if !errors.Is(err, transform.ErrShortDst) || n+used == 0 {
			break
		}
	}
	if atEOF && errors.Is(err, transform.ErrShortSrc) { // the end of a character is missing
		if d.strict {
			d.bad()
			return nDst, nSrc, ErrNotText
		}
		if len(dst)-nDst < len(replacement) {
			return nDst, nSrc, transform.ErrShortDst
		}
		d.bad()
		return nDst + copy(dst[nDst:], replacement), len(src), nil
	}
	return nDst, nSrc, err
}

// holdsGenuine reports whether src may have a U+FFFD of its own.
func (d *Decoder) holdsGenuine(src []byte) bool {
	return slices.ContainsFunc(d.genuine, func(g []byte) bool { return bytes.Contains(src, g) })
}

// whole decodes as much as there is: each U+FFFD stands for what is no text.
func (d *Decoder) whole(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = d.decoder.Transform(dst, src, atEOF)
	for rest := dst[:nDst]; ; {
		i := bytes.Index(rest, []byte(replacement))
		if i < 0 {
			d.pass(rest)
			return nDst, nSrc, err
		}
		d.pass(rest[:i])
		d.bad()
		if rest = rest[i:]; d.strict {
			return nDst - len(rest), nSrc, ErrNotText
		}
		rest = rest[len(replacement):]
	}
}

// character decodes so little that a U+FFFD stands alone: one that the bytes
// before it are not is one for what is no text.
func (d *Decoder) character(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for room := utf8.UTFMax - 1; room <= utf8.UTFMax; room++ {
		nDst, nSrc, err = d.decoder.Transform(dst[:min(room, len(dst))], src, atEOF)
		if nDst+nSrc > 0 || !errors.Is(err, transform.ErrShortDst) {
			break
		}
	}
	i := bytes.Index(dst[:nDst], []byte(replacement))
	if i < 0 || d.holdsGenuine(src[:nSrc]) {
		d.pass(dst[:nDst])
		return nDst, nSrc, err
	}
	d.pass(dst[:i])
	d.bad()
	if d.strict {
		return i, nSrc, ErrNotText
	}
	d.pass(dst[i+len(replacement) : nDst])
	return nDst, nSrc, err
}

func (d *Decoder) bad() {
	if d.Bad++; d.Bad == 1 {
		d.BadLine = d.line
	}
	d.cr = false
}

// pass counts the lines of text that was decoded.
func (d *Decoder) pass(text []byte) {
	if len(text) == 0 {
		return
	}
	d.line += lines(string(text))
	if d.cr && text[0] == '\n' {
		d.line-- // it was counted with its \r
	}
	d.cr = text[len(text)-1] == '\r'
}

// decode decodes the beginning of a text. Unless that is all, a character that
// its end cuts in two is left out.
func (d *Decoder) decode(b []byte, all bool) ([]byte, error) {
	out := make([]byte, 0, len(b)+len(b)/2+utf8.UTFMax)
	for {
		n, used, err := d.Transform(out[len(out):cap(out)], b, all)
		out, b = out[:len(out)+n], b[used:]
		switch {
		case errors.Is(err, transform.ErrShortDst):
			out = slices.Grow(out, len(b)+utf8.UTFMax)
		case err == nil || errors.Is(err, transform.ErrShortSrc):
			return out, nil
		default:
			return out, err
		}
	}
}
