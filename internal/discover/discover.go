// Package discover finds out what a text or CSV file is, from its head: the
// encoding, the delimiter, the quote, whether there is a header, and for each
// column a name, a type and the reason for it.
//
// It reads bytes that a caller points it to and knows no engine, no package
// document and no component: types are spelled as in the package format. What
// it says is a first answer from at most a few megabytes; the proof over the
// whole file is the engine's work.
package discover

import (
	"context"
	"io"
)

// Request says which file to look at and what is known of it already. Zero
// fields are found out; those given are taken as given.
type Request struct {
	Path        string   `json:"path"`                  // the file, absolute
	Shown       string   `json:"shown,omitempty"`       // its name in errors; empty: Path
	Encoding    string   `json:"encoding,omitempty"`    // a name that Encoding knows
	Delimiter   string   `json:"delimiter,omitempty"`   // one character
	Quote       string   `json:"quote,omitempty"`       // one ASCII character, or NoQuote
	Header      *bool    `json:"header,omitempty"`      // whether the first line read holds names
	Skip        *int     `json:"skip,omitempty"`        // lines before that one
	Nulls       []string `json:"nulls,omitempty"`       // texts that stand for null, beside the empty field
	Decimal     string   `json:"decimal,omitempty"`     // "." or ","
	Thousands   *string  `json:"thousands,omitempty"`   // one character; "": none
	DateFormats []string `json:"dateFormats,omitempty"` // strptime patterns; beside them only ISO is tried
	Rows        int      `json:"rows,omitempty"`        // data rows to look at; 0: MaxRows, which is also the most
}

// NoQuote stands for "no character quotes fields".
const NoQuote = "none"

// The limits of what is read. A head holds 4 MiB, and more only when a single
// record needs more.
const (
	MaxRows    = 20480
	MaxColumns = 10000
	MaxLine    = 16 << 20 // bytes of a record
	MaxField   = 8 << 20  // bytes

	headBytes   = 4 << 20
	sampleBytes = 256 << 10 // for the choice among dialects
	maxExamples = 3         // per column
	maxLabel    = 1000      // characters
	maxText     = 100       // characters of an example
)

// Result is what was found out. A file whose rows can't all be had still has
// a result: Ragged, Stray and Undecodable count what is wrong in the head.
type Result struct {
	Encoding  string   `json:"encoding"`  // canonical name
	Delimiter string   `json:"delimiter"` // one character; "," where there is one column
	Quote     string   `json:"quote"`     // one character, or NoQuote
	Header    bool     `json:"header"`
	Skip      int      `json:"skip"`      // lines before the header or the first row
	Decimal   string   `json:"decimal"`   // "." or ","
	Thousands string   `json:"thousands"` // one character; "": none
	Columns   []Column `json:"columns"`
	Rows      int      `json:"rows"`     // data rows looked at
	Complete  bool     `json:"complete"` // these were all the rows of the file

	Ragged       int `json:"ragged,omitempty"`       // rows whose number of fields isn't that of Columns
	RaggedLine   int `json:"raggedLine,omitempty"`   // where the first of them begins
	RaggedFields int `json:"raggedFields,omitempty"` // its number of fields

	Stray     int `json:"stray,omitempty"` // rows with text behind a closing quote
	StrayLine int `json:"strayLine,omitempty"`

	Undecodable     int `json:"undecodable,omitempty"` // byte sequences that aren't text in Encoding
	UndecodableLine int `json:"undecodableLine,omitempty"`
}

// Column is one column of the file.
type Column struct {
	Name     string    `json:"name"`              // see Names
	Label    string    `json:"label"`             // the header as it was; empty without one
	Type     string    `json:"type"`              // boolean, integer, real, string, date, time, timestamp, timestamptz
	Format   string    `json:"format,omitempty"`  // strptime pattern of dates and timestamps; empty: ISO
	Reason   Reason    `json:"reason"`            // why this type
	Nulls    int       `json:"nulls,omitempty"`   // empty fields, null texts, and those missing in short rows
	Misfits  int       `json:"misfits,omitempty"` // values that don't fit Type
	Examples []Example `json:"examples,omitempty"`
}

// Example is a value that speaks against a type: against Column.Type where
// that has misfits, else against the better type that was turned down.
type Example struct {
	Line int    `json:"line"` // from 1, where the record begins
	Text string `json:"text"` // cut after 100 characters
}

// Text looks at the file req.Path. Errors stand at the file and, where there
// is one, the line: NotFound, Denied, Unreadable (not text, broken), Exhausted
// (a limit), Invalid (the request).
func Text(ctx context.Context, req Request) (Result, error) {
	f, err := open(req)
	if err != nil {
		return Result{}, err
	}
	defer f.Close()
	return Head(ctx, f, req)
}

// Head is Text over bytes that the caller opened; req.Path is for errors only.
func Head(ctx context.Context, r io.Reader, req Request) (Result, error) {
	if err := req.check(); err != nil {
		return Result{}, req.at(err, 0)
	}
	h := head{in: r}
	if err := h.fill(ctx, headBytes); err != nil {
		return Result{}, req.at(err, 0)
	}
	res, short, err := look(ctx, &h, req)
	if !short || err != nil {
		return res, err
	}
	if err := h.fill(ctx, MaxLine+sampleBytes); err != nil {
		return Result{}, req.at(err, 0)
	}
	res, _, err = look(ctx, &h, req)
	return res, err
}

// look finds out what it can from the head as it is. It reports short when a
// record ran out of the head so early that a longer head is worth reading.
func look(ctx context.Context, h *head, req Request) (res Result, short bool, err error) {
	t, err := h.decode(req)
	if err != nil {
		return res, false, err
	}
	res.Encoding, res.Undecodable, res.UndecodableLine = t.encoding, t.bad, t.badLine
	res.Complete = h.complete
	text, skipped := t.text, 0
	if req.Skip != nil {
		text, skipped = skipLines(text, *req.Skip)
		if text == "" && h.complete {
			return res, false, req.at(emptyAfterSkip(*req.Skip), 0)
		}
	}
	d, err := chooseDialect(ctx, text, h.complete, req)
	if err != nil {
		return res, false, err
	}
	tab, err := scan(ctx, text, d, skipped, req.rows()+maxPreamble+1, h.complete)
	if err != nil {
		return res, false, req.at(err, 0)
	}
	if !h.complete && tab.tail >= len(text)/2 && len(h.bytes) <= headBytes {
		return res, true, nil
	}
	if err := tab.whole(h.complete); err != nil {
		return res, false, req.at(err, 0)
	}
	res.Delimiter, res.Quote = d.delim, d.quoteName()
	err = describe(ctx, &tab, req, &res)
	return res, false, err
}
