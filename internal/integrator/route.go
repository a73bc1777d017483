package integrator

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Root is the path below which an Integrator answers.
const Root = "/api/v1/"

var (
	errNotFound = errs.Message{
		ID: "integrator.not_found",
		En: "There is nothing at this address.",
		Ru: "По этому адресу ничего нет.",
	}
	errUnknown = errs.Message{
		ID: "integrator.unknown",
		En: "There is no service {service} with an operation {operation}, or you may not call it.",
		Ru: "Сервиса {service} с операцией {operation} нет, или он вам не доступен.",
	}
	errMethod = errs.Message{
		ID: "integrator.method",
		En: "This address takes {allow}, not {method}.",
		Ru: "Этот адрес принимает {allow}, а не {method}.",
	}
	errToken = errs.Message{
		ID: "integrator.token",
		En: "Send the token of an external caller: Authorization: Bearer weft_…",
		Ru: "Пришлите токен внешнего вызывающего: Authorization: Bearer weft_…",
	}
	errMedia = errs.Message{
		ID: "integrator.media_type",
		En: "The body must be application/json in UTF-8, not {found}.",
		Ru: "Тело должно быть application/json в UTF-8, а не {found}.",
	}
	errTooLarge = errs.Message{
		ID: "integrator.too_large",
		En: "The body may have {limit} bytes at most.",
		Ru: "В теле может быть не больше {limit} байтов.",
	}
	errBodyRead = errs.Message{
		ID: "integrator.body_unread",
		En: "The body did not arrive in time, or not whole.",
		Ru: "Тело не пришло вовремя или пришло не целиком.",
	}
	errFull = errs.Message{
		ID: "integrator.full",
		En: "Too many requests are being worked on. Try again in a moment.",
		Ru: "Сейчас выполняется слишком много запросов. Повторите чуть позже.",
	}
	errHost = errs.Message{
		ID: "integrator.host",
		En: "This Integrator is not {host}.",
		Ru: "Этот Интегратор — не {host}.",
	}
	errOriginRefused = errs.Message{
		ID: "integrator.origin_refused",
		En: "Pages of {origin} may not call.",
		Ru: "Страницам {origin} вызывать нельзя.",
	}
)

// bodyTime is how long a body may take to arrive.
const bodyTime = 30 * time.Second

// exchange is one request and its answer.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	lang   string
	token  string // of the caller; empty: none
	status int
	name   string // of the operation, for the log
}

// ServeHTTP answers what stands below Root.
func (in *Integrator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r, lang: language(r), status: http.StatusOK}
	begun := time.Now()
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if p := in.answer(x); p != nil {
		x.status = p.status
		if p.status >= http.StatusInternalServerError && p.err != nil && p.err.Cause != nil {
			in.log.Error("a request failed", "operation", x.name, "error", p.err.Cause)
		}
		p.write(w, x.lang)
	}
	if in.cfg.AccessLog {
		in.log.Info("request", "method", r.Method, "operation", x.name, "status", x.status,
			"ms", time.Since(begun).Milliseconds(), "from", r.RemoteAddr)
	}
}

// Refuse answers what the web server refuses before the Integrator is asked, as
// the Integrator's own problems are.
func (in *Integrator) Refuse(w http.ResponseWriter, r *http.Request, status int, err *errs.Error) {
	p := &problem{status: status, err: err}
	p.write(w, language(r))
}

