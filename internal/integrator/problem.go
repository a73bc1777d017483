package integrator

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

// problem is an answer that is no result: problem details as RFC 9457 has them.
type problem struct {
	status  int
	err     *errs.Error
	details []detail
	retry   int    // seconds after which to try again; 0: not said
	realm   bool   // a token is asked for
	allow   string // methods
	text    string // in place of err, where a Server has worded it
	id      string // of text
}

// detail is one thing that is wrong, at its place in the request's body.
type detail struct {
	ID      string `json:"id"`
	Pointer string `json:"pointer,omitempty"` // RFC 6901
	Line    int    `json:"line,omitempty"`    // from 1
	Column  int    `json:"column,omitempty"`  // from 1, in characters
	Detail  string `json:"detail"`
}

// document is how a problem is sent.
type document struct {
	Type   string   `json:"type"`
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail"`
	ID     string   `json:"id"`
	Errors []detail `json:"errors,omitempty"`
}

func (p *problem) Error() string {
	if p.err != nil {
		return p.err.Error()
	}
	return p.text
}

// titles are the names of the statuses that are answered.
func title(status int, lang string) string {
	w, ok := map[int]errs.Words{
		http.StatusBadRequest:                  words("The request is malformed", "Запрос составлен неверно"),
		http.StatusUnauthorized:                words("A token is needed", "Нужен токен"),
		http.StatusForbidden:                   words("Not allowed", "Доступ запрещён"),
		http.StatusNotFound:                    words("Not found", "Не найдено"),
		http.StatusMethodNotAllowed:            words("Method not allowed", "Метод не поддерживается"),
		http.StatusConflict:                    words("Conflict", "Конфликт"),
		http.StatusRequestEntityTooLarge:       words("The request is too large", "Запрос слишком велик"),
		http.StatusUnsupportedMediaType:        words("The request is no JSON", "Запрос не в JSON"),
		http.StatusMisdirectedRequest:          words("Another host is meant", "Запрос к другому узлу"),
		http.StatusUnprocessableEntity:         words("The call can't be carried out", "Вызов невыполним"),
		http.StatusRequestHeaderFieldsTooLarge: words("Too many headers", "Слишком много заголовков"),
		http.StatusTooManyRequests:             words("Too many calls", "Слишком много вызовов"),
		http.StatusInternalServerError:         words("Something is wrong inside", "Внутренняя ошибка"),
		http.StatusServiceUnavailable:          words("Not available now", "Сейчас недоступно"),
		http.StatusGatewayTimeout:              words("The call took too long", "Вызов занял слишком много времени"),
	}[status]
	if !ok {
		return http.StatusText(status)
	}
	return w.Text(lang)
}

// write sends a problem in a language.
func (p *problem) write(w http.ResponseWriter, lang string) {
	d := document{Title: title(p.status, lang), Status: p.status, Detail: p.text, ID: p.id, Errors: p.details}
	if p.err != nil {
		d.Detail, d.ID = p.err.Text(lang), p.err.Message.ID
	}
	d.Type = "urn:weft:problem:" + d.ID
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", lang)
	h.Add("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	if p.realm {
		h.Set("WWW-Authenticate", `Bearer realm="weft"`)
	}
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(d) // texts and numbers encode without fail
	w.WriteHeader(p.status)
	_, _ = w.Write(b.Bytes()) // the caller is gone
}

// malformed is the problem of a body that parse refused.
func malformed(err error, src []byte, lang string) *problem {
	if f, ok := errors.AsType[*syntaxFault](err); ok {
		return &problem{status: http.StatusBadRequest, err: f.err, details: []detail{f.detail(src, lang)}}
	}
	list, ok := errors.AsType[faults](err)
	if !ok {
		return internal(err)
	}
	p := &problem{status: http.StatusUnprocessableEntity, err: list[0].err}
	for _, f := range list {
		p.details = append(p.details, f.detail(src, lang))
	}
	return p
}

func (f *fault) detail(src []byte, lang string) detail {
	d := detail{ID: f.err.Message.ID, Pointer: f.pointer, Detail: f.err.Text(lang)}
	if f.offset >= 0 {
		before := src[:min(f.offset, len(src))]
		d.Line = 1 + bytes.Count(before, []byte("\n"))
		d.Column = 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	}
	return d
}

var errInternal = errs.Message{
	ID: "integrator.internal",
	En: "Something is wrong inside. The log tells more.",
	Ru: "Внутренняя ошибка. Подробности в журнале.",
}

func internal(cause error) *problem {
	return &problem{status: http.StatusInternalServerError, err: errs.New(errs.Internal, errInternal, nil).Because(cause)}
}

func problemOf(status int, kind errs.Kind, m errs.Message, params errs.P) *problem {
	return &problem{status: status, err: errs.New(kind, m, params)}
}
