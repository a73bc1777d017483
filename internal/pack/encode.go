package pack

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// lineWidth is how many characters a collection may take to stand on one line
// with its key; lineDepth how deep it may be nested.
const (
	lineWidth = 100
	lineDepth = 2
)

// Encode writes a package in its one canonical spelling, as UTF-8 with a
// newline at the end of each line. What Decode read comes out the same:
// decoding the result gives an equal package.
func Encode(p *Package) []byte {
	w := &writer{}
	t := packageTree(p)
	for i := range t.kids {
		w.entry(0, &t.kids[i])
	}
	w.above(0, p.Tail)
	return w.out.Bytes()
}

// writer spells trees and values. Each method writes whole lines.
type writer struct{ out bytes.Buffer }

func (w *writer) indent(n int) {
	for range n {
		w.out.WriteByte(' ')
	}
}

func (w *writer) above(indent int, lines []string) {
	for _, l := range lines {
		w.indent(indent)
		w.out.WriteString(l)
		w.out.WriteByte('\n')
	}
}

func (w *writer) behind(c Comments) {
	if c.Behind != "" {
		w.out.WriteString("  ")
		w.out.WriteString(c.Behind)
	}
	w.out.WriteByte('\n')
}

func (w *writer) entry(indent int, t *tree) {
	if !t.nested {
		w.above(indent, t.notes.Above)
		w.indent(indent)
		w.keyed(indent, t.key, &t.value, t.notes)
		return
	}
	w.above(indent, t.notes.Above)
	w.indent(indent)
	w.out.WriteString(quote(t.key, false))
	w.out.WriteByte(':')
	w.behind(t.notes)
	for i := range t.kids {
		w.entry(indent+2, &t.kids[i])
	}
}

// keyed writes a key with its value, from the key on; the indentation is there
// already.
func (w *writer) keyed(indent int, key string, v *Value, notes Comments) {
	start := w.out.Len()
	w.out.WriteString(quote(key, false))
	w.out.WriteByte(':')
	used := indent + utf8.RuneCount(w.out.Bytes()[start:]) + 1
	switch {
	case v.Kind < ListValue:
		w.out.WriteByte(' ')
		w.scalar(indent, *v, notes)
	case onOneLine(v, used, v.Kind == ListValue):
		w.out.WriteByte(' ')
		w.out.WriteString(flowText(v))
		w.behind(notes)
	default:
		w.behind(notes)
		w.block(indent+2, v)
	}
}

// block writes the items of a collection that has some, one below the other.
func (w *writer) block(indent int, v *Value) {
	for i := range v.List {
		w.above(indent, leading(&v.List[i], indent))
		w.indent(indent)
		w.item(indent, &v.List[i])
	}
	for i := range v.Map {
		e := &v.Map[i]
		w.above(indent, e.Value.Notes.Above)
		w.indent(indent)
		w.keyed(indent, e.Key, &e.Value, e.Value.Notes)
	}
}

// item writes one item of a list behind its indentation. Its comments above
// are written.
func (w *writer) item(indent int, v *Value) {
	w.out.WriteString("- ")
	switch {
	case v.Kind < ListValue:
		w.scalar(indent, *v, v.Notes)
	case onOneLine(v, indent+2, false):
		w.out.WriteString(flowText(v))
		w.behind(v.Notes)
	case v.Kind == ListValue:
		w.item(indent+2, &v.List[0])
		rest := List(v.List[1:]...)
		w.block(indent+2, &rest)
	default:
		e := &v.Map[0]
		w.keyed(indent+2, e.Key, &e.Value, e.Value.Notes)
		rest := Map(v.Map[1:]...)
		w.block(indent+2, &rest)
	}
}