func (in *Integrator) answer(x *exchange) *problem {
	if in.cfg.Host != nil && !in.cfg.Host(hostname(x.r.Host)) {
		return problemOf(http.StatusMisdirectedRequest, errs.Denied, errHost, errs.P{"host": x.r.Host})
	}
	rest, below := strings.CutPrefix(x.r.URL.Path, Root)
	service, operation, two := strings.Cut(rest, "/")
	index, describes := rest == "", two && operation == "openapi.json"
	if !below || !index && (!two || service == "" || operation == "" || strings.Contains(operation, "/")) {
		return problemOf(http.StatusNotFound, errs.NotFound, errNotFound, nil)
	}
	allow := "POST, OPTIONS"
	if index || describes {
		allow = "GET, HEAD, OPTIONS"
	}
	if p := in.crossOrigin(x, allow); p != nil || x.r.Method == http.MethodOptions {
		return p
	}
	if !slices.Contains(strings.Split(allow, ", "), x.r.Method) {
		p := problemOf(http.StatusMethodNotAllowed, errs.Invalid, errMethod, errs.P{"allow": allow, "method": x.r.Method})
		p.allow = allow
		return p
	}
	select {
	case in.slots <- struct{}{}:
		defer func() { <-in.slots }()
	default:
		p := problemOf(http.StatusServiceUnavailable, errs.Exhausted, errFull, nil)
		p.retry = 1
		return p
	}
	if p := in.identify(x); p != nil {
		return p
	}
	ctx, cancel := context.WithTimeout(x.r.Context(), in.cfg.Timeout)
	defer cancel()
	switch {
	case index:
		return in.index(ctx, x)
	case describes:
		return in.describe(ctx, x, service)
	default:
		x.name = service + "/" + operation
		return in.call(ctx, x, service, operation)
	}
}

// hostname takes the port off a Host header.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.Trim(host, "[]")
}

// crossOrigin answers what browsers ask before a page's script may call, and
// refuses pages that may not. Without configured origins no page may.
func (in *Integrator) crossOrigin(x *exchange, allow string) *problem {
	origin, h := x.r.Header.Get("Origin"), x.w.Header()
	asks := x.r.Method == http.MethodOptions
	if origin != "" && len(in.cfg.Origins) > 0 {
		h.Add("Vary", "Origin")
		if !slices.Contains(in.cfg.Origins, origin) {
			return problemOf(http.StatusForbidden, errs.Denied, errOriginRefused, errs.P{"origin": origin})
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if asks {
			h.Set("Access-Control-Allow-Methods", allow)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
			h.Set("Access-Control-Max-Age", "600")
		}
	}
	if asks {
		h.Set("Allow", allow)
		x.status = http.StatusNoContent
		x.w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

// identify takes the caller's token. Whether it holds is for a Server to say.
func (in *Integrator) identify(x *exchange) *problem {
	scheme, token, _ := strings.Cut(x.r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	good := strings.EqualFold(scheme, "bearer") && token != "" && !strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' })
	if good {
		x.token = token
		return nil
	}
	if in.cfg.Open && scheme == "" {
		return nil
	}
	p := problemOf(http.StatusUnauthorized, errs.Denied, errToken, nil)
	p.realm = true
	return p
}

// body reads the request's JSON text.
func (in *Integrator) body(x *exchange) ([]byte, *problem) {
	found := x.r.Header.Get("Content-Type")
	kind, params, err := mime.ParseMediaType(found)
	charset, named := params["charset"]
	if err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") || x.r.Header.Get("Content-Encoding") != "" {
		return nil, problemOf(http.StatusUnsupportedMediaType, errs.Invalid, errMedia, errs.P{"found": found})
	}
	// Where the connection can't have a deadline, the server's own hold.
	_ = http.NewResponseController(x.w).SetReadDeadline(time.Now().Add(bodyTime))
	src, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, int64(in.cfg.Body)))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, problemOf(http.StatusRequestEntityTooLarge, errs.Exhausted, errTooLarge, errs.P{"limit": in.cfg.Body})
	}
	if err != nil {
		return nil, problemOf(http.StatusBadRequest, errs.Invalid, errBodyRead, nil)
	}
	_ = http.NewResponseController(x.w).SetReadDeadline(time.Time{})
	return src, nil
}

// send sends a good answer.
func (x *exchange) send(body []byte) {
	h := x.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	x.w.WriteHeader(http.StatusOK)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write(body) // the caller is gone
	}
}
