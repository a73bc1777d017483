package discover

import (
	"context"
	"math"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// maxPreamble is the most records before the table itself that are looked
// over: titles, notes, blank lines.
const maxPreamble = 100

// chooseDialect takes what is given and finds out the rest by cutting a
// sample in every way that comes into question.
func chooseDialect(ctx context.Context, text string, complete bool, req Request) (dialect, error) {
	delims := []string{",", ";", "\t", "|"}
	if req.Delimiter != "" {
		delims = []string{req.Delimiter}
	}
	best, top, single := dialect{delim: ","}, 0.0, dialect{}
	for i, delim := range delims {
		q, t, err := chooseQuote(ctx, text, complete, delim, req)
		if err != nil {
			return best, req.at(err, 0)
		}
		d := dialect{delim, q}
		if i == 0 {
			single = d
		}
		if s := score(&t, req.Skip != nil); s > top {
			best, top = d, s
		}
	}
	if top == 0 {
		return single, nil
	}
	return best, nil
}

// chooseQuote returns the quote that fits a delimiter, and the sample cut so.
func chooseQuote(ctx context.Context, text string, complete bool, delim string, req Request) (byte, table, error) {
	quotes := []byte{'"', '\'', 0}
	if req.Quote == NoQuote {
		quotes = []byte{0}
	} else if req.Quote != "" {
		quotes = []byte{req.Quote[0]}
	}
	var first table
	for i, q := range quotes {
		if string(q) == delim {
			continue
		}
		t, err := sample(ctx, text, dialect{delim, q}, complete)
		if err != nil {
			return q, t, err
		}
		if len(quotes) == 1 || (t.quoted > 0 && t.stray*10 <= t.quoted) {
			return q, t, nil
		}
		if i == 0 {
			first = t
		}
		// Quotes that never quote a whole field are text, like inches.
		if q == 0 && (first.stray > 0 || first.openLine > 0) {
			return 0, t, nil
		}
	}
	return '"', first, nil
}

// sample cuts the first records, out of more text when the first is long.
func sample(ctx context.Context, text string, d dialect, complete bool) (table, error) {
	if len(text) > sampleBytes {
		t, err := scan(ctx, text[:sampleBytes], d, 0, 1000, false)
		if err != nil || len(t.rows) > 1 {
			return t, err
		}
	}
	return scan(ctx, text, d, 0, 1000, complete)
}

// score says how well a sample became a table; 0: not at all. What counts
// most is that records have the same number of fields, then that fields are
// whole values (1,5 is one number, not two), then that there are many.
func score(t *table, skipGiven bool) float64 {
	start, width := t.locate(skipGiven)
	if width < 2 {
		return 0
	}
	same, all := 0, 0
	for _, r := range t.rows[start:] {
		if !t.blank(r) {
			all++
			if r.n == width {
				same++
			}
		}
	}
	share := float64(same) / float64(max(all, 1))
	if share < 0.6 {
		return 0
	}
	s := 10*share + 2*t.typed(start) + 0.5*math.Log2(float64(width))
	for _, r := range t.rows[:start] {
		if !t.blank(r) {
			return s - 3
		}
	}
	return s
}

// locate finds where the table starts and how many fields its records have.
// What comes before it must not count for the width, so both are found in
// turns, the start only moving forward, until they fit each other.
func (t *table) locate(skipGiven bool) (start, width int) {
	width = t.width(0)
	for !skipGiven {
		next := t.start(start, width)
		w := t.width(next)
		if next == start && w == width {
			break
		}
		start, width = next, w
	}
	return start, width
}

// width is the number of fields that most records from start on have; the
// larger of two that are as frequent. Comments count only among themselves.
func (t *table) width(start int) int {
	first := t.comments(start)
	if first == len(t.rows) {
		first = start
	}
	counts := map[int]int{}
	for _, r := range t.rows[first:] {
		if !t.blank(r) {
			counts[r.n]++
		}
	}
	width := 0
	for n, c := range counts {
		if width == 0 || c > counts[width] || (c == counts[width] && n > width) {
			width = n
		}
	}
	return max(width, 1)
}

// comments is the index of the first record, from start on, that is neither
// blank nor begins with '#'; the number of records when there is none.
func (t *table) comments(start int) int {
	for i, r := range t.rows[start:] {
		if s, quoted := t.value(r, 0); !t.blank(r) && (quoted || !strings.HasPrefix(s, "#")) {
			return start + i
		}
	}
	return len(t.rows)
}

// start is the index, at least from, of the header, or of the first row where there is none:
// blank records, records of another width and titles (one filled field of
// three or more) come before it. A header may have one name too few or too
// many, or as many as the longest row where others leave the last ones out.
func (t *table) start(from, width int) int {
	i, comments := from, t.comments(from)
	if comments == len(t.rows) {
		comments = 0
	}
	for i < min(len(t.rows), maxPreamble) && (t.preamble(t.rows[i], width) || i < comments-1 && t.remark(t.rows[i])) {
		i++
	}
	if i == len(t.rows) || i == maxPreamble {
		return from
	}
	if i > from && width > 1 {
		if r := t.rows[i-1]; r.n > 1 && t.filled(r) == r.n &&
			(r.n == width-1 || r.n == width+1 || (r.n > width && r.n == t.longest(i))) {
			return i - 1
		}
	}
	return i
}

// longest is the most fields that a record from start on has.
func (t *table) longest(start int) int {
	n := 0
	for _, r := range t.rows[start:] {
		n = max(n, r.n)
	}
	return n
}

// remark reports whether a record that begins with '#' is prose: #fff is not.
func (t *table) remark(r row) bool {
	s, _ := t.value(r, 0)
	return len(s) < 2 || s[1] == ' ' || s[1] == '#'
}

func (t *table) preamble(r row, width int) bool {
	if t.blank(r) {
		return true
	}
	return width > 1 && (r.n != width || (width > 2 && t.filled(r) <= 1))
}

// filled counts the fields of a record that hold something.
func (t *table) filled(r row) int {
	n := 0
	for i := range r.n {
		if s, _ := t.value(r, i); strings.TrimSpace(s) != "" {
			n++
		}
	}
	return n
}

// typed is the share of filled fields that are a whole number or date.
func (t *table) typed(start int) float64 {
	filled, typed, e := 0, 0, newEvidence()
	for _, r := range t.rows[start:] {
		for i := range r.n {
			s, _ := t.value(r, i)
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			filled++
			if e.looksTyped(s) {
				typed++
			}
		}
	}
	return float64(typed) / float64(max(filled, 1))
}

func emptyAfterSkip(n int) error {
	return errs.New(errs.Unreadable, msgSkippedAll, errs.P{"count": n})
}
