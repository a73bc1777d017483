package discover

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

// dialect is how fields and records are told apart. Records end at a line
// end that isn't quoted; a doubled quote within quotes stands for one.
type dialect struct {
	delim string // one character
	quote byte   // 0: nothing quotes
}

func (d dialect) quoteName() string {
	if d.quote == 0 {
		return NoQuote
	}
	return string(d.quote)
}

// table is text cut into records. Cells hold places in the text, twelve
// bytes each, since a head of commas has millions of them.
type table struct {
	text  string
	quote byte
	cells []cell
	rows  []row
	tail  int // bytes behind the last whole record; 0: the text ends with it

	openLine int  // an unclosed quote began here; 0: none
	cut      bool // there is more text than rows were asked for
	quoted   int  // fields in quotes
	stray    int  // rows with text behind a closing quote
	strayAt  int  // line of the first
}

// cell is one field: text[start:end], without its quotes.
type cell struct {
	start, end uint32
	quoted     bool
	doubled    bool // holds doubled quotes
}

// row is one record: cells[first : first+n].
type row struct {
	first, n int
	line     int // from 1, where it begins
}

// blank reports whether the record is an empty line.
func (t *table) blank(r row) bool {
	c := t.cells[r.first]
	return r.n == 1 && c.start == c.end && !c.quoted
}

// value returns the text of field i of a record; missing fields are empty
// and unquoted, like null ones.
func (t *table) value(r row, i int) (text string, quoted bool) {
	if i >= r.n {
		return "", false
	}
	c := t.cells[r.first+i]
	s := t.text[c.start:c.end]
	if c.doubled {
		q := string(t.quote)
		s = strings.ReplaceAll(s, q+q, q)
	}
	return s, c.quoted
}

// whole returns an error when a quote stays open to the end of the file.
func (t *table) whole(complete bool) error {
	if complete && t.openLine > 0 {
		return errs.New(errs.Unreadable, msgOpenQuote, errs.P{"quote": string(t.quote)}).At(errs.Place{Line: t.openLine})
	}
	return nil
}

// scanner cuts text into records.
type scanner struct {
	table
	delim string
	pos   int
	line  int
}

// scan cuts at most maxRows records from text, whose first line is that after
// skipped others. A record that the end of an incomplete text cuts is left
// out; complete says that the text is the whole file.
func scan(ctx context.Context, text string, d dialect, skipped, maxRows int, complete bool) (table, error) {
	s := scanner{table: table{text: text, quote: d.quote}, delim: d.delim, line: skipped + 1}
	for s.pos < len(text) {
		if len(s.rows)&1023 == 0 && ctx.Err() != nil {
			return s.table, canceled(ctx)
		}
		if len(s.rows) == maxRows {
			s.cut = true
			return s.table, nil
		}
		start, first := s.pos, len(s.cells)
		ok, err := s.record(complete)
		if err != nil {
			return s.table, err
		}
		if !ok {
			s.cells, s.tail = s.cells[:first], len(text)-start
			return s.table, nil
		}
	}
	return s.table, nil
}

// record reads one record; not ok when the text ends within it.
func (s *scanner) record(complete bool) (ok bool, err error) {
	r := row{first: len(s.cells), line: s.line}
	start, stray := s.pos, s.stray
	for {
		began, line := s.pos, s.line
		closed := s.field()
		s.line += lines(s.text[began:s.pos])
		if s.pos-began > MaxField+2 {
			return false, limit(msgField, MaxField>>20, line)
		}
		if s.pos-start > MaxLine {
			return false, limit(msgLine, MaxLine>>20, r.line)
		}
		if !closed {
			s.openLine = line
			return false, nil
		}
		if r.n++; r.n > MaxColumns {
			return false, limit(msgColumns, MaxColumns, r.line)
		}
		if !s.skipDelim() {
			break
		}
	}
	if s.stray > stray { // one a row, however many fields
		s.stray = stray + 1
		if s.strayAt == 0 {
			s.strayAt = r.line
		}
	}
	if !s.endLine() && !complete {
		return false, nil
	}
	s.rows = append(s.rows, r)
	return true, nil
}

func limit(m errs.Message, n, line int) error {
	return errs.New(errs.Exhausted, m, errs.P{"limit": n}).At(errs.Place{Line: line})
}

// field reads one field up to its delimiter or line end; false when a quote
// stays open.
func (s *scanner) field() (closed bool) {
	if s.quote == 0 || s.pos >= len(s.text) || s.text[s.pos] != s.quote {
		start := s.pos
		s.plain()
		s.cells = append(s.cells, cell{start: uint32(start), end: uint32(s.pos)})
		return true
	}
	start := s.pos
	c := cell{start: uint32(s.pos + 1), quoted: true}
	for s.pos++; ; s.pos += 2 {
		i := strings.IndexByte(s.text[s.pos:], s.quote)
		if i < 0 {
			s.pos = len(s.text)
			return false
		}
		s.pos += i
		if s.pos+1 >= len(s.text) || s.text[s.pos+1] != s.quote {
			break
		}
		c.doubled = true
	}
	c.end = uint32(s.pos)
	s.pos++
	if s.quoted++; !s.atEnd() { // text behind the closing quote: take all as it stands
		s.stray++
		s.plain()
		c = cell{start: uint32(start), end: uint32(s.pos)}
	}
	s.cells = append(s.cells, c)
	return true
}

// plain moves to the next delimiter or line end.
func (s *scanner) plain() {
	d := s.delim[0]
	for ; s.pos < len(s.text); s.pos++ {
		c := s.text[s.pos]
		if c == '\n' || c == '\r' || (c == d && strings.HasPrefix(s.text[s.pos:], s.delim)) {
			return
		}
	}
}

// atEnd reports whether a field can end here.
func (s *scanner) atEnd() bool {
	rest := s.text[s.pos:]
	return rest == "" || rest[0] == '\n' || rest[0] == '\r' || strings.HasPrefix(rest, s.delim)
}

func (s *scanner) skipDelim() bool {
	if strings.HasPrefix(s.text[s.pos:], s.delim) {
		s.pos += len(s.delim)
		return true
	}
	return false
}

// endLine moves behind a line end; false at the end of the text.
func (s *scanner) endLine() bool {
	rest := s.text[s.pos:]
	switch {
	case rest == "":
		return false
	case strings.HasPrefix(rest, "\r\n"):
		s.pos += 2
	default:
		s.pos++
	}
	s.line++
	return true
}

// cutText shortens s to n characters, with an ellipsis where it was longer.
func cutText(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
