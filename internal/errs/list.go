package errs

import (
	"errors"
	"strings"
)

// List is several errors found in one go. A checker collects into it and
// returns Err().
type List []*Error

// Error joins the texts of all entries, one a line.
func (l List) Error() string {
	s := make([]string, len(l))
	for i, e := range l {
		s[i] = e.Error()
	}
	return strings.Join(s, "\n")
}

// Add appends err, flattening lists; nil is ignored, and an error that is
// neither is wrapped as an internal one.
func (l *List) Add(err error) {
	if err == nil {
		return
	}
	*l = append(*l, All(err)...)
}

// Err returns nil for an empty list, the list otherwise.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

var internal = Message{
	ID: "errs.internal",
	En: "Something went wrong inside Weft. The log says more.",
	Ru: "Внутренняя ошибка Weft. Подробности в журнале.",
}

// All returns the Errors that err consists of; an error of another type
// becomes one internal Error with err as its cause.
func All(err error) List {
	if err == nil {
		return nil
	}
	if l, ok := errors.AsType[List](err); ok {
		return l
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return List{e}
	}
	return List{New(Internal, internal, nil).Because(err)}
}
