package grid

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Style says how a table for people looks.
type Style struct {
	Width int    // columns of the terminal; 0: no limit
	Color bool   // dim and bold are allowed
	Lang  string // of the words around the table
}

// The escapes that a style with colours uses.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	plain = "\x1b[0m"
)

// Bold and Dim set a text off where the style allows it.

// Bold makes a text stand out.
func (s Style) Bold(text string) string { return s.in(bold, text) }

// Dim makes a text step back.
func (s Style) Dim(text string) string { return s.in(dim, text) }

func (s Style) in(escape, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return escape + text + plain
}

// column is one column laid out.
type column struct {
	title string
	cells []string
	right bool
	faint []bool // cells that stand for nothing
	width int
	least int // it is not made narrower than this
}

// narrow is the width, in columns of a terminal, to which text may be cut.
const narrow = 8

// Text prints rows as an aligned table: numbers at the right, a wide table cut
// to the style's width. It prints nothing for a table without columns.
func Text(w io.Writer, schema rel.Schema, rows [][]rel.Value, s Style) error {
	columns := make([]column, len(schema))
	for i, c := range schema {
		columns[i] = layOut(c, cells(rows, i))
	}
	shown := fit(columns, s.Width)
	out := bufio.NewWriter(w)
	if len(shown) > 0 {
		printTable(out, shown, len(rows), s)
	}
	if left := columns[len(shown):]; len(left) > 0 {
		titles := make([]string, len(left))
		for i, c := range left {
			titles[i] = c.title
		}
		words := errs.Words{
			En: fmt.Sprintf("… and %d more columns: %s", len(left), strings.Join(titles, ", ")),
			Ru: fmt.Sprintf("… ещё столбцы (%d): %s", len(left), strings.Join(titles, ", ")),
		}
		fmt.Fprintln(out, s.Dim(Shorten(words.Text(s.Lang), max(s.Width, 20))))
	}
	return out.Flush()
}

func cells(rows [][]rel.Value, i int) []rel.Value {
	out := make([]rel.Value, len(rows))
	for r := range rows {
		out[r] = rows[r][i]
	}
	return out
}

func layOut(c rel.Column, values []rel.Value) column {
	col := column{title: Visible(c.Title()), right: c.Type.Numeric()}
	if c.Type == rel.Real {
		col.cells = reals(values)
	} else {
		for _, v := range values {
			col.cells = append(col.cells, Spell(v))
		}
	}
	for i, v := range values {
		col.faint = append(col.faint, v == nil || v == "")
		col.width = max(col.width, Width(col.cells[i]))
	}
	col.least = min(col.width, narrow)
	if col.right {
		col.least = col.width // a number that is cut would be another one
	}
	col.width = max(col.width, Width(col.title))
	col.least = max(col.least, min(Width(col.title), narrow))
	return col
}

const gap = 2 // blanks between columns

// fit makes the widest columns narrower until the table fits, and leaves out
// the last ones where that is not enough. At least one column stays.
func fit(columns []column, limit int) []column {
	if limit <= 0 {
		return columns
	}
	for n := len(columns); n > 0; n-- {
		least := gap * (n - 1)
		for _, c := range columns[:n] {
			least += c.least
		}
		if least <= limit || n == 1 {
			return squeeze(columns[:n], limit)
		}
	}
	return columns
}

func squeeze(columns []column, limit int) []column {
	total, widest := gap*(len(columns)-1), 0
	for _, c := range columns {
		total += c.width
		widest = max(widest, c.width)
	}
	for ; total > limit && widest > 1; widest-- {
		for i := range columns {
			if c := &columns[i]; c.width >= widest && c.width > c.least && total > limit {
				c.width--
				total--
			}
		}
	}
	return columns
}

func printTable(out *bufio.Writer, columns []column, rows int, s Style) {
	var head, rule []string
	for i, c := range columns {
		title := Shorten(c.title, c.width)
		head = append(head, s.Bold(title)+blanksBehind(title, c, i == len(columns)-1))
		if c.right {
			head[i] = strings.Repeat(" ", c.width-Width(title)) + s.Bold(title)
		}
		rule = append(rule, strings.Repeat("─", c.width))
	}
	between := strings.Repeat(" ", gap)
	fmt.Fprintln(out, strings.Join(head, between))
	fmt.Fprintln(out, s.Dim(strings.Join(rule, between)))
	for r := range rows {
		for i, c := range columns {
			if i > 0 {
				out.WriteString(between)
			}
			out.WriteString(c.cell(r, i == len(columns)-1, s))
		}
		out.WriteByte('\n')
	}
}

// blanksBehind fills a left-aligned cell; the last of a line needs none.
func blanksBehind(text string, c column, last bool) string {
	if c.right || last {
		return ""
	}
	return strings.Repeat(" ", max(0, c.width-Width(text)))
}

func (c column) cell(r int, last bool, s Style) string {
	text := Shorten(c.cells[r], c.width)
	seen := text
	if c.faint[r] {
		seen = s.Dim(text)
	}
	if c.right {
		return strings.Repeat(" ", max(0, c.width-Width(text))) + seen
	}
	return seen + blanksBehind(text, c, last)
}

// List prints rows of texts in aligned columns, without a head, each line
// behind indent. The last text of a row is not cut.
func List(w io.Writer, indent string, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(text))
		}
	}
	out := bufio.NewWriter(w)
	for _, row := range rows {
		line := indent
		for i, text := range row {
			if i < len(row)-1 {
				text = pad(text, widths[i]+gap, false)
			}
			line += text
		}
		fmt.Fprintln(out, strings.TrimRight(line, " "))
	}
	return out.Flush()
}
