package doctor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/web"
)

// names are the steps of a report.
func names(r *Report) []Name {
	var out []Name
	for _, s := range r.Steps {
		out = append(out, s.Name)
	}
	return out
}

func soon() time.Time { return time.Now().Add(time.Hour) }

// The way is gone to its end wherever a browser gets there.
func TestInOrder(t *testing.T) {
	ca := newAuthority(t)
	cert, key, pair := ca.issue("127.0.0.1", soon())
	encrypted := &tls.Config{Certificates: []tls.Certificate{pair}}
	own := rpc.Origins{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	proxied := []Name{Connection, Studio, ServerJSON, Address, Websocket, Hello}
	cases := map[string]struct {
		page func(t *testing.T) string
		want []Name
	}{
		"direct": {func(t *testing.T) string {
			port := startServer(t, nil, own)
			return startWeb(t, func(c *web.Config) { c.ServerPort = port })
		}, []Name{Connection, Studio, ServerJSON, Address, ServerConnection, Websocket, Hello}},
		"direct, all encrypted": {func(t *testing.T) string {
			port := startServer(t, encrypted, own)
			return startWeb(t, func(c *web.Config) { c.ServerPort, c.ServerTLS, c.CertFile, c.KeyFile = port, true, cert, key })
		}, []Name{Connection, Encryption, Studio, ServerJSON, Address, ServerConnection, ServerEncryption, Websocket, Hello}},
		"through the proxy": {func(t *testing.T) string {
			port := startServer(t, nil, own)
			return startWeb(t, func(c *web.Config) { c.ServerPort, c.Proxy = port, true })
		}, proxied},
		"from /app": {func(t *testing.T) string {
			port := startServer(t, nil, own)
			return strings.TrimSuffix(startWeb(t, func(c *web.Config) { c.ServerPort, c.Proxy = port, true }), "/")
		}, slices.Insert(slices.Clone(proxied), 1, Studio, Connection)},
		"a bare host": {func(t *testing.T) string {
			port := startServer(t, nil, own)
			url := startWeb(t, func(c *web.Config) { c.ServerPort, c.Proxy = port, true })
			return strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/app/")
		}, proxied},
		"by name": {func(t *testing.T) string {
			port := startServer(t, nil, own)
			url := startWeb(t, func(c *web.Config) { c.ServerPort, c.Proxy = port, true })
			return strings.Replace(url, "127.0.0.1", "localhost", 1)
		}, slices.Insert(slices.Clone(proxied), 0, Host)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := Examine(context.Background(), c.page(t), Options{Roots: ca.Pool, Agent: "test"})
			if d := cmp.Diff(c.want, names(r)); d != "" || !r.OK() {
				t.Errorf("ok %v (-want +got):\n%s\n%s", r.OK(), d, spelled(r))
			}
		})
	}
}

// spelled is a report in words; it fails where a text lacks a parameter.
func spelled(r *Report) string {
	var b strings.Builder
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "%s %v: %s\n", s.Name, s.OK, s.Found.Text("en"))
		for _, m := range s.Remedies {
			fmt.Fprintf(&b, "  %s %v: %s\n", m.Component, m.Keys, m.Text.Text("en"))
		}
	}
	return b.String()
}

// sick is one thing that can be wrong, and what is said of it.
type sick struct {
	page    func(t *testing.T) string
	step    Name
	message errs.Message
	keys    string // of all remedies, with their components
}

var unfilled = regexp.MustCompile(`\{[a-z_]+\}`)

func TestWhatIsWrong(t *testing.T) {
	ca := newAuthority(t)
	for _, cases := range []map[string]sick{wrongPages(ca), wrongFiles(), wrongServers(ca), wrongProxies()} {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				r := Examine(context.Background(), c.page(t), Options{Roots: ca.Pool, Agent: "test"})
				last := r.Steps[len(r.Steps)-1]
				if r.OK() || last.Name != c.step || last.Found.Message.ID != c.message.ID {
					t.Fatalf("want %s at %s:\n%s", c.message.ID, c.step, spelled(r))
				}
				var keys []string
				for _, m := range last.Remedies {
					for _, k := range m.Keys {
						if m.Component == Web && !slices.Contains(webKeys(), k) {
							t.Errorf("the web server has no key %s", k)
						}
						keys = append(keys, string(m.Component)+":"+k)
					}
				}
				if got := strings.Join(keys, " "); got != c.keys {
					t.Errorf("keys %q, want %q", got, c.keys)
				}
				if len(last.Remedies) == 0 || unfilled.MatchString(spelled(r)) {
					t.Error(spelled(r))
				}
				if e, ok := last.Found.Params["reason"].(errs.Words); ok && e.Ru == "" {
					t.Errorf("the reason is told in the library's words: %s", e.En)
				}
			})
		}
	}
}

