package web

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Limits of the head of a request: request line and headers together, and the
// number of headers.
const (
	maxHead    = 16 << 10
	maxHeaders = 64
)

// errHead is what a malformed head is refused by. net/http, whose own reader
// forgives some of what is refused here, answers it with 400.
var errHead = errors.New("malformed head of a request")

// headScanner watches the bytes of an HTTP/1.1 connection as they come in, and
// refuses heads over which two readers could disagree: bare line feeds, folded
// lines, two hosts, doubtful lengths. It knows only where requests start and
// end, and never changes a byte.
type headScanner struct {
	line    []byte // of the head, what is not complete yet
	size    int    // bytes of the head so far
	headers int    // -1: the request line has not come
	hosts   int
	length  int64 // of the body; -1: not told
	chunked bool
	upgrade bool

	body  int64 // bytes of the body that are still to come
	blind bool  // nothing more is scanned: a websocket, or a body in chunks, after which the connection ends
}

func newHeadScanner() headScanner { return headScanner{headers: -1, length: -1} }

// inHead tells whether the head of a request has begun and is not complete.
func (s *headScanner) inHead() bool { return s.size > 0 }

// scan takes the next bytes.
func (s *headScanner) scan(p []byte) error {
	for len(p) > 0 && !s.blind {
		if s.body > 0 {
			n := min(s.body, int64(len(p)))
			s.body -= n
			p = p[n:]
			continue
		}
		i := bytes.IndexByte(p, '\n')
		part := p
		if i >= 0 {
			part = p[:i+1]
		}
		if s.size += len(part); s.size > maxHead {
			return errHead
		}
		s.line = append(s.line, part...)
		p = p[len(part):]
		if i < 0 {
			return nil
		}
		if err := s.endLine(); err != nil {
			return err
		}
	}
	return nil
}

func (s *headScanner) endLine() error {
	line, ok := bytes.CutSuffix(s.line, []byte("\r\n"))
	if !ok || bytes.ContainsFunc(line, control) {
		return errHead
	}
	defer func() { s.line = s.line[:0] }()
	switch {
	case s.headers < 0:
		s.headers = 0
		return requestLine(line)
	case len(line) == 0:
		return s.endHead()
	}
	if s.headers++; s.headers > maxHeaders {
		return errHead
	}
	name, value, ok := strings.Cut(string(line), ":")
	if !ok || name == "" || strings.ContainsFunc(name, notInToken) {
		return errHead // folded lines start with a blank, so they end here too
	}
	return s.header(strings.ToLower(name), strings.Trim(value, " \t"))
}

func control(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }

func notInToken(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
}

// requestLine wants a method, a target and a version, one blank between them.
func requestLine(line []byte) error {
	parts := strings.Split(string(line), " ")
	if len(parts) != 3 || strings.ContainsFunc(parts[0], notInToken) || parts[1] == "" || strings.Contains(parts[1], "\t") ||
		!slices.Contains([]string{"HTTP/1.0", "HTTP/1.1"}, parts[2]) {
		return errHead
	}
	return nil
}

func (s *headScanner) header(name, value string) error {
	switch name {
	case "host":
		if s.hosts++; s.hosts > 1 {
			return errHead
		}
	case "content-length":
		n, err := strconv.ParseUint(value, 10, 62)
		if err != nil || s.length >= 0 || value[0] == '+' {
			return errHead
		}
		s.length = int64(n)
	case "transfer-encoding":
		if s.chunked || !strings.EqualFold(value, "chunked") {
			return errHead
		}
		s.chunked = true
	case "upgrade":
		s.upgrade = true
	}
	return nil
}

func (s *headScanner) endHead() error {
	if s.chunked && s.length >= 0 {
		return errHead
	}
	next := newHeadScanner()
	next.line = s.line
	next.body = max(s.length, 0)
	next.blind = s.chunked || s.upgrade
	*s = next
	return nil
}
