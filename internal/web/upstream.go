package web

import (
	"bufio"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/certificate"
)

const (
	dialTime     = 5 * time.Second
	upgradeTime  = 10 * time.Second
	maxRefusal   = 64 << 10 // bytes of a refusal's body that are passed on
	upstreamPath = "/ws"
)

// upstream is the Server as the proxy sees it.
type upstream struct {
	address string // host:port to connect to, and what the request names as Host
	tls     *tls.Config
}

func newUpstream(c *Config) (*upstream, error) {
	host := c.ServerHost
	if host == "" {
		host = "localhost"
	}
	host, _ = address.Host(host)
	u := &upstream{address: net.JoinHostPort(host, strconv.Itoa(c.serverPort()))}
	pool, err := certificate.Authorities("server.ca_file", c.ServerCAFile)
	if err != nil {
		return nil, err
	}
	if c.ServerTLS {
		u.tls = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: host, NextProtos: []string{"http/1.1"}}
	}
	return u, nil
}

// dial opens a connection of its own for one client.
func (u *upstream) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	d := &net.Dialer{KeepAlive: 15 * time.Second}
	c, err := d.DialContext(ctx, "tcp", u.address)
	if err != nil || u.tls == nil {
		return c, err
	}
	t := tls.Client(c, u.tls)
	if err := t.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return t, nil
}

// upgrade sends the client's handshake, made from an allow-list of headers,
// and reads the answer. What the Server sent after it stays in the reader.
func (u *upstream) upgrade(ctx context.Context, c net.Conn, h *handshake, from origin) (*http.Response, *bufio.Reader, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := c.SetDeadline(time.Now().Add(upgradeTime)); err != nil {
		return nil, nil, err
	}
	if _, err := io.WriteString(c, u.request(h, from)); err != nil {
		return nil, nil, err
	}
	r := bufio.NewReader(io.LimitReader(c, maxHead+maxRefusal))
	answer, err := http.ReadResponse(r, &http.Request{Method: http.MethodGet})
	if err != nil {
		return nil, nil, err
	}
	if !stop() {
		return nil, nil, context.Cause(ctx)
	}
	return answer, r, nil
}

func (u *upstream) request(h *handshake, from origin) string {
	var b strings.Builder
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", upstreamPath, u.address)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	line("Sec-WebSocket-Key", h.key)
	line("Sec-WebSocket-Version", "13")
	line("Sec-WebSocket-Protocol", strings.Join(h.protocols, ", "))
	line("Sec-WebSocket-Extensions", h.extensions)
	line("Origin", h.origin)
	line("User-Agent", h.userAgent)
	line("X-Forwarded-For", from.client)
	line("X-Forwarded-Proto", from.proto)
	line("X-Forwarded-Host", from.host)
	b.WriteString("\r\n")
	return b.String()
}

var errNoUpgrade = errors.New("the answer to the handshake is no valid upgrade")

// accepted checks a 101 against what the client asked for.
func (h *handshake) accepted(a *http.Response) error {
	chosen := a.Header.Get("Sec-WebSocket-Protocol")
	switch {
	case a.StatusCode != http.StatusSwitchingProtocols,
		!single(a.Header, "Upgrade", "websocket"),
		!slices.Contains(tokens(a.Header, "Connection"), "upgrade"),
		len(a.Header.Values("Sec-WebSocket-Accept")) != 1 || a.Header.Get("Sec-WebSocket-Accept") != acceptKey(h.key),
		len(a.Header.Values("Sec-WebSocket-Protocol")) > 1 || chosen != "" && !slices.Contains(h.protocols, chosen),
		h.extensions == "" && a.Header.Get("Sec-WebSocket-Extensions") != "",
		a.Header.Get("Content-Length") != "", len(a.TransferEncoding) > 0:
		return errNoUpgrade
	}
	return nil
}

// response is the 101 that the client gets: again an allow-list.
func (h *handshake) response(a *http.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n", acceptKey(h.key))
	for _, name := range []string{"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"} {
		if v := strings.Join(a.Header.Values(name), ", "); v != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, v)
		}
	}
	b.WriteString("\r\n")
	return b.String()
}

// acceptKey answers a key as RFC 6455, section 4.2.2, has it.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// tokens are the comma-separated words of a header, in lower case.
func tokens(h http.Header, name string) []string {
	var out []string
	for _, v := range h.Values(name) {
		for t := range strings.SplitSeq(v, ",") {
			if t = textproto.TrimString(t); t != "" {
				out = append(out, strings.ToLower(t))
			}
		}
	}
	return out
}

// single tells whether a header stands once, with this value.
func single(h http.Header, name, value string) bool {
	v := h.Values(name)
	return len(v) == 1 && strings.EqualFold(textproto.TrimString(v[0]), value)
}
