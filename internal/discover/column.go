package discover

import (
	"slices"
	"strings"
)

// value is one filled field of a column, without spaces around it.
type value struct {
	text string
	line int
}

// column is what a column's type is made from.
type column struct {
	values []value // not null and not only spaces
	nulls  int
}

// gather collects the values of field i. Null are unquoted empty fields,
// missing ones, and null texts; quoted empty text and spaces are neither null
// nor evidence of a type.
func (t *table) gather(c *column, i int, rows []row, nulls []string) {
	c.values, c.nulls = c.values[:0], 0
	for _, r := range rows {
		s, quoted := t.value(r, i)
		trimmed := strings.TrimSpace(s)
		switch {
		case s == "" && !quoted, slices.Contains(nulls, s), trimmed != s && slices.Contains(nulls, trimmed):
			c.nulls++
		case trimmed != "":
			c.values = append(c.values, value{trimmed, r.line})
		}
	}
}

// tried is a candidate with the number of values that fit it.
type tried struct {
	candidate
	fit int
}

// aliveSample is how many values a candidate may fail on, all of them, until
// it is not tried any more.
const aliveSample = 200

// try counts what fits each candidate; in the order given, without those
// that nothing fits.
func (c *column) try(list []candidate) []tried {
	var out []tried
	for _, cand := range list {
		t := tried{candidate: cand}
		for i, v := range c.values {
			if cand.fits(v.text) {
				t.fit++
			} else if i == aliveSample && t.fit == 0 {
				break
			}
		}
		if t.fit > 0 {
			out = append(out, t)
		}
	}
	return out
}

// enough is the rule by which a type is taken: all of fewer than a hundred
// values must fit, of more 99 in a hundred.
func enough(fit, all int) bool {
	return fit > 0 && all-fit <= all/100
}

// best is the candidate that most values fit, the earlier of equals; nil when
// there is none.
func best(list []tried) *tried {
	var top *tried
	for i := range list {
		if top == nil || list[i].fit > top.fit {
			top = &list[i]
		}
	}
	return top
}

// verdict is the type of a column with its reason.
type verdict struct {
	tried   // typ "string" has no fits
	reason  Reason
	against []value // examples
	misfits int
}

// judge decides the type of a column.
func (c *column) judge(list []candidate, f numerals) verdict {
	all := len(c.values)
	if all == 0 {
		return text(Reason{Code: Empty})
	}
	results := c.try(list)
	top := best(results)
	if top == nil || top.fit*2 < all {
		if v, ok := c.codes(f); ok {
			return v
		}
		return text(Reason{Code: PlainText, Seen: all})
	}
	if top.typ == "integer" || top.typ == "real" {
		if v, ok := c.codes(f); ok {
			return v
		}
	}
	if !enough(top.fit, all) {
		return c.almost(top)
	}
	switch top.typ {
	case "real":
		return c.realOrText(results, top, f)
	case "boolean":
		if one := c.oneWord(); one != "" {
			return text(Reason{Code: OneWord, Seen: all, Value: one, Line: c.values[0].line})
		}
	}
	return c.take(top, results)
}

func text(r Reason) verdict {
	r.Type = "string"
	return verdict{tried: tried{candidate: candidate{typ: "string"}}, reason: r}
}

// take is the verdict for a type that enough values fit.
func (c *column) take(top *tried, results []tried) verdict {
	v := verdict{tried: *top, misfits: len(c.values) - top.fit}
	v.reason = Reason{Code: AllFit, Type: top.typ, Seen: len(c.values), Misfits: v.misfits, Format: top.format}
	if v.misfits > 0 {
		v.against = c.examples(func(s string) bool { return !top.fits(s) })
		v.reason = v.reason.first(MostFit, v.against)
	}
	if top.format == compactDate {
		v.reason.Note = CompactDate
	}
	if top.twin != "" {
		c.dayOrder(&v, results)
	}
	return v
}

