package pack

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/weftworks/weft/internal/errs"
)

var msgLostComment = errs.Message{
	ID: "pack.comment_place",
	En: "The comment {comment} cannot be kept at this place. Move it to the line above the item, or write it as a note: of the node, workflow or package.",
	Ru: "Комментарий {comment} нельзя сохранить на этом месте. Перенесите его на строку над элементом или запишите как примечание (note) узла, процесса или пакета.",
}

// The YAML library attaches comments by rules of its own and loses some, so
// they are found here: a '#' is a comment wherever no scalar has it, and where
// scalars begin is known from the library's tree.

// mark is the beginning of a scalar or, with open, of a flow collection.
type mark struct {
	pos    Pos
	style  yaml.Style
	parent int // indentation of the block collection around it
	open   bool
}

// comment is one comment of a file.
type comment struct {
	pos    Pos
	text   string
	own    bool // alone on its line, or behind nothing but dashes
	inFlow bool // between the brackets of a flow collection
}

// slot is an item that can hold comments.
type slot struct {
	pos   Pos
	notes *Comments
	item  bool // an item of a list; it begins where its first key does
}

// commentScanner walks the lines beside the marks.
type commentScanner struct {
	lines  [][]byte
	marks  []mark
	line   int // index of the current line
	at     int // byte within it
	depth  int // of open brackets
	cursor cursor
	found  []comment
}

func scanComments(lines [][]byte, marks []mark) []comment {
	s := &commentScanner{lines: lines, marks: marks}
	for s.line < len(lines) {
		if len(s.marks) > 0 && s.marks[0].pos.Line-1 == s.line {
			s.mark()
			continue
		}
		s.plain(len(s.lines[s.line]))
		s.next()
	}
	return s.found
}

func (s *commentScanner) next() { s.line, s.at = s.line+1, 0 }

// mark goes over the text before the next mark, and over what begins there.
func (s *commentScanner) mark() {
	m := s.marks[0]
	s.marks = s.marks[1:]
	s.plain(s.cursor.index(s.lines[s.line], m.pos))
	switch {
	case m.open:
		s.depth++
		s.at++
	case m.style&yaml.DoubleQuotedStyle != 0:
		s.quoted('"')
	case m.style&yaml.SingleQuotedStyle != 0:
		s.quoted('\'')
	case m.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		s.block(m.parent)
	default:
		s.at++
	}
}

// plain looks for a comment up to a byte of the line, and counts brackets that
// close.
func (s *commentScanner) plain(end int) {
	l := s.lines[s.line]
	for ; s.at < end; s.at++ {
		switch c := l[s.at]; {
		case c == '#' && (s.at == 0 || l[s.at-1] == ' ' || l[s.at-1] == '\t'):
			before := strings.Trim(string(l[:s.at]), " \t-")
			s.found = append(s.found, comment{
				pos:    Pos{s.line + 1, len([]rune(string(l[:s.at]))) + 1},
				text:   strings.TrimRight(string(l[s.at:]), " \t"),
				own:    before == "",
				inFlow: s.depth > 0,
			})
			s.at = len(l)
			return
		case (c == ']' || c == '}') && s.depth > 0:
			s.depth--
		}
	}
}

// quoted goes behind the closing quote.
func (s *commentScanner) quoted(q byte) {
	for s.at++; s.line < len(s.lines); s.next() {
		for l := s.lines[s.line]; s.at < len(l); s.at++ {
			switch {
			case l[s.at] == '\\' && q == '"':
				s.at++
			case l[s.at] == q && q == '\'' && s.at+1 < len(l) && l[s.at+1] == q:
				s.at++
			case l[s.at] == q:
				s.at++
				return
			}
		}
	}
}

// block goes over the header of a block scalar, where a comment may stand, and
// over its lines.
func (s *commentScanner) block(parent int) {
	indent := 0
	for _, c := range s.lines[s.line][s.at:] {
		if c >= '1' && c <= '9' {
			indent = max(parent, 0) + int(c-'0')
		}
		if c == ' ' || c == '#' {
			break
		}
	}
	s.plain(len(s.lines[s.line]))
	s.next()
	for ; s.line < len(s.lines); s.next() {
		l := s.lines[s.line]
		width := len(l) - len(bytes.TrimLeft(l, " "))
		if width == len(l) {
			continue
		}
		if indent == 0 {
			indent = max(width, parent+1)
		}
		if width < indent {
			return
		}
	}
}

// attach gives each comment to its item: those alone on a line to the item
// that begins below, those behind something to the item that began last. It
// returns what stands after the last item.
func attach(comments []comment, slots []slot, list *errs.List) (tail []string) {
	next := 0 // the first slot below the comment
	for _, c := range comments {
		for next < len(slots) && slots[next].pos.Line <= c.pos.Line {
			next++
		}
		switch {
		case c.inFlow:
			list.Add(lostComment(c))
		case c.own && next == len(slots):
			tail = append(tail, c.text)
		case c.own:
			slots[next].notes.Above = append(slots[next].notes.Above, c.text)
		case next == 0:
			list.Add(lostComment(c))
		case slots[next-1].notes.Behind != "":
			n := slots[next-1].notes
			n.Above = append(n.Above, c.text)
		default:
			slots[next-1].notes.Behind = c.text
		}
	}
	return tail
}

func lostComment(c comment) *errs.Error {
	return errs.New(errs.Invalid, msgLostComment, errs.P{"comment": c.text}).At(c.pos.Place())
}
