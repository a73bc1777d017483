package worker

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

const copyBuffer = 256 << 10 // bytes

// mark is the byte order mark in UTF-8.
const mark = "\ufeff"

// transcode writes req.Src, which is in req.Encoding, as UTF-8 to req.Dst. Of a
// head what is no text becomes U+FFFD: discover tells of it. Of a whole file it
// is an error at its line.
func transcode(ctx context.Context, s Setup, req request) error {
	return convert(ctx, s, req, func(enc encoding.Encoding, src io.Reader, size int64, dst io.Writer) error {
		out := &wholeLines{w: dst, all: true}
		if req.Bytes > 0 {
			src = io.LimitReader(src, req.Bytes)
			out.all = size <= req.Bytes
		}
		decoder := discover.NewDecoder(enc, req.Bytes == 0)
		r := bufio.NewReaderSize(transform.NewReader(src, decoder), copyBuffer)
		if b, _ := r.Peek(len(mark)); string(b) == mark {
			_, _ = r.Discard(len(mark)) // it is there
		}
		_, err := r.WriteTo(out)
		if errors.Is(err, discover.ErrNotText) {
			return errs.New(errs.Unreadable, msgUndecodable, errs.P{"encoding": req.Encoding}).At(errs.Place{Line: decoder.BadLine})
		}
		if err != nil {
			return err
		}
		return out.close()
	})
}

// recode writes req.Src, which is UTF-8, in req.Encoding to req.Dst.
func recode(ctx context.Context, s Setup, req request) error {
	return convert(ctx, s, req, func(enc encoding.Encoding, src io.Reader, _ int64, dst io.Writer) error {
		r := bufio.NewReaderSize(src, copyBuffer)
		w := transform.NewWriter(dst, enc.NewEncoder())
		for line := 1; ; line++ {
			text, err := r.ReadSlice('\n')
			if _, werr := w.Write(text); werr != nil {
				return unencodable(werr, enc, text, line, req.Encoding)
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				line--
			} else if errors.Is(err, io.EOF) {
				return w.Close()
			} else if err != nil {
				return err
			}
		}
	})
}

func convert(ctx context.Context, s Setup, req request, do func(enc encoding.Encoding, src io.Reader, size int64, dst io.Writer) error) error {
	enc, err := discover.Encoding(req.Encoding)
	if err != nil {
		return err
	}
	src, err := openRead(s, req.Src)
	if err != nil {
		return err
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil {
		return fileError(err, req.Src, msgRead)
	}
	dst, err := create(s, req.Dst)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(dst, copyBuffer)
	err = do(enc, &canceledReader{ctx: ctx, r: src, name: req.Src}, info.Size(), w)
	if err == nil {
		err = w.Flush()
	}
	if cerr := dst.Close(); err == nil {
		err = cerr
	}
	if _, ok := errors.AsType[*errs.Error](err); ok || err == nil {
		return err
	}
	return fileError(err, req.Dst, msgWrite)
}

// unencodable names the character that stopped the encoder, if it was one.
func unencodable(err error, enc encoding.Encoding, text []byte, line int, name string) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	for _, r := range string(text) {
		if _, eerr := enc.NewEncoder().String(string(r)); eerr != nil {
			p := errs.P{"encoding": name, "line": line, "char": string(r)}
			return errs.New(errs.Failed, msgUnencodable, p).Because(err)
		}
	}
	return err
}

// canceledReader ends with an error once ctx ends, and words what goes wrong
// with the file.
type canceledReader struct {
	ctx  context.Context
	r    io.Reader
	name string
}

func (c *canceledReader) Read(b []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, contextError(c.ctx)
	}
	n, err := c.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fileError(err, c.name, msgRead)
	}
	return n, err
}

// wholeLines passes on text up to the last line break; close passes on the
// rest if it is all of the text, or if there was no line break at all.
type wholeLines struct {
	w     io.Writer
	all   bool
	lines bool // one was passed on
	rest  []byte
}

func (l *wholeLines) Write(b []byte) (int, error) {
	n := len(b)
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		if _, err := l.w.Write(l.rest); err != nil {
			return 0, err
		}
		if _, err := l.w.Write(b[:i+1]); err != nil {
			return 0, err
		}
		l.lines, l.rest, b = true, l.rest[:0], b[i+1:]
	}
	l.rest = append(l.rest, b...)
	return n, nil
}

func (l *wholeLines) close() error {
	if !l.all && l.lines {
		return nil
	}
	_, err := l.w.Write(l.rest)
	return err
}
