package address

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// ValidPath tells whether a path of the proxy is one: plain segments, with or
// without slashes around them.
func ValidPath(path string) bool {
	segments := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
	for _, s := range segments {
		if s == "" || s == "." || s == ".." || strings.ContainsFunc(s, notInPath) {
			return false
		}
	}
	return true
}

func notInPath(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.~", r))
}

// Host returns a host name in its ASCII form, or an IP address as it
// stands, an IPv6 one without brackets; false for anything else.
func Host(host string) (string, bool) {
	bare := host
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		bare = host[1 : len(host)-1]
	}
	if a, err := netip.ParseAddr(bare); err == nil && a.Zone() == "" && (bare == host || a.Is6()) {
		return bare, true
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || ascii == "" || len(ascii) > 253 || strings.ContainsFunc(ascii, notInHost) {
		return "", false
	}
	return ascii, true
}

func notInHost(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_')
}
