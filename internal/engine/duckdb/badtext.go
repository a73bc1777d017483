package duckdb

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/text/transform"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

// explained words what a statement failed with. Bytes that are no text, in a
// column of a text file behind as many as are read, are not told by DuckDB
// 1.5.6: it fails inside itself, and serves nothing any more. So the statement's
// files are looked at.
func (e *Engine) explained(ctx context.Context, sql string, err error) error {
	if err == nil || errs.KindOf(err) != errs.Internal {
		return err
	}
	for _, name := range textFiles(sql) {
		if line, found := badText(ctx, name); found {
			place := errs.Place{File: e.tidier.paths.Replace(name), Line: line}
			return worker.Spent(errs.New(errs.Unreadable, msgRowBytes, nil).At(place).Because(err))
		}
	}
	return err
}

// textFiles are the files that a statement reads as text.
func textFiles(sql string) []string {
	var out []string
	plain := strings.NewReplacer("[[]", "[", "[*]", "*", "[?]", "?") // what rel/sql writes for them
	for _, part := range strings.Split(sql, "read_csv(")[1:] {
		for {
			part = strings.TrimLeft(part, "[, ")
			name, rest, ok := literal(part)
			if !ok {
				break
			}
			out, part = append(out, plain.Replace(name)), rest
		}
	}
	return out
}

// literal reads a text of SQL at the beginning of s.
func literal(s string) (text, rest string, ok bool) {
	if !strings.HasPrefix(s, "'") {
		return "", s, false
	}
	for s = s[1:]; ; {
		before, after, ok := strings.Cut(s, "'")
		if !ok {
			return "", s, false
		}
		if text += before; !strings.HasPrefix(after, "'") {
			return text, after, true
		}
		text, s = text+"'", after[1:]
	}
}

// badText finds the first line of a file that is not UTF-8.
func badText(ctx context.Context, name string) (line int, found bool) {
	enc, err := discover.Encoding("utf-8")
	if err != nil {
		return 0, false
	}
	f, err := os.Open(name) // a regular file: the engine has read it
	if err != nil {
		return 0, false
	}
	defer f.Close()
	d := discover.NewDecoder(enc, true)
	_, err = io.Copy(io.Discard, transform.NewReader(canceling{ctx, f}, d))
	return d.BadLine, errors.Is(err, discover.ErrNotText)
}

// canceling reads until its context ends.
type canceling struct {
	ctx context.Context
	r   io.Reader
}

func (c canceling) Read(b []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(b)
}
