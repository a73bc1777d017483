package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/address"
)

// secure sets the headers that close known holes of browsers on every answer.
// Answers that are no page of Studio get a policy that allows nothing.
func (s *Server) secure(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if s.trustworthy(r) { // elsewhere browsers ignore it, with an error in their console
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	if s.cert != nil {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// trustworthy tells whether a browser gives the page a secure context: it is
// encrypted, or of the browser's own machine.
func (s *Server) trustworthy(r *http.Request) bool {
	o := s.forwarded(r)
	host := strings.TrimSuffix(strings.ToLower(hostname(o.host)), ".")
	a, err := netip.ParseAddr(host)
	return o.proto == "https" || host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && a.IsLoopback()
}

// policy is the content security policy of Studio's page: scripts from here
// alone, and connections to here and to the Server.
func (s *Server) policy(r *http.Request, nonce string) string {
	connect := strings.Join(append([]string{"'self'"}, s.serverAddresses(r)...), " ")
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"connect-src " + connect,
		"worker-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// serverAddresses are where the effective server.json sends this page. A page
// that reached us without encryption may be encrypted for the browser, by a
// web server before us, so both are meant then.
func (s *Server) serverAddresses(r *http.Request) []string {
	_, file := s.serverJSON.get()
	host, ok := address.Host(hostname(s.forwarded(r).host))
	if file == nil || !ok {
		return nil
	}
	schemes := []string{"https"}
	if !encrypted(r) {
		schemes = []string{"http", "https"}
	}
	var out []string
	for _, scheme := range schemes {
		page := url.URL{Scheme: scheme, Host: s.forwarded(r).host}
		if strings.Contains(host, ":") && !strings.Contains(page.Host, "[") {
			continue
		}
		ws, err := file.Websocket(page.String())
		u, perr := url.Parse(ws)
		if err != nil || perr != nil || slices.Contains(out, u.Scheme+"://"+u.Host) {
			continue
		}
		out = append(out, u.Scheme+"://"+u.Host)
	}
	return out
}
