// Package errs holds the one error type that users of Weft meet: a kind, a
// message with an id that is worded in English and in Russian, the place it
// speaks of, and the cause for the log.
//
// It is pure vocabulary: it knows no package file, no engine and no network.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of thing went wrong. Each edge (exit code, gRPC status,
// HTTP status) holds one table from Kind to its own numbers.
type Kind uint8

// The kinds. Their numbers cross the wire: add only at the end.
const (
	Internal    Kind = iota // a defect in Weft itself
	Invalid                 // what was given is wrong: a setting, a formula, a file's syntax
	NotFound                // what was named does not exist
	Exists                  // what should be made is there already
	Denied                  // not allowed
	Unavailable             // a part of the system cannot be reached
	Exhausted               // a limit (memory, disk, rows, rate) is reached
	Canceled                // the caller no longer wants it
	Timeout                 // a time limit is over
	Conflict                // somebody else's change stands in the way
	Unreadable              // a file is there but cannot be read as what it should be
	Failed                  // the data made the work fail: an overflow, a strict conversion
	Crashed                 // a worker process ended without an answer
)

var kindNames = [...]string{
	"internal", "invalid", "not_found", "exists", "denied", "unavailable", "exhausted",
	"canceled", "timeout", "conflict", "unreadable", "failed", "crashed",
}

// String returns the kind's name as it stands in logs and JSON.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Message is one sentence that users may see, in both languages. Parameters
// stand in braces: "There is no column {column}.". Messages are declared as
// package-level values beside the code that uses them; ids are unique in the
// program (archtest holds that).
type Message struct {
	ID string `json:"id"` // package.snake_case
	En string `json:"en"`
	Ru string `json:"ru"`
}

// P holds the parameters of a message by name. Values are rendered with
// fmt.Sprint; text that came from a user or a file is data, never markup.
type P map[string]any

// Place says where an error stands. Zero fields are unknown.
type Place struct {
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`   // from 1
	Column   int    `json:"column,omitempty"` // from 1, in characters
	Workflow string `json:"workflow,omitempty"`
	Node     string `json:"node,omitempty"`
	Setting  string `json:"setting,omitempty"` // path within the node's settings: measures[1].column
	Offset   int    `json:"offset,omitempty"`  // from 0, in characters, within the text of the setting
	Length   int    `json:"length,omitempty"`  // characters from Offset; 0: unknown
}

// Error is an error with a message for users. Build it with New and its
// With methods; it is not changed after it is returned.
type Error struct {
	Kind    Kind
	Message Message
	Params  P
	Place   Place
	Cause   error // for the log; users never see it
}

// New makes an error of a kind with a message. Params may be nil.
func New(kind Kind, m Message, params P) *Error {
	return &Error{Kind: kind, Message: m, Params: params}
}

// At returns a copy of e standing at p; fields that e knows already win, so
// that the innermost caller's place is kept.
func (e *Error) At(p Place) *Error {
	c := *e
	c.Place = merge(e.Place, p)
	return &c
}

// Because returns a copy of e with a cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error renders place, English text and cause, for logs and tests.
func (e *Error) Error() string {
	var b strings.Builder
	if p := e.Place.String(); p != "" {
		b.WriteString(p)
		b.WriteString(": ")
	}
	b.WriteString(e.Text("en"))
	if e.Cause != nil {
		fmt.Fprintf(&b, " (%v)", e.Cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Text renders the message in a language ("en" or "ru"; anything else is
// English), without place and cause.
func (e *Error) Text(lang string) string {
	t := e.Message.En
	if lang == "ru" && e.Message.Ru != "" {
		t = e.Message.Ru
	}
	if len(e.Params) == 0 {
		return t
	}
	pairs := make([]string, 0, 2*len(e.Params))
	for k, v := range e.Params {
		if l, ok := v.(Localized); ok {
			v = l.Text(lang)
		}
		pairs = append(pairs, "{"+k+"}", fmt.Sprint(v))
	}
	return strings.TrimRight(strings.NewReplacer(pairs...).Replace(t), " ")
}

// Localized is a parameter that is itself worded in two languages.
type Localized interface{ Text(lang string) string }

// Words is a Localized pair of texts.
type Words struct{ En, Ru string }

// Text returns the wording in lang.
func (w Words) Text(lang string) string {
	if lang == "ru" && w.Ru != "" {
		return w.Ru
	}
	return w.En
}

// String is the English wording.
func (w Words) String() string { return w.En }

// String renders a place as file:line:column, workflow/node, setting.
func (p Place) String() string {
	var parts []string
	if p.File != "" {
		s := p.File
		if p.Line > 0 {
			s += fmt.Sprintf(":%d", p.Line)
			if p.Column > 0 {
				s += fmt.Sprintf(":%d", p.Column)
			}
		}
		parts = append(parts, s)
	} else if p.Line > 0 {
		parts = append(parts, fmt.Sprintf("%d:%d", p.Line, p.Column))
	}
	if p.Node != "" {
		n := p.Node
		if p.Workflow != "" && p.Workflow != "main" {
			n = p.Workflow + "/" + n
		}
		parts = append(parts, "node "+n)
	}
	if p.Setting != "" {
		parts = append(parts, "setting "+p.Setting)
	}
	return strings.Join(parts, ": ")
}

func merge(inner, outer Place) Place {
	if inner.File == "" {
		inner.File = outer.File
	}
	if inner.Line == 0 {
		inner.Line, inner.Column = outer.Line, outer.Column
	}
	if inner.Workflow == "" {
		inner.Workflow = outer.Workflow
	}
	if inner.Node == "" {
		inner.Node = outer.Node
	}
	if inner.Setting == "" {
		inner.Setting = outer.Setting
	}
	if inner.Length == 0 && inner.Offset == 0 {
		inner.Offset, inner.Length = outer.Offset, outer.Length
	}
	return inner
}

// KindOf returns the kind of the first Error in err's chain: Internal for an
// error that has none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	if l, ok := errors.AsType[List](err); ok && len(l) > 0 {
		return l[0].Kind
	}
	return Internal
}

// At sets the place of err when it is an Error or a List (where each entry
// gets it); any other error is returned as it is.
func At(err error, p Place) error {
	if l, ok := errors.AsType[List](err); ok {
		out := make(List, len(l))
		for i, e := range l {
			out[i] = e.At(p)
		}
		return out
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.At(p)
	}
	return err
}
