package discover

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/weftworks/weft/internal/errs"
)

const chunk = 64 << 10

// Transcode copies r, which is text in the named encoding, to w as UTF-8
// without a byte order mark. What can't be decoded becomes U+FFFD and is
// counted; in multi-byte encodings one U+FFFD may stand for several bytes.
// Errors of r and w are returned as they are.
func Transcode(ctx context.Context, w io.Writer, r io.Reader, name string) (bad int64, err error) {
	c, err := lookup(name)
	if err != nil {
		return 0, err
	}
	out := &utf8Writer{w: w}
	in := r
	if c.name == "utf-8" || c.name == "utf-8-bom" {
		out.countInvalid = true
	} else {
		in = transform.NewReader(r, c.enc.NewDecoder())
	}
	buf := make([]byte, chunk)
	for {
		if ctx.Err() != nil {
			return out.bad, canceled(ctx)
		}
		n, err := in.Read(buf)
		if _, werr := out.Write(buf[:n]); werr != nil {
			return out.bad, werr
		}
		if errors.Is(err, io.EOF) {
			return out.bad, out.finish()
		}
		if err != nil {
			return out.bad, err
		}
	}
}

// utf8Writer passes UTF-8 on, drops a byte order mark at the beginning,
// and counts: invalid bytes, which it replaces, or else the U+FFFD that a
// decoder put there.
type utf8Writer struct {
	w            io.Writer
	countInvalid bool
	started      bool
	bad          int64
	held         []byte // a character, or a mark, that isn't whole yet
	out          []byte
}

var (
	bom         = []byte("\ufeff")
	replacement = []byte("\ufffd")
)

func (u *utf8Writer) Write(p []byte) (int, error) {
	b := append(u.held, p...)
	if !u.started {
		if len(b) < len(bom) {
			u.held = b
			return len(p), nil
		}
		u.started = true
		b = bytes.TrimPrefix(b, bom)
	}
	whole := wholeRunes(b)
	err := u.pass(whole)
	u.held = append([]byte(nil), b[len(whole):]...)
	return len(p), err
}

func (u *utf8Writer) finish() error {
	b := u.held
	u.held = nil
	return u.pass(b)
}

func (u *utf8Writer) pass(b []byte) error {
	if !u.countInvalid || utf8.Valid(b) {
		if !u.countInvalid {
			u.bad += int64(bytes.Count(b, replacement))
		}
		_, err := u.w.Write(b)
		return err
	}
	u.out = u.out[:0]
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			u.bad++
		}
		u.out = utf8.AppendRune(u.out, r)
		b = b[size:]
	}
	_, err := u.w.Write(u.out)
	return err
}

// Recode copies r, which is UTF-8, to w in the named encoding. Characters
// that it doesn't have become '?' and are counted. Only "utf-8-bom", "utf-16"
// and "utf-32" begin with a byte order mark. Errors of r and w are returned
// as they are.
func Recode(ctx context.Context, w io.Writer, r io.Reader, name string) (bad int64, err error) {
	c, err := lookup(name)
	if err != nil {
		return 0, err
	}
	e := encoder{w: bufio.NewWriterSize(w, chunk), t: c.enc.NewEncoder(), dst: make([]byte, 4*chunk)}
	src := make([]byte, 0, chunk)
	for {
		if ctx.Err() != nil {
			return e.bad, canceled(ctx)
		}
		n, err := r.Read(src[len(src):cap(src)])
		src = src[:len(src)+n]
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return e.bad, err
		}
		rest, err := e.encode(src, end)
		if err != nil {
			return e.bad, err
		}
		if end {
			return e.bad, e.w.Flush()
		}
		src = src[:copy(src[:cap(src)], rest)]
	}
}

type encoder struct {
	w   *bufio.Writer
	t   *encoding.Encoder
	dst []byte
	bad int64
}

// encode writes src, over which it may write, and returns what is left of it: the beginning of a
// character, unless this is the end.
func (e *encoder) encode(src []byte, end bool) (rest []byte, err error) {
	if !end {
		whole := wholeRunes(src)
		src, rest = whole, src[len(whole):]
	}
	for {
		n, used, err := e.t.Transformer.Transform(e.dst, src, end)
		if _, werr := e.w.Write(e.dst[:n]); werr != nil {
			return nil, werr
		}
		src = src[used:]
		switch {
		case err == nil || (len(src) == 0 && errors.Is(err, transform.ErrShortSrc)):
			return rest, nil
		case errors.Is(err, transform.ErrShortDst):
		case len(src) == 0:
			return nil, errs.New(errs.Internal, msgRead, nil).Because(err)
		default: // a character that the encoding doesn't have
			_, size := utf8.DecodeRune(src)
			e.bad++
			src = src[size-1:]
			src[0] = '?'
		}
	}
}
