package rpc

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Origins says from which pages a websocket is taken.
type Origins struct {
	// Allowed origins, exact: scheme, host and port; the scheme's own port may
	// be left out.
	Allowed []string
	// Own reports whether a host, without port or brackets, is one of the
	// server's names: of loopback, its interfaces, the host name, its
	// certificate, or configured. Nil: only loopback is.
	Own func(host string) bool
	// Proxies are the addresses whose X-Forwarded headers are believed.
	Proxies []netip.Prefix
	// AllowMissing takes requests without an Origin: programs, not browsers.
	AllowMissing bool
}

// wanted is what a request for a websocket says about itself.
type wanted struct {
	address string // of the client, without port; "": can't be known
	local   bool   // the connection, the host and the origin are of the loopback
}

// check decides about a request before the upgrade. A status other than 0 is
// the refusal, why is for the log and the body.
func (o *Origins) check(r *http.Request) (w wanted, status int, why string) {
	host := hostOf(r.Host)
	if !o.known(host) {
		return w, http.StatusMisdirectedRequest, "this server is not known by that host name"
	}
	asked := host
	remote := hostOf(r.RemoteAddr)
	w.address = remote
	if o.proxy(remote) {
		w.address = o.client(r.Header.Values("X-Forwarded-For"))
		if f := r.Header.Values("X-Forwarded-Host"); len(f) == 1 {
			asked = hostOf(strings.TrimSpace(f[0]))
		}
	}
	origin, ok := o.origin(r, asked)
	if !ok {
		return w, http.StatusForbidden, "this origin is not allowed to open a websocket here"
	}
	w.local = loopback(remote) && loopback(w.address) && loopback(asked) && origin != "" && loopback(origin)
	return w, 0, ""
}

// known reports whether requests for a host are answered at all.
func (o *Origins) known(host string) bool {
	if host == "" {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return o.own(host)
}

func (o *Origins) own(host string) bool {
	return loopback(host) || o.Own != nil && o.Own(host)
}

// origin checks the Origin of a request that asks for a host, and returns the
// origin's own host; "" when there is no Origin and none is needed.
func (o *Origins) origin(r *http.Request, asked string) (host string, ok bool) {
	given := r.Header.Values("Origin")
	if len(given) == 0 {
		return "", o.AllowMissing
	}
	if len(given) > 1 {
		return "", false
	}
	from, ok := parseOrigin(given[0])
	if !ok {
		return "", false
	}
	for _, a := range o.Allowed {
		if allowed, ok := parseOrigin(a); ok && allowed == from {
			return from.host, true
		}
	}
	return from.host, from.host == asked && o.own(asked)
}

// origin is a parsed Origin, with its port.
type origin struct{ scheme, host, port string }

func parseOrigin(s string) (origin, bool) {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" || u.Hostname() == "" {
		return origin{}, false
	}
	ports := map[string]string{"http": "80", "https": "443"}
	port, ok := ports[u.Scheme]
	if !ok || strings.ContainsAny(s, "?#") {
		return origin{}, false
	}
	if u.Port() != "" {
		port = u.Port()
	}
	return origin{u.Scheme, plainHost(u.Hostname()), port}, true
}

func (o *Origins) proxy(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range o.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// client is the rightmost address of the way that is no proxy of ours; ""
// when there is none.
func (o *Origins) client(forwarded []string) string {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a, err := netip.ParseAddr(hostOf(strings.TrimSpace(hops[i])))
		if err != nil {
			return ""
		}
		if !o.proxy(a.String()) {
			return a.Unmap().String()
		}
	}
	return ""
}

// hostOf is the host of host:port, without brackets and the root's dot, in
// lower case.
func hostOf(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		return plainHost(h)
	}
	return plainHost(strings.Trim(s, "[]"))
}

func plainHost(h string) string {
	h = strings.ToLower(strings.TrimSuffix(h, "."))
	if a, err := netip.ParseAddr(h); err == nil {
		return a.WithZone("").Unmap().String()
	}
	return h
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// network is the unit in which addresses are counted: an address, of IPv6 the
// /64 that one customer has.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Is4() {
		return address
	}
	p, _ := a.Prefix(64)
	return p.String()
}
