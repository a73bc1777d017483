package formula

import (
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Canonical replaces each [label] by the column's name and leaves all else,
// comments and blanks included, as it was typed.
func Canonical(src string, schema rel.Schema) (string, error) {
	return Env{Schema: schema}.canonical(src)
}

// CanonicalJoin is Canonical for the condition of a join.
func CanonicalJoin(src string, left, right rel.Schema) (string, error) {
	return Env{Left: left, Right: right}.canonical(src)
}

func (e Env) canonical(src string) (string, error) {
	var list errs.List
	out, err := edit(src, func(n *Node) (string, bool) {
		if n.Kind != Label {
			return "", false
		}
		side, err := e.sideOf(n, func(s rel.Schema) bool { _, err := findLabel(s, n.Text); return err == nil })
		if err != nil {
			list.Add(errs.At(err, place(n.Span)))
			return "", false
		}
		c, err := findLabel(e.schema(side), n.Text)
		list.Add(errs.At(err, place(n.Span)))
		return rel.QuoteName(c.Name), err == nil
	})
	if err != nil {
		return "", err
	}
	switch len(list) {
	case 0:
		return out, nil
	case 1:
		return "", list[0]
	default:
		return "", list
	}
}

// Rename replaces a column's name, wherever a formula speaks of it without a
// side.
func Rename(src, from, to string) (string, error) { return RenameSide(src, rel.Only, from, to) }

// RenameSide replaces the name of a column of one side of a join.
func RenameSide(src string, side rel.Side, from, to string) (string, error) {
	return edit(src, func(n *Node) (string, bool) {
		return rel.QuoteName(to), n.Side == side && rel.Fold(n.Text) == rel.Fold(from)
	})
}

// Columns lists what a formula calls its columns, bare or in square brackets,
// each once, in the order of the text. Names behind left and right are among
// them.
func Columns(src string) ([]string, error) {
	return collect(src, func(n *Node) bool { return n.Kind == Column || n.Kind == Label })
}

// Variables lists the variables of a formula, without $, each once.
func Variables(src string) ([]string, error) {
	return collect(src, func(n *Node) bool { return n.Kind == Variable })
}

func collect(src string, wanted func(*Node) bool) ([]string, error) {
	root, err := Parse(src)
	if err != nil {
		return nil, err
	}
	var out []string
	root.Walk(func(n *Node) {
		if wanted(n) && !slices.Contains(out, n.Text) {
			out = append(out, n.Text)
		}
	})
	return out, nil
}

// edit replaces columns' names and labels in the text: replace returns what to
// write in the place of one, and whether to.
func edit(src string, replace func(*Node) (string, bool)) (string, error) {
	root, err := Parse(src)
	if err != nil {
		return "", err
	}
	type change struct {
		at   Span
		text string
	}
	var changes []change
	root.Walk(func(n *Node) {
		if n.Kind != Column && n.Kind != Label {
			return
		}
		if text, ok := replace(n); ok {
			changes = append(changes, change{n.Name, text})
		}
	})
	slices.SortFunc(changes, func(a, b change) int { return a.at.Offset - b.at.Offset })
	runes, done := []rune(src), 0
	var out strings.Builder
	for _, c := range changes {
		out.WriteString(string(runes[done:c.at.Offset]) + c.text)
		done = c.at.end()
	}
	out.WriteString(string(runes[done:]))
	return out.String(), nil
}
