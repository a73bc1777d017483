package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
)

// textError is an error with the text of the setting that it marks a part of.
type textError struct {
	*errs.Error
	text string
}

// withTexts finds, for errors that mark a part of a setting, the setting.
func withTexts(list errs.List, p *pack.Package) []textError {
	out := make([]textError, len(list))
	for i, e := range list {
		out[i] = textError{Error: e}
		if p != nil && e.Place.Length > 0 {
			out[i].text = settingText(p, e.Place)
		}
	}
	return out
}

// settingText is the text of the setting at a place, if it is one.
func settingText(p *pack.Package, at errs.Place) string {
	flow := at.Workflow
	if flow == "" {
		flow = "main"
	}
	w := p.Workflow(flow)
	if w == nil {
		return ""
	}
	n := w.Node(at.Node)
	if n == nil {
		return ""
	}
	v := n.Settings
	for _, step := range strings.FieldsFunc(at.Setting, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if next, ok := v.Get(step); ok {
			v = next
			continue
		}
		var i int
		if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(v.List) {
			return ""
		}
		v = v.List[i]
	}
	return v.Text
}

// report tells an error on standard error, all of it.
func (p *program) report(err error) {
	if _, ok := errors.AsType[told](err); ok {
		return
	}
	if u, ok := errors.AsType[usageError](err); ok {
		p.reportUsage(u)
		return
	}
	var doc *pack.Package
	if d, ok := errors.AsType[placed](err); ok {
		doc = d.doc
	}
	for _, e := range withTexts(errs.All(err), doc) {
		p.reportOne(p.err, e, p.warn)
	}
}

func (p *program) reportUsage(u usageError) {
	text := errs.All(u.err)[0].Text(p.lang)
	hint := errs.Words{En: "`weft help` shows how it is used.", Ru: "Как пользоваться: `weft help`."}
	fmt.Fprintf(p.err, "weft: %s\n%s\n", grid.Visible(text), p.warn.Dim(hint.Text(p.lang)))
}

// reportOne tells one error: place, message, and the marked part of a formula.
func (p *program) reportOne(w io.Writer, e textError, s grid.Style) {
	head := placeText(e.Place, p.lang)
	if head == "" {
		head = "weft"
	}
	fmt.Fprintf(w, "%s: %s\n", s.Bold(grid.Visible(head)), grid.Visible(e.Text(p.lang)))
	if line, marks := excerpt(e.text, e.Place.Offset, e.Place.Length); line != "" {
		fmt.Fprintf(w, "    %s\n    %s\n", line, s.Bold(marks))
	}
	// There is no log on a command line: what users of a server never see is
	// told here where it is the only hint.
	if e.Cause != nil && (p.verbose || e.Kind == errs.Internal || e.Kind == errs.Crashed) {
		for line := range strings.Lines(e.Cause.Error()) {
			fmt.Fprintf(w, "    %s\n", s.Dim(grid.Visible(strings.TrimRight(line, "\n"))))
		}
	}
}

// placeText spells a place as file:line:column, node, setting.
func placeText(at errs.Place, lang string) string {
	var parts []string
	file := at
	file.Workflow, file.Node, file.Setting = "", "", ""
	if s := file.String(); s != "" {
		parts = append(parts, s)
	}
	if at.Node != "" {
		name := at.Node
		if at.Workflow != "" && at.Workflow != "main" {
			name = at.Workflow + "/" + name
		}
		parts = append(parts, errs.Words{En: "node ", Ru: "узел "}.Text(lang)+name)
	}
	if at.Setting != "" {
		parts = append(parts, errs.Words{En: "setting ", Ru: "параметр "}.Text(lang)+at.Setting)
	}
	return strings.Join(parts, ": ")
}

// excerpt is the line of text in which the characters from offset on stand,
// and a line of marks below them.
func excerpt(text string, offset, length int) (line, marks string) {
	if text == "" || length <= 0 {
		return "", ""
	}
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\r\n")
		runes := []rune(l)
		if offset > len(runes) {
			offset -= len(runes) + 1
			continue
		}
		return marked(runes, offset, min(len(runes), offset+length))
	}
	return "", ""
}

// Of a long line, the surroundings of the mark are shown.
const (
	longLine  = 120
	surrounds = 40
)

// marked is the line, or the part of it around the marks, and the marks from
// begin to end.
func marked(line []rune, begin, end int) (shown, marks string) {
	from, to, before, after := 0, len(line), "", ""
	if len(line) > longLine {
		if begin > surrounds {
			from, before = begin-surrounds, "… "
		}
		if rest := from + longLine; to > rest {
			to, after = rest, " …"
		}
		end = min(end, to)
	}
	head := before + grid.Visible(string(line[from:begin]))
	part := grid.Visible(string(line[begin:end]))
	shown = head + part + grid.Visible(string(line[end:to])) + after
	return shown, strings.Repeat(" ", grid.Width(head)) + strings.Repeat("^", max(1, grid.Width(part)))
}

// placed is an error with the package that its places speak of.
type placed struct {
	error
	doc *pack.Package
}

// Unwrap is the error below.
func (e placed) Unwrap() error { return e.error }

// inFile puts errors that stand at a node or a line into a package's file.
func inFile(err error, path string, doc *pack.Package) error {
	if err == nil {
		return nil
	}
	return placed{error: located(errs.All(err), path, doc), doc: doc}
}

// invalid is what was found wrong with a package before it ran; nil where
// that is nothing.
func invalid(list errs.List, path string, doc *pack.Package) error {
	if len(list) == 0 {
		return nil
	}
	return placed{error: invalidPackage{located(list, path, doc)}, doc: doc}
}

func located(list errs.List, path string, doc *pack.Package) errs.List {
	out := make(errs.List, len(list))
	for i, e := range list {
		if e.Place.Line == 0 && e.Place.Node != "" && doc != nil && e.Place.File == "" {
			e = e.At(nodePlace(doc, e.Place))
		}
		if e.Place.Line > 0 || e.Place.Node != "" {
			e = e.At(errs.Place{File: path})
		}
		out[i] = e
	}
	return out
}

// nodePlace is the line of the node that a place names.
func nodePlace(doc *pack.Package, at errs.Place) errs.Place {
	flow := at.Workflow
	if flow == "" {
		flow = "main"
	}
	if w := doc.Workflow(flow); w != nil {
		if n := w.Node(at.Node); n != nil {
			return n.Pos.Place()
		}
	}
	return errs.Place{}
}
