package doctor

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/errs"
)

// webServer is the first of the two hosts on the way.
func webServer(u *url.URL) place {
	key := "listen.http"
	if u.Scheme == "https" {
		key = "listen.https"
	}
	return place{
		host: Host, connection: Connection, encryption: Encryption,
		listen:      []Remedy{change(Web, remedyStartWeb, key)},
		certificate: []Remedy{change(Web, remedyCertificate, "tls.cert_file", "tls.key_file")},
		plain:       []Remedy{outside(remedyPlainPage), change(Web, remedyPageCertificate, "tls.cert_file", "tls.key_file", "listen.https")},
	}
}

// studio goes to the page, and on where it is redirected to.
func (v *visit) studio(ctx context.Context) bool {
	for range maxRedirects {
		if !v.reach(ctx, v.page, webServer(v.page)) {
			return false
		}
		page, err := v.get(ctx, v.page)
		if err != nil || page.StatusCode == http.StatusBadRequest && v.isEncrypted(ctx) {
			return v.noPage(ctx, err)
		}
		to, err := page.Location()
		if page.StatusCode < 300 || page.StatusCode >= 400 || err != nil {
			return v.isStudio(page)
		}
		v.pass(Studio, msgRedirected, params("from", v.page, "to", to))
		v.page = to
	}
	return v.fail(Studio, note(msgRedirects, "url", v.page), change(Web, remedyOtherProgram, "listen.http"))
}

// isEncrypted tells whether a page asked for in plain text is encrypted.
func (v *visit) isEncrypted(ctx context.Context) bool {
	return !encrypted(v.page) && speaksTLS(ctx, hostPort(v.page))
}

func (v *visit) noPage(ctx context.Context, err error) bool {
	if v.isEncrypted(ctx) {
		return v.fail(Studio, note(msgPageEncrypted, "url", v.page), outside(remedyEncryptedPage, "url", "https://"+v.page.Host+v.page.Path))
	}
	return v.fail(Studio, note(msgNoHTTP, "address", hostPort(v.page), "reason", reason(err)), change(Web, remedyOtherProgram, "listen.http", "listen.https"))
}

// isStudio tells Studio's page from others by its title.
func (v *visit) isStudio(page got) bool {
	switch {
	case page.StatusCode != http.StatusOK:
		return v.fail(Studio, note(msgNoStudio, "url", v.page, "status", page.Status), outside(remedyNoStudio), change(Web, remedyOtherProgram, "listen.http", "listen.https"))
	case !strings.Contains(page.body, "<title>Weft</title>"):
		return v.fail(Studio, note(msgOtherPage, "url", v.page), outside(remedyNoStudio), change(Web, remedyOtherProgram, "listen.http", "listen.https"))
	case !strings.Contains(page.body, "<script"):
		return v.fail(Studio, note(msgNotInBuild), outside(remedyBuild))
	}
	if !strings.HasSuffix(v.page.Path, "/") {
		v.page.Path = v.page.Path[:strings.LastIndex(v.page.Path, "/")+1]
	}
	v.policy = page.Header.Get("Content-Security-Policy")
	v.pass(Studio, msgStudio, params("url", v.page))
	return true
}

func (v *visit) serverJSON(ctx context.Context) bool {
	u := v.page.JoinPath("server.json")
	file, err := v.get(ctx, u)
	if err != nil {
		return v.fail(ServerJSON, note(msgNoHTTP, "address", hostPort(u), "reason", reason(err)), change(Web, remedyServerJSON, "studio.server_json"))
	}
	if file.StatusCode != http.StatusOK {
		return v.fail(ServerJSON, note(msgNoServerJSON, "url", u, "status", file.Status), change(Web, remedyServerJSON, "studio.server_json"))
	}
	if strings.HasPrefix(strings.TrimSpace(file.body), "<") {
		return v.fail(ServerJSON, note(msgPageForFile, "url", u), change(Web, remedyServerJSON, "studio.server_json"))
	}
	if v.file, err = address.Parse([]byte(file.body)); err != nil {
		return v.refused(ServerJSON, err)
	}
	v.pass(ServerJSON, msgServerJSON, params("text", strings.TrimSpace(file.body)))
	return true
}

// refused tells what is wrong with server.json in its own words.
func (v *visit) refused(step Name, err error) bool {
	e := errs.All(err)[0]
	remedy := change(File, remedyMend)
	if key := e.Place.Setting; key != "" {
		remedy.Keys = []string{key}
	}
	return v.fail(step, Note{e.Message, e.Params}, remedy)
}

// address forms the websocket's address by the same rules as Studio.
func (v *visit) address(context.Context) bool {
	text, err := v.file.Websocket(v.page.String())
	if err != nil {
		e := errs.All(err)[0]
		return v.fail(Address, Note{e.Message, e.Params},
			change(Web, remedyProxy, "proxy.enabled"), change(Server, remedyServerCertificate, keyServerCertificate), change(Web, remedyServerTLS, "server.tls"))
	}
	if v.socket, err = url.Parse(text); err != nil {
		return v.fail(Address, note(msgBadURL, "url", text), change(File, remedyMend, "host"))
	}
	v.pass(Address, msgAddress, params("url", v.socket))
	return true
}
