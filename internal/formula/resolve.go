package formula

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// schema returns the columns of a side of the formula's input.
func (e Env) schema(side rel.Side) rel.Schema {
	switch side {
	case rel.Left:
		return e.Left
	case rel.Right:
		return e.Right
	default:
		return e.Schema
	}
}

// column resolves a bare name, or left.name and right.name.
func (b *binder) column(n *Node) rel.Expr {
	side, err := b.env.sideOf(n, func(s rel.Schema) bool { return s.Index(n.Text) >= 0 })
	if err != nil {
		return b.fail(n.Span, err)
	}
	s := b.env.schema(side)
	if i := s.Index(n.Text); i >= 0 {
		return &rel.Ref{Side: side, Column: s[i]}
	}
	return b.fail(n.Span, b.noColumn(n, side))
}

// label resolves [any label].
func (b *binder) label(n *Node) rel.Expr {
	side, err := b.env.sideOf(n, func(s rel.Schema) bool { _, err := findLabel(s, n.Text); return err == nil })
	if err != nil {
		return b.fail(n.Span, err)
	}
	c, err := findLabel(b.env.schema(side), n.Text)
	if err != nil {
		return b.fail(n.Span, err)
	}
	return &rel.Ref{Side: side, Column: c}
}

// sideOf finds the input that a reference means. In a join, a reference
// without a side means the one input that has the column.
func (e Env) sideOf(n *Node, has func(rel.Schema) bool) (rel.Side, error) {
	name := n.Text
	if n.Kind == Label {
		name = "[" + n.Text + "]"
	}
	switch {
	case !e.join() && n.Side != rel.Only:
		return 0, errs.New(errs.Invalid, errNoSides, errs.P{"column": name})
	case !e.join() || n.Side != rel.Only:
		return n.Side, nil
	case has(e.Left) && has(e.Right):
		return 0, errs.New(errs.Invalid, errBothSides, errs.P{"column": name})
	case has(e.Right):
		return rel.Right, nil
	default:
		return rel.Left, nil
	}
}

// findLabel finds a column by its label, else by its name, else by its label
// without regard to case. A name that cannot be written bare goes first: the
// brackets are its only spelling.
func findLabel(s rel.Schema, label string) (rel.Column, error) {
	if i := slices.IndexFunc(s, func(c rel.Column) bool { return c.Name == label }); i >= 0 && rel.QuoteName(label) != label {
		return s[i], nil
	}
	match := func(same func(string) bool) []rel.Column {
		var out []rel.Column
		for _, c := range s {
			if same(norm.NFC.String(c.Title())) {
				out = append(out, c)
			}
		}
		return out
	}
	found := match(func(t string) bool { return t == label })
	if i := s.Index(label); len(found) == 0 && i >= 0 {
		return s[i], nil
	}
	if len(found) == 0 {
		found = match(func(t string) bool { return rel.Fold(t) == rel.Fold(label) })
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return rel.Column{}, errs.New(errs.Invalid, errNoLabel, errs.P{
			"label": "[" + shorten(label) + "]", "suggest": errs.Suggest(label, titles(s)),
		})
	default:
		return rel.Column{}, errs.New(errs.Invalid, errLabelTwice, errs.P{
			"label": "[" + shorten(label) + "]", "columns": strings.Join(rel.Schema(found).Names(), ", "),
		})
	}
}

// titles lists all that a column may be called by in brackets.
func titles(s rel.Schema) []string {
	out := s.Names()
	for _, c := range s {
		if c.Label != "" {
			out = append(out, c.Label)
		}
	}
	return out
}