// leading are the comments above an item of a list: its own and, where its
// first own item stands on the line of the dash, that one's.
func leading(v *Value, indent int) []string {
	if v.Kind < ListValue || onOneLine(v, indent+2, false) {
		return v.Notes.Above
	}
	out := slices.Clone(v.Notes.Above)
	if v.Notes.Behind != "" { // a dash has no place for it
		out = append(out, v.Notes.Behind)
	}
	if v.Kind == ListValue {
		return append(out, leading(&v.List[0], indent+2)...)
	}
	return append(out, v.Map[0].Value.Notes.Above...)
}

// onOneLine reports whether a collection stands on one line, behind used
// characters. A list as the value of a key does when it holds no collections:
// its items have a line each otherwise.
func onOneLine(v *Value, used int, list bool) bool {
	if v.IsZero() {
		return true
	}
	depth := lineDepth
	if list {
		depth = 1
	}
	return simple(v, depth) && used+utf8.RuneCountInString(flowText(v)) <= lineWidth
}

// simple reports whether nothing within v needs lines of its own: comments,
// text of several lines, deep nesting.
func simple(v *Value, depth int) bool {
	if v.Kind == TextValue {
		return !strings.Contains(v.Text, "\n") && len(v.Text) <= 4*lineWidth
	}
	if _, ok := v.VarRef(); v.Kind < ListValue || ok && v.Map[0].Value.Notes.empty() {
		return true
	}
	if depth == 0 && !v.IsZero() || len(v.List)+len(v.Map) > lineWidth {
		return false
	}
	for i := range v.List {
		if !v.List[i].Notes.empty() || !simple(&v.List[i], depth-1) {
			return false
		}
	}
	for i := range v.Map {
		if e := &v.Map[i].Value; !e.Notes.empty() || !simple(e, depth-1) {
			return false
		}
	}
	return true
}

// flowText spells a value on one line.
func flowText(v *Value) string {
	switch v.Kind {
	case ListValue:
		parts := make([]string, len(v.List))
		for i := range v.List {
			parts[i] = flowText(&v.List[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case MapValue:
		parts := make([]string, len(v.Map))
		for i := range v.Map {
			parts[i] = quote(v.Map[i].Key, true) + ": " + flowText(&v.Map[i].Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		return scalarText(*v, true)
	}
}

func scalarText(v Value, flow bool) string {
	switch v.Kind {
	case BoolValue:
		return strconv.FormatBool(v.Bool)
	case IntValue:
		return strconv.FormatInt(v.Int, 10)
	case RealValue:
		return formatReal(v.Real)
	case TextValue:
		return quote(v.Text, flow)
	default:
		return "null"
	}
}

// scalar writes a scalar and ends the line. Text of several lines becomes a
// block scalar, indented by two more than the item it belongs to.
func (w *writer) scalar(indent int, v Value, notes Comments) {
	if v.Kind != TextValue || !blockSafe(v.Text) {
		w.out.WriteString(scalarText(v, false))
		w.behind(notes)
		return
	}
	w.out.WriteByte('|')
	lines := strings.Split(v.Text, "\n")
	if leadsWithSpace(lines) {
		w.out.WriteByte('2')
	}
	switch {
	case !strings.HasSuffix(v.Text, "\n"):
		w.out.WriteByte('-')
	case strings.HasSuffix(v.Text, "\n\n"):
		w.out.WriteByte('+')
		lines = lines[:len(lines)-1]
	default:
		lines = lines[:len(lines)-1]
	}
	w.behind(notes)
	for _, l := range lines {
		if l != "" {
			w.indent(indent + 2)
			w.out.WriteString(l)
		}
		w.out.WriteByte('\n')
	}
}

// blockSafe reports whether text can be a block scalar: several lines, not all
// blank, of characters that need no escapes.
func blockSafe(s string) bool {
	return strings.Contains(s, "\n") && strings.Trim(s, " \t\n") != "" && printable(s, "\n\t")
}

// leadsWithSpace reports whether the indentation of the text could not be told
// from spaces of its own.
func leadsWithSpace(lines []string) bool {
	for _, l := range lines {
		if l != "" {
			return l[0] == ' ' || l[0] == '\t'
		}
	}
	return false
}