// dayOrder notes what told day and month apart, or that nothing did.
func (c *column) dayOrder(v *verdict, results []tried) {
	v.reason.Note = DayFirst
	if strings.HasPrefix(v.format, "%m") {
		v.reason.Note = MonthFirst
	}
	i := slices.IndexFunc(results, func(t tried) bool { return t.format == v.twin })
	if i >= 0 && results[i].fit == v.fit {
		v.reason.Note = DayUnclear
		return
	}
	for _, val := range c.values {
		if v.fits(val.text) && (i < 0 || !results[i].fits(val.text)) {
			v.reason.NoteText, v.reason.NoteLine = val.text, val.line
			return
		}
	}
}

// almost is the verdict where most values fit a type, but not enough.
func (c *column) almost(top *tried) verdict {
	against := c.examples(func(s string) bool { return !top.fits(s) })
	r := Reason{Code: Almost, Wanted: top.typ, Format: top.format, Seen: len(c.values), Misfits: len(c.values) - top.fit}
	r = r.first(Almost, against)
	same := !slices.ContainsFunc(c.values, func(v value) bool { return v.text != r.Value && !top.fits(v.text) })
	if same && (r.Misfits > 1 || nullWord(r.Value)) {
		r.Code = NullText
	}
	v := text(r)
	v.against = against
	return v
}

// nullWord knows the words that usually stand for "no value".
func nullWord(s string) bool {
	switch strings.ToLower(s) {
	case "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "—", "?", ".", "\\n", "unknown", "нет", "н/д":
		return true
	}
	return false
}

// codes finds digits that a number would lose something of, in a column that
// would be numbers otherwise. One is enough: a changed code is worse than a
// missing number.
func (c *column) codes(f numerals) (verdict, bool) {
	isCode := func(s string) bool { return f.classify(s) == code }
	numbers, codes := 0, 0
	for _, v := range c.values {
		switch f.classify(v.text) {
		case code:
			codes++
		case whole, fraction, huge:
			numbers++
		}
	}
	if codes == 0 || !enough(numbers+codes, len(c.values)) {
		return verdict{}, false
	}
	v := text(Reason{Wanted: "integer", Seen: len(c.values), Misfits: codes})
	v.against = c.examples(isCode)
	v.reason = v.reason.first(Codes, v.against)
	return v, true
}

// realOrText tells what made a column of numbers more than integers:
// fractions, or whole numbers beyond 64 bits, which only text keeps exactly.
func (c *column) realOrText(results []tried, top *tried, f numerals) verdict {
	is := func(k class) func(string) bool { return func(s string) bool { return f.classify(s) == k } }
	fractions := 0
	for _, v := range c.values {
		if f.classify(v.text) == fraction {
			fractions++
		}
	}
	if fractions > 0 {
		v := c.take(top, results)
		if v.misfits == 0 {
			v.against = c.examples(is(fraction))
			v.reason.Code, v.reason.Wanted = Fractions, "integer"
			v.reason.Misfits = fractions
			v.reason = v.reason.first(Fractions, v.against)
		}
		return v
	}
	v := text(Reason{Wanted: "integer", Seen: len(c.values)})
	if v.against = c.examples(is(huge)); len(v.against) > 0 {
		v.reason = v.reason.first(Huge, v.against)
		return v
	}
	return c.onlyOdd(results, top)
}

// onlyOdd is for NaN and infinities: with whole numbers among them they are
// reals, alone they are text.
func (c *column) onlyOdd(results []tried, top *tried) verdict {
	for i := range results {
		if results[i].typ == "integer" {
			return c.take(top, results)
		}
	}
	return text(Reason{Code: PlainText, Seen: len(c.values)})
}

// oneWord returns the word of a column that has only one of the two, and not
// true or false: NO is also Norway, F also female.
func (c *column) oneWord() string {
	first := c.values[0].text
	want, _ := boolean(first)
	for _, v := range c.values {
		b, ok := boolean(v.text)
		if ok && (b != want || len(v.text) > 3) {
			return ""
		}
	}
	return first
}

func (c *column) examples(against func(string) bool) []value {
	var out []value
	for _, v := range c.values {
		if against(v.text) {
			if out = append(out, v); len(out) == maxExamples {
				break
			}
		}
	}
	return out
}
