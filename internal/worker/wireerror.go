package worker

import (
	"errors"
	"fmt"

	"github.com/weftworks/weft/internal/errs"
)

// wireError is an errs.Error on the wire. Parameters cross as their texts.
type wireError struct {
	Kind    errs.Kind             `json:"kind"`
	Message errs.Message          `json:"message"`
	Params  map[string]errs.Words `json:"params,omitempty"`
	Place   errs.Place            `json:"place"`
	Cause   string                `json:"cause,omitempty"`
}

type wireErrors []wireError

// maxCause bounds the cause's text, in bytes.
const maxCause = 16 << 10

// encodeError turns err into what crosses the wire; nil gives none.
func encodeError(err error) wireErrors {
	var out wireErrors
	for _, e := range errs.All(err) {
		w := wireError{Kind: e.Kind, Message: e.Message, Place: e.Place, Params: map[string]errs.Words{}}
		for k, v := range e.Params {
			w.Params[k] = encodeParam(v)
		}
		if e.Cause != nil {
			w.Cause = e.Cause.Error()
			w.Cause = w.Cause[:min(len(w.Cause), maxCause)]
		}
		out = append(out, w)
	}
	return out
}

func encodeParam(v any) errs.Words {
	if l, ok := v.(errs.Localized); ok {
		return errs.Words{En: l.Text("en"), Ru: l.Text("ru")}
	}
	return errs.Words{En: fmt.Sprint(v)}
}

// err is the error again: nil, one Error, or a List.
func (ws wireErrors) err() error {
	if len(ws) == 0 {
		return nil
	}
	list := make(errs.List, len(ws))
	for i, w := range ws {
		list[i] = w.error()
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (w wireError) error() *errs.Error {
	e := &errs.Error{Kind: w.Kind, Message: w.Message, Place: w.Place, Params: errs.P{}}
	if e.Kind.String() == "unknown" {
		e.Kind = errs.Internal
	}
	for k, v := range w.Params {
		e.Params[k] = v
	}
	if w.Cause != "" {
		e.Cause = errors.New(w.Cause)
	}
	return e
}
