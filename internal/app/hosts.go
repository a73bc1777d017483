package app

import (
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/certificate"
)

// hosts tells which names are a Server's own.
type hosts struct {
	names []string
	cert  *certificate.Certificate // nil: none
}

func newHosts(configured []string, cert *certificate.Certificate) hosts {
	h := hosts{cert: cert}
	for _, n := range configured {
		ascii, _ := address.Host(n) // checked when it was read
		h.names = append(h.names, strings.ToLower(ascii))
	}
	if own, err := os.Hostname(); err == nil {
		own = strings.ToLower(own)
		h.names = append(h.names, own)
		if short, _, ok := strings.Cut(own, "."); ok {
			h.names = append(h.names, short)
		}
	}
	return h
}

// own tells whether a host, in lower case and without port, is the Server's:
// named, of its certificate, or an address of its interfaces, which may change.
func (h hosts) own(host string) bool {
	for _, n := range h.names {
		if n == host {
			return true
		}
	}
	if h.cert != nil && h.cert.Covers(host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap() == ip.Unmap() {
			return true
		}
	}
	return false
}
