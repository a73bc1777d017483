package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/address"
)

const (
	patience     = 5 * time.Second // for one step
	maxRedirects = 5
	maxPage      = 4 << 20 // bytes of a page that are read
)

// Options say how to go.
type Options struct {
	Roots *x509.CertPool // certificates that are believed; nil: those of the system
	Agent string         // name and version of the program
}

// visit is one way from a page to a Server.
type visit struct {
	*Report
	options Options
	page    *url.URL // of Studio, with its last slash; after redirects, where they led
	policy  string   // content security policy of the page
	file    address.File
	socket  *url.URL
}

// Examine goes the way that a browser goes from a page's address. A bare host
// gets the scheme http and the path /app/. The report is never nil.
func Examine(ctx context.Context, page string, o Options) *Report {
	v := &visit{Report: &Report{URL: page}, options: o}
	steps := []func(context.Context) bool{
		func(context.Context) bool { return v.parse(page) },
		v.studio, v.serverJSON, v.address, v.mayConnect, v.server, v.websocket,
	}
	for _, step := range steps {
		if !step(ctx) {
			break
		}
	}
	return v.Report
}

// parse reads the page's address as people type it.
func (v *visit) parse(text string) bool {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return v.fail(Page, note(msgBadURL, "url", text), outside(remedyURL))
	}
	u.RawQuery, u.Fragment = "", ""
	u.Path = strings.TrimSuffix(u.Path, "index.html")
	if u.Path == "" || u.Path == "/" {
		u.Path = "/app/"
	}
	v.page, v.URL = u, u.String()
	return true
}

// reach looks the host of an address up, connects, and shakes hands.
func (v *visit) reach(ctx context.Context, u *url.URL, to place) bool {
	addrs, ok := v.lookUp(ctx, u.Hostname(), to)
	if !ok {
		return false
	}
	if !v.connect(ctx, net.JoinHostPort(u.Hostname(), portOf(u)), addrs, to) {
		return false
	}
	return !encrypted(u) || v.encrypt(ctx, u, to)
}

func encrypted(u *url.URL) bool { return u.Scheme == "https" || u.Scheme == "wss" }

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case encrypted(u):
		return "443"
	}
	return "80"
}

func hostPort(u *url.URL) string { return net.JoinHostPort(u.Hostname(), portOf(u)) }

// client asks as a browser does; redirects are followed by the caller.
func (v *visit) client() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: v.options.Roots, NextProtos: []string{"http/1.1"}},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
}

// got is an answer that was read.
type got struct {
	*http.Response
	body string
}

func (v *visit) get(ctx context.Context, u *url.URL) (got, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return got{}, err
	}
	req.Header.Set("User-Agent", v.options.Agent)
	client := v.client()
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return got{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	return got{resp, string(body)}, errors.Join(err, resp.Body.Close())
}
