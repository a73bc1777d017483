package discover

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

// open opens a regular file. O_NONBLOCK: a FIFO must not hold the worker.
func open(req Request) (*os.File, error) {
	f, err := os.OpenFile(req.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, req.at(openError(err), 0)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		return f, nil
	}
	f.Close()
	if err == nil && info.IsDir() {
		return nil, req.at(errs.New(errs.Unreadable, msgFolder, nil), 0)
	}
	return nil, req.at(errs.New(errs.Unreadable, msgNotRegular, nil).Because(err), 0)
}

func openError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.NotFound, msgNotFound, nil).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return errs.New(errs.Denied, msgDenied, nil).Because(err)
	}
	return errs.New(errs.Unreadable, msgRead, nil).Because(err)
}

// at puts an error at the request's file and, when it is known, a line.
func (req Request) at(err error, line int) error {
	name := req.Shown
	if name == "" {
		name = req.Path
	}
	return errs.At(err, errs.Place{File: name, Line: line})
}

func (req Request) rows() int {
	if req.Rows <= 0 || req.Rows > MaxRows {
		return MaxRows
	}
	return req.Rows
}

// check refuses what no file could be read by.
func (req Request) check() error {
	var l errs.List
	if d := req.Delimiter; d != "" && (utf8.RuneCountInString(d) != 1 || d == "\n" || d == "\r") {
		l.Add(errs.New(errs.Invalid, msgBadDelimiter, errs.P{"text": d}).At(errs.Place{Setting: "delimiter"}))
	}
	if q := req.Quote; q != "" && q != NoQuote && (len(q) != 1 || q[0] < ' ' || q[0] > '~' || q == req.Delimiter) {
		l.Add(errs.New(errs.Invalid, msgBadQuote, errs.P{"text": q}).At(errs.Place{Setting: "quote"}))
	}
	if d := req.Decimal; d != "" && d != "." && d != "," {
		l.Add(errs.New(errs.Invalid, msgBadDecimal, errs.P{"text": d}).At(errs.Place{Setting: "decimal"}))
	}
	if t := req.Thousands; t != nil && *t != "" && (utf8.RuneCountInString(*t) != 1 || *t == req.Decimal) {
		l.Add(errs.New(errs.Invalid, msgBadThousands, errs.P{"text": *t}).At(errs.Place{Setting: "thousands"}))
	}
	if req.Skip != nil && *req.Skip < 0 {
		l.Add(errs.New(errs.Invalid, msgBadSkip, errs.P{"count": *req.Skip}).At(errs.Place{Setting: "skip"}))
	}
	for _, f := range req.DateFormats {
		if _, err := compileFormat(f); err != nil {
			l.Add(errs.At(err, errs.Place{Setting: "date_formats"}))
		}
	}
	if req.Encoding != "" {
		_, err := Encoding(req.Encoding)
		l.Add(errs.At(err, errs.Place{Setting: "encoding"}))
	}
	return l.Err()
}

// head is the beginning of a file.
type head struct {
	in       io.Reader
	bytes    []byte
	complete bool // bytes is the whole file
}

// fill reads until there are limit bytes or the file ends.
func (h *head) fill(ctx context.Context, limit int) error {
	const step = 1 << 20
	for len(h.bytes) < limit && !h.complete {
		if err := ctx.Err(); err != nil {
			return canceled(ctx)
		}
		n := min(step, limit-len(h.bytes))
		start := len(h.bytes)
		h.bytes = append(h.bytes, make([]byte, n)...)
		got, err := io.ReadFull(h.in, h.bytes[start:])
		h.bytes = h.bytes[:start+got]
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			h.complete = true
		} else if err != nil {
			return errs.New(errs.Unreadable, msgRead, nil).Because(err)
		}
	}
	return nil
}

func canceled(ctx context.Context) error {
	kind, m := errs.Canceled, msgCanceled
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		kind, m = errs.Timeout, msgTimeout
	}
	return errs.New(kind, m, nil).Because(context.Cause(ctx))
}
