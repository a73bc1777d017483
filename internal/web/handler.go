package web

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/errs"
)

var (
	notFound = errs.Message{
		ID: "web.not_found",
		En: "There is nothing at this address.",
		Ru: "По этому адресу ничего нет.",
	}
	badMethod = errs.Message{
		ID: "web.bad_method",
		En: "Only GET and HEAD are answered here.",
		Ru: "Здесь отвечают только на GET и HEAD.",
	}
	noBody = errs.Message{
		ID: "web.no_body",
		En: "A request to this address has no body.",
		Ru: "Запрос по этому адресу не может иметь тело.",
	}
	tooManyHeaders = errs.Message{
		ID: "web.too_many_headers",
		En: "The request has more than {limit} headers.",
		Ru: "В запросе больше {limit} заголовков.",
	}
	badHostHeader = errs.Message{
		ID: "web.bad_host_header",
		En: "The request names no host that could be one.",
		Ru: "В запросе нет допустимого имени хоста.",
	}
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.secure(w, r)
	if headers(r) > maxHeaders {
		s.refuse(w, r, http.StatusRequestHeaderFieldsTooLarge, errs.New(errs.Invalid, tooManyHeaders, errs.P{"limit": maxHeaders}))
		return
	}
	if r.ProtoMajor == 1 && (r.Header.Get("Upgrade") != "" || len(r.TransferEncoding) > 0) {
		w.Header().Set("Connection", "close") // what follows is not scanned any more
	}
	s.route(w, r)
}

func headers(r *http.Request) int {
	n := 0
	for _, values := range r.Header {
		n += len(values)
	}
	return n
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if odd(r.URL.EscapedPath()) {
		s.refuse(w, r, http.StatusNotFound, errs.New(errs.NotFound, notFound, nil))
		return
	}
	mounted := s.mounted(path)
	switch proxied := path == s.proxyPath || path == s.proxyPath+"/"; {
	case proxied && (s.cfg.Proxy || mounted == nil):
		s.proxy(w, r)
	case mounted != nil:
		mounted.ServeHTTP(w, r)
	default:
		s.static(w, r, path)
	}
}

// mounted is the further application to which a path belongs; nil: none.
func (s *Server) mounted(path string) http.Handler {
	for prefix, m := range s.cfg.Mounts {
		if strings.HasPrefix(path, prefix) {
			return m
		}
	}
	return nil
}

// refuser is a mounted application that words refusals itself, so that its
// callers read all of them in one form.
type refuser interface {
	Refuse(w http.ResponseWriter, r *http.Request, status int, err *errs.Error)
}

// odd finds paths that two readers could take for different ones.
func odd(escaped string) bool {
	lower := strings.ToLower(escaped)
	for _, bad := range []string{"%2f", "%5c", "%00", "%25", "%2e", "..", ";", `\`, "//", "/./"} {
		if strings.Contains(lower, bad) {
			return true
		}
	}
	return !strings.HasPrefix(escaped, "/")
}

// static answers what the web server has itself.
func (s *Server) static(w http.ResponseWriter, r *http.Request, path string) {
	name, inApp := strings.CutPrefix(path, "/app/")
	f, known := s.studio.files[name]
	known = known && inApp
	switch {
	case !known && path != "/" && path != "/app" && path != "/app/" && path != "/app/server.json" && path != "/healthz" && path != "/readyz":
		s.refuse(w, r, http.StatusNotFound, errs.New(errs.NotFound, notFound, nil))
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(w, r, http.StatusMethodNotAllowed, errs.New(errs.Invalid, badMethod, nil))
		return
	case r.ContentLength != 0:
		w.Header().Set("Connection", "close")
		s.refuse(w, r, http.StatusRequestEntityTooLarge, errs.New(errs.Invalid, noBody, nil))
		return
	}
	switch path {
	case "/", "/app":
		redirect(w, "/app/", r.URL.RawQuery)
	case "/app/", "/app/index.html":
		s.studio.serveIndex(w, r, func(nonce string) string { return s.policy(r, nonce) })
	case "/app/server.json":
		s.serveServerJSON(w)
	case "/healthz", "/readyz":
		s.health(w, path == "/readyz")
	default:
		s.studio.serve(w, r, name, f)
	}
}

func redirect(w http.ResponseWriter, to, query string) {
	if query != "" {
		to += "?" + query
	}
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusPermanentRedirect)
}

func (s *Server) serveServerJSON(w http.ResponseWriter) {
	text, _ := s.serverJSON.get()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text) // the browser is gone
}

// health tells that the process lives, or, for readiness, that it takes new
// work.
func (s *Server) health(w http.ResponseWriter, ready bool) {
	state := struct {
		Status   string   `json:"status"`
		Warnings []string `json:"warnings,omitempty"`
	}{Status: "ok"}
	status := http.StatusOK
	if ready && s.draining.Load() {
		state.Status, status = "draining", http.StatusServiceUnavailable
	}
	if s.cert != nil && s.cert.ExpiresSoon() {
		state.Warnings = append(state.Warnings, "certificate expires within 14 days")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(state) // the caller is gone
}

// refuse answers with a sentence in the reader's language and its id, and
// nothing of what is inside.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, err *errs.Error) {
	if m, ok := s.mounted(r.URL.Path).(refuser); ok {
		m.Refuse(w, r, status, err)
		return
	}
	lang := "en"
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(r.Header.Get("Accept-Language"))), "ru") {
		lang = "ru"
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "%s [%s]\n", err.Text(lang), err.Message.ID) // the caller is gone
}

// toHTTPS redirects from plain http to the same address encrypted.
func (s *Server) toHTTPS(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	host, ok := address.Host(hostname(r.Host))
	if !ok {
		s.refuse(w, r, http.StatusBadRequest, errs.New(errs.Invalid, badHostHeader, nil))
		return
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if _, port, _ := net.SplitHostPort(s.encryptedAddr()); port != "443" {
		host += ":" + port
	}
	redirect(w, "https://"+host+r.URL.EscapedPath(), r.URL.RawQuery)
}

// hostname takes the port off a Host header.
func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
}