func webKeys() []string {
	var out []string
	for _, f := range config.Fields(&web.Config{}) {
		out = append(out, f.Path)
	}
	return out
}

func at(port int) string { return fmt.Sprintf("http://127.0.0.1:%d/app/", port) }

func wrongPages(ca *authority) map[string]sick {
	other := "web:listen.http web:listen.https"
	withCertificate := func(host string, until time.Time, from *authority) func(t *testing.T) string {
		return func(t *testing.T) string {
			_, _, pair := from.issue(host, until)
			return fmt.Sprintf("https://127.0.0.1:%d/app/", startServer(t, &tls.Config{Certificates: []tls.Certificate{pair}}, rpc.Origins{}))
		}
	}
	return map[string]sick{
		"no address":      {func(*testing.T) string { return "ftp://weft.example/" }, Page, msgBadURL, ""},
		"unknown name":    {func(*testing.T) string { return "http://weft.invalid/app/" }, Host, msgNoHost, ""},
		"nothing listens": {func(t *testing.T) string { return at(unused(t)) }, Connection, msgRefused, "web:listen.http"},
		"speaks no HTTP":  {func(t *testing.T) string { return at(speaking(t, "SSH-2.0-OpenSSH_9.2\r\n")) }, Studio, msgNoHTTP, other},
		"no Studio":       {func(t *testing.T) string { return at(answering(t, http.NotFound)) }, Studio, msgNoStudio, other},
		"another program": {func(t *testing.T) string { return at(answering(t, saying("text/html", "<title>Wiki</title>"))) }, Studio, msgOtherPage, other},
		"endless redirects": {func(t *testing.T) string {
			return at(answering(t, http.RedirectHandler("/app/", http.StatusFound).ServeHTTP))
		}, Studio, msgRedirects, "web:listen.http"},
		"built without Studio": {func(t *testing.T) string { return startWeb(t, func(c *web.Config) { c.Studio = nil }) }, Studio, msgNotInBuild, ""},
		"http to an encrypted port": {func(t *testing.T) string {
			return strings.Replace(withCertificate("127.0.0.1", soon(), ca)(t), "https", "http", 1)
		}, Studio, msgPageEncrypted, ""},
		"https to a plain port": {func(t *testing.T) string {
			return strings.Replace(startWeb(t, func(*web.Config) {}), "http", "https", 1)
		}, Encryption, msgNotEncrypted, "web:tls.cert_file web:tls.key_file web:listen.https"},
		"untrusted certificate":  {func(t *testing.T) string { return withCertificate("127.0.0.1", soon(), newAuthority(t))(t) }, Encryption, msgUntrusted, "web:tls.cert_file web:tls.key_file"},
		"certificate of another": {withCertificate("weft.example", soon(), ca), Encryption, msgOtherName, "web:tls.cert_file web:tls.key_file"},
		"expired certificate":    {withCertificate("127.0.0.1", time.Now().Add(-time.Minute), ca), Encryption, msgExpired, "web:tls.cert_file web:tls.key_file"},
	}
}

// saying answers everything alike.
func saying(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		fmt.Fprint(w, text)
	}
}

const studioPage = "<title>Weft</title><script></script>"

// withFile is another web server that has Studio, with this server.json.
func withFile(file http.HandlerFunc) func(t *testing.T) string {
	return func(t *testing.T) string {
		return at(answering(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, ".json") {
				file(w, r)
				return
			}
			w.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self' ws://other.example:8080")
			saying("text/html", studioPage)(w, r)
		}))
	}
}

func wrongFiles() map[string]sick {
	message := func(id string) errs.Message { return errs.Message{ID: id} }
	file := func(text string) func(t *testing.T) string { return withFile(saying("application/json", text)) }
	return map[string]sick{
		"no server.json":          {withFile(http.NotFound), ServerJSON, msgNoServerJSON, "web:studio.server_json"},
		"a page for server.json":  {withFile(saying("text/html", studioPage)), ServerJSON, msgPageForFile, "web:studio.server_json"},
		"server.json is no JSON":  {file("wsport: 1"), ServerJSON, message("address.server_json_text"), ""},
		"unknown key":             {file(`{"wsprot": 1}`), ServerJSON, message("address.server_json_key"), "server.json:wsprot"},
		"wrong type":              {file(`{"wsport": "8080"}`), ServerJSON, message("address.server_json_value"), "server.json:wsport"},
		"policy of another page":  {file(`{}`), Policy, msgPolicy, "web:limits.trusted_proxies"},
		"policy, the same server": {file(`{"wsproxy": true}`), Websocket, msgNoUpgrade, "web:proxy.enabled web:proxy.path"},
	}
}

