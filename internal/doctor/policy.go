package doctor

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// mayConnect tells whether the page's own policy lets it open the websocket. A
// browser says nothing of it to the page, only to its console.
func (v *visit) mayConnect(context.Context) bool {
	sources, bound := connectSources(v.policy)
	if !bound || slices.ContainsFunc(sources, func(s string) bool { return v.covers(s) }) {
		return true
	}
	return v.fail(Policy, note(msgPolicy, "url", v.socket, "policy", strings.Join(sources, " ")),
		change(Web, remedyTrustedProxy, "limits.trusted_proxies"), outside(remedyPolicy, "source", v.socket.Scheme+"://"+v.socket.Host))
}

// connectSources are those that a policy allows connections to; false: it says
// nothing of them.
func connectSources(policy string) (sources []string, bound bool) {
	found := map[string][]string{}
	for directive := range strings.SplitSeq(policy, ";") {
		if words := strings.Fields(directive); len(words) > 0 && found[words[0]] == nil {
			found[strings.ToLower(words[0])] = words
		}
	}
	for _, name := range []string{"connect-src", "default-src"} {
		if words, ok := found[name]; ok {
			return words[1:], true
		}
	}
	return nil, false
}

// covers tells whether one source of a policy means the websocket.
func (v *visit) covers(source string) bool {
	switch source {
	case "*", v.socket.Scheme + ":":
		return true
	case "'self'":
		return hostPort(v.page) == hostPort(v.socket) && encrypted(v.page) == encrypted(v.socket)
	}
	u, err := url.Parse(source)
	if err != nil || u.Host == "" {
		u = &url.URL{Scheme: v.socket.Scheme, Host: source}
	}
	return u.Scheme == v.socket.Scheme && strings.EqualFold(hostPort(u), hostPort(v.socket))
}