// noColumn words what may have been meant by a name that is no column's.
func (b *binder) noColumn(n *Node, side rel.Side) error {
	s := b.env.schema(side)
	if c, err := findLabel(s, n.Text); err == nil {
		return errs.New(errs.Invalid, errBareLabel, errs.P{"label": n.Text, "column": rel.QuoteName(c.Name)})
	}
	if _, ok := b.env.Variables[n.Text]; ok {
		return errs.New(errs.Invalid, errMeantVariable, errs.P{"column": n.Text})
	}
	if b.env.join() && n.Side == rel.Only {
		s = slices.Concat(b.env.Left, b.env.Right)
	}
	_, err := s.Find(n.Text)
	if e, ok := errors.AsType[*errs.Error](err); ok && fmt.Sprint(e.Params["suggest"]) == "" {
		if fn, ok := b.env.Functions.Lookup(n.Text); ok {
			return errs.New(errs.Invalid, errMeantCall, errs.P{"column": n.Text, "signature": fn.Signature()})
		}
	}
	return err
}

// elsewhere tells what functions of other systems are called here.
func elsewhere(name string) string {
	for ours, theirs := range map[string]string{
		"parse_date(text, format)":               "strtodate to_date todate strptime datevalue iso8601todate",
		"parse_timestamp(text, format)":          "to_timestamp strtodatetime",
		"format_date(x, format)":                 "datetostr datetimetostr to_char strftime date_format",
		"position(text, find)":                   "find search charindex locate",
		"replace(text, find, with)":              "substitute stuff",
		"cast(x as date)":                        "date todatetime",
		"cast(x as integer)":                     "int toint",
		"cast(x as real)":                        "val tonumber to_number double real float value",
		"to_text(x)":                             "str tostring string text",
		"case when … then … else … end":          "decode decodes decoden decodev switch ifs choose",
		"make_date(year, month, day)":            "encodedate datefromparts",
		"lpad(text, length, fill)":               "strzero",
		"regexp_extract(text, pattern, [group])": "regexmatchedexp regexmatchedsubexp regexp_substr",
		"regexp_replace(text, pattern, with)":    "regexreplace regexreplaceall",
		"regexp_matches(text, pattern)":          "regexmatch regexp_like",
		"repeat(' ', count)":                     "space",
		"x is null":                              "isnull isblank isempty",
		"add_days(x, count)":                     "addday dateadd",
		"date_add('week', count, x)":             "addweek",
		"date_add('quarter', count, x)":          "addquarter",
		"date_trunc('week', x)":                  "startoftheweek",
		"last_day(x)":                            "eomonth",
		"day_of_week(x)":                         "weekday isodow dow",
		"[name]":                                 "data",
		"null":                                   "null",
	} {
		if slices.Contains(strings.Fields(theirs), name) {
			return ours
		}
	}
	return ""
}

// noFunction words what may have been meant by a call of nothing.
func (b *binder) noFunction(n *Node) error {
	rowwise := map[string]string{"max": "greatest(a, b)", "min": "least(a, b)", "sum": "a + b", "avg": "(a + b) / 2", "mean": "(a + b) / 2"}
	if want := rowwise[n.Text]; want != "" {
		return errs.New(errs.Invalid, errRowwise, errs.P{"function": n.Text, "want": want})
	}
	if slices.Contains([]string{"count", "count_distinct", "median", "percentile", "stddev", "first", "last", "stdev"}, n.Text) {
		return errs.New(errs.Invalid, errAggregate, errs.P{"function": n.Text})
	}
	suggest := errs.Suggest(n.Text, callable(b.env.Functions))
	if want := elsewhere(n.Text); want != "" {
		suggest = errs.Words{En: "Write " + want + ".", Ru: "Пишите " + want + "."}
	}
	return errs.New(errs.Invalid, errNoFunction, errs.P{"function": shorten(n.Text), "suggest": suggest})
}

// callable lists the names that may stand before a bracket.
func callable(f *rel.Functions) []string {
	var out []string
	for _, fn := range f.All() {
		if rel.IsIdentifier(fn.Name) && !rel.Reserved(fn.Name) {
			out = append(out, fn.Name)
			out = append(out, fn.Aliases...)
		}
	}
	return out
}
