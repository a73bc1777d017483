package discover

import (
	"context"
	"slices"
	"strings"
)

// describe fills in everything about the table: header, columns, counts.
func describe(ctx context.Context, t *table, req Request, res *Result) error {
	body, width := t.layOut(req, res)
	nums := t.numerals(body[min(1, len(body)):], width, req, res.Delimiter)
	res.Header = len(body) > 0
	if req.Header != nil {
		res.Header = *req.Header && len(body) > 0
	} else if res.Header {
		h, err := t.hasHeader(ctx, body, width, req, nums)
		if err != nil {
			return err
		}
		res.Header = h
	}
	labels := make([]string, width)
	if res.Header {
		labels = t.labels(body, width)
		body = body[1:]
	} else {
		nums = t.numerals(body, width, req, res.Delimiter)
	}
	res.Complete = !t.cut && t.tail == 0 && len(body) <= req.rows() && res.Complete
	body = body[:min(len(body), req.rows())]
	res.Rows = len(body)
	res.Decimal, res.Thousands = string(nums.decimal), nums.thousands
	res.Stray, res.StrayLine = t.stray, t.strayAt
	res.countRagged(body, len(labels))
	return t.columns(ctx, body, labels, req, nums, res)
}

// layOut drops what stands before the table and blank lines within it.
func (t *table) layOut(req Request, res *Result) (rows []row, width int) {
	start, width := t.locate(req.Skip != nil)
	if req.Skip != nil {
		res.Skip = *req.Skip
	}
	rows = t.rows[start:]
	if width > 1 {
		rows = slices.DeleteFunc(slices.Clone(rows), t.blank)
	}
	if req.Skip == nil && len(rows) > 0 {
		res.Skip = rows[0].line - 1
	}
	return rows, width
}

// labels returns the texts of the header, rows[0], as many as there are
// columns: it may name more of them than the rows have. One that names one
// column too few leaves out the first, as R does for the names of rows,
// unless the last column is empty.
func (t *table) labels(rows []row, width int) []string {
	r := rows[0]
	all := make([]string, max(width, r.n))
	shift := 0
	if width > 1 && r.n == width-1 && t.anyFilled(rows[1:], width-1) {
		shift = 1
	}
	for i := range r.n {
		s, _ := t.value(r, i)
		all[i+shift] = cutText(strings.TrimSpace(s), maxLabel)
	}
	for len(all) > width && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

func (t *table) anyFilled(rows []row, i int) bool {
	return slices.ContainsFunc(rows, func(r row) bool {
		s, _ := t.value(r, i)
		return s != ""
	})
}

func (res *Result) countRagged(rows []row, width int) {
	for _, r := range rows {
		if r.n == width {
			continue
		}
		if res.Ragged++; res.Ragged == 1 {
			res.RaggedLine, res.RaggedFields = r.line, r.n
		}
	}
}

// numerals finds how numbers are written, from the columns that hold them.
func (t *table) numerals(rows []row, width int, req Request, delim string) numerals {
	sum := newEvidence()
	for i := range width {
		e, seen, fit := newEvidence(), 0, 0
		for _, r := range rows {
			s, _ := t.value(r, i)
			if s = strings.TrimSpace(s); s == "" || slices.Contains(req.Nulls, s) {
				continue
			}
			if seen++; e.weigh(s) {
				fit++
			} else if seen == aliveSample && fit == 0 {
				break
			}
		}
		if seen < 100 && fit*2 >= seen || enough(fit, seen) {
			sum.add(e)
		}
	}
	return sum.numerals(req, delim)
}

func (t *table) columns(ctx context.Context, rows []row, labels []string, req Request, nums numerals, res *Result) error {
	res.Columns = make([]Column, len(labels))
	names := Names(labels)
	pal, err := newPalette(req, nums)
	if err != nil {
		return req.at(err, 0)
	}
	var c column
	for i, label := range labels {
		if ctx.Err() != nil {
			return req.at(canceled(ctx), 0)
		}
		t.gather(&c, i, rows, req.Nulls)
		v := c.judge(pal.of(label), nums)
		v.reason.Value = cutText(v.reason.Value, maxText)
		res.Columns[i] = Column{
			Name: names[i], Label: label, Type: v.typ, Format: v.format,
			Reason: v.reason, Nulls: c.nulls, Misfits: v.misfits, Examples: shown(v.against),
		}
	}
	monthElsewhere(res.Columns)
	return nil
}

// monthElsewhere reads the month first where a column alone doesn't show it,
// when others of the file do, and none shows the day first.
func monthElsewhere(cols []Column) {
	month := slices.IndexFunc(cols, func(c Column) bool { return c.Reason.Note == MonthFirst })
	if month < 0 || slices.ContainsFunc(cols, func(c Column) bool { return c.Reason.Note == DayFirst }) {
		return
	}
	for i := range cols {
		c := &cols[i]
		if c.Reason.Note != DayUnclear {
			continue
		}
		c.Format = strings.NewReplacer("%d", "%m", "%m", "%d").Replace(c.Format)
		c.Reason.Format, c.Reason.Note, c.Reason.NoteText = c.Format, AsElsewhere, cols[month].Name
	}
}

func shown(values []value) []Example {
	var out []Example
	for _, v := range values {
		out = append(out, Example{Line: v.line, Text: cutText(v.text, maxText)})
	}
	return out
}

// headerRows is how many rows a header is compared with.
const headerRows = 1000

// hasHeader compares the first record with the others: in columns that have
// a type, a header doesn't fit it. Where all is text, the first record is a
// header unless its texts come back, repeat one another, or are values.
func (t *table) hasHeader(ctx context.Context, rows []row, width int, req Request, nums numerals) (bool, error) {
	first, body := rows[0], rows[1:min(len(rows), headerRows+1)]
	if t.filled(first) == 0 {
		return false, nil
	}
	pal, err := newPalette(req, nums)
	if err != nil {
		return false, req.at(err, 0)
	}
	yes, no, textual := 0, 0, true
	seen := map[string]bool{}
	var c column
	for i := range min(width, first.n) {
		if ctx.Err() != nil {
			return false, req.at(canceled(ctx), 0)
		}
		head, _ := t.value(first, i)
		if head = strings.TrimSpace(head); head == "" || slices.Contains(req.Nulls, head) {
			textual = textual && len(body) > 0 && width > 1
			continue
		}
		t.gather(&c, i, body, req.Nulls)
		v := c.judge(pal.dated, nums)
		switch {
		case v.typ == "string" && v.reason.Code != Codes && v.reason.Code != Huge:
			textual = textual && !seen[Fold(head)] && !newEvidence().looksTyped(head) && !c.has(head)
			seen[Fold(head)] = true
		case v.typ == "string":
			if nums.classify(head) == notNumber {
				yes++
			}
		case !v.fits(head), v.yearAbove(head, &c):
			yes++
		default:
			no++
		}
	}
	if yes+no > 0 {
		return yes > no, nil
	}
	return textual, nil
}

func (c *column) has(s string) bool {
	return slices.ContainsFunc(c.values, func(v value) bool { return v.text == s })
}

// yearAbove: a year over numbers that are no years is a header.
func (v *verdict) yearAbove(head string, c *column) bool {
	isYear := func(s string) bool { return len(s) == 4 && s >= "1800" && s <= "2200" }
	if !isYear(head) || (v.typ != "integer" && v.typ != "real") {
		return false
	}
	years := 0
	for _, val := range c.values {
		if isYear(val.text) {
			years++
		}
	}
	return years*2 < len(c.values)
}