func wrongServers(ca *authority) map[string]sick {
	place := "web:server.host web:server.port server:" + keyServerPlain + " server:" + keyServerEncrypted
	to := func(server func(t *testing.T) int) func(t *testing.T) string {
		return func(t *testing.T) string {
			return startWeb(t, func(c *web.Config) { c.ServerPort = server(t) })
		}
	}
	toEncrypted := func(server func(t *testing.T) int) func(t *testing.T) string {
		return func(t *testing.T) string {
			return startWeb(t, func(c *web.Config) { c.ServerPort, c.ServerTLS = server(t), true })
		}
	}
	return map[string]sick{
		"an encrypted page, a plain Server": {func(t *testing.T) string {
			cert, key, _ := ca.issue("127.0.0.1", soon())
			return startWeb(t, func(c *web.Config) { c.CertFile, c.KeyFile = cert, key })
		}, Address, errs.Message{ID: "address.unencrypted_from_encrypted_page"}, "web:proxy.enabled server:" + keyServerCertificate + " web:server.tls"},
		"Server down": {to(func(t *testing.T) int { return unused(t) }), ServerConnection, msgRefused,
			"server:" + keyServerPlain + " web:server.host web:server.port web:server.tls"},
		"Server unknown": {func(t *testing.T) string {
			return startWeb(t, func(c *web.Config) { c.ServerHost = "server.invalid" })
		}, ServerHost, msgNoHost, ""},
		"wrong port, HTTP":    {to(func(t *testing.T) int { return answering(t, http.NotFound) }), Websocket, msgNoUpgrade, place},
		"wrong port, no HTTP": {to(func(t *testing.T) int { return speaking(t, "SSH-2.0-OpenSSH_9.2\r\n") }), Websocket, msgNoHTTP, place},
		"Server is encrypted": {to(func(t *testing.T) int {
			_, _, pair := ca.issue("127.0.0.1", soon())
			return startServer(t, &tls.Config{Certificates: []tls.Certificate{pair}}, rpc.Origins{})
		}), Websocket, msgServerEncrypted, "web:server.tls server.json:secure"},
		"Server is not encrypted": {toEncrypted(func(t *testing.T) int { return startServer(t, nil, rpc.Origins{}) }), ServerEncryption, msgNotEncrypted,
			"server:" + keyServerCertificate + " server:" + keyServerKey + " web:server.tls web:server.port"},
		"Server's certificate is untrusted": {toEncrypted(func(t *testing.T) int {
			_, _, pair := newAuthority(t).issue("127.0.0.1", soon())
			return startServer(t, &tls.Config{Certificates: []tls.Certificate{pair}}, rpc.Origins{})
		}), ServerEncryption, msgUntrusted, "server:" + keyServerCertificate + " server:" + keyServerKey},
		"origin refused": {func(t *testing.T) string {
			port := startServer(t, nil, rpc.Origins{})
			return strings.Replace(startWeb(t, func(c *web.Config) { c.ServerPort, c.ServerHost = port, "127.0.0.1" }), "127.0.0.1", "localhost", 1)
		}, Websocket, msgOrigin, "server:" + keyServerOrigins + " server:" + keyServerNames},
	}
}

func wrongProxies() map[string]sick {
	through := func(server func(t *testing.T) int) func(t *testing.T) string {
		return func(t *testing.T) string {
			return startWeb(t, func(c *web.Config) { c.ServerPort, c.Proxy = server(t), true })
		}
	}
	place := "web:server.host web:server.port web:server.tls"
	return map[string]sick{
		"proxy off": {func(t *testing.T) string {
			file := filepath.Join(t.TempDir(), "server.json")
			if err := os.WriteFile(file, []byte(`{"wsproxy": true}`), 0o600); err != nil {
				t.Fatal(err)
			}
			return startWeb(t, func(c *web.Config) { c.ServerJSONFile = file })
		}, Websocket, msgProxyOff, "web:proxy.enabled server.json:wsproxy"},
		"Server down behind the proxy": {through(func(t *testing.T) int { return unused(t) }), Websocket, msgServerDown,
			"server:" + keyServerPlain + " server:" + keyServerEncrypted + " " + place + " web:server.ca_file"},
		"another program behind the proxy": {through(func(t *testing.T) int { return speaking(t, "SSH-2.0-OpenSSH_9.2\r\n") }), Websocket, msgServerOdd, place},
		"origin refused behind the proxy": {func(t *testing.T) string {
			port := startServer(t, nil, rpc.Origins{})
			return strings.Replace(startWeb(t, func(c *web.Config) { c.ServerPort, c.ServerHost, c.Proxy = port, "127.0.0.1", true }), "127.0.0.1", "localhost", 1)
		}, Websocket, msgOrigin, "server:" + keyServerTrusted + " server:" + keyServerOrigins + " server:" + keyServerNames},
	}
}
