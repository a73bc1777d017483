package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// origin is where a request comes from, as the Server is told: by the
// connection itself, or by a web server before us that the configuration
// names. What anybody else says about it counts for nothing.
type origin struct {
	client string // IP address
	proto  string // http, https
	host   string // as the browser named it, with its port
}

type connKey struct{}

// connOf returns the connection of a request over HTTP/1.1.
func connOf(r *http.Request) *clientConn {
	c, _ := r.Context().Value(connKey{}).(*clientConn)
	return c
}

// encrypted tells whether the request came to us over TLS.
func encrypted(r *http.Request) bool {
	c := connOf(r)
	return r.TLS != nil || c != nil && c.encrypted
}

func (s *Server) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (s *Server) forwarded(r *http.Request) origin {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr) // a peer without address is nobody
	from := peer.Addr().Unmap()
	o := origin{client: from.String(), proto: "http", host: r.Host}
	if encrypted(r) {
		o.proto = "https"
	}
	if !s.trusted(from) {
		s.warnOfStranger(r, from)
		return o
	}
	o.client = s.rightmostStranger(r.Header.Values("X-Forwarded-For"), from).String()
	if p := r.Header.Get("X-Forwarded-Proto"); p == "http" || p == "https" {
		o.proto = p
	}
	if h := r.Header.Get("X-Forwarded-Host"); h != "" && !strings.ContainsAny(h, ", /\"") {
		o.host = h
	}
	return o
}

// rightmostStranger walks the hops from the nearest one and returns the first
// that is no proxy of ours.
func (s *Server) rightmostStranger(values []string, nearest netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(values, ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if nearest = a.Unmap(); !s.trusted(nearest) {
			break
		}
	}
	return nearest
}

// warnOfStranger tells an administrator, once, that a web server stands before
// this one that the configuration does not name.
func (s *Server) warnOfStranger(r *http.Request, from netip.Addr) {
	if r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("X-Forwarded-Host") == "" {
		return
	}
	s.warned.Do(func() {
		s.log.Warn("X-Forwarded headers from an address that limits.trusted_proxies does not name are ignored", "address", from.String())
	})
}
