package web

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The configurations of docs/admin for other web servers give Studio's page
// the headers that this one gives it, the policy among them, but that some
// allow styles for want of a nonce.
func TestDocumentedConfigurations(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, func(c *Config) { c.Proxy = true; c.CertFile, c.KeyFile = ca.issue("web", 2, future()) })
	r, err := http.NewRequest(http.MethodGet, "https://"+s.addr+"/app/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "weft.example.org"
	answer, err := (&http.Transport{TLSClientConfig: ca.tls(), DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	own := map[string]string{}
	for name := range answer.Header {
		switch name {
		case "Content-Length", "Content-Type", "Date": // theirs by themselves
		default:
			own[name] = answer.Header.Get(name)
		}
	}
	nonce := regexp.MustCompile(`'nonce-[^']*'|'unsafe-inline'`)
	plain := func(value string) string {
		return strings.ReplaceAll(nonce.ReplaceAllString(value, "'nonce'"), ":443", "")
	}
	for _, tt := range []struct {
		file, from, until string // the part that is for Studio's page
		header            string // name, and value with or without quotes
		otherwise         string // a header that it gives by another setting
	}{
		{"nginx.conf", "location = /app/index.html", "location = /app/server.json", `(?m)^ *add_header (\S+) (?:"([^"]*)"|(\S+)) always;$`, ""},
		{"apache.conf", "<VirtualHost *:443>", "<Location ", `(?m)^ *Header always set (\S+) (?:"([^"]*)"|(\S+))$`, ""},
		{"Caddyfile", "header {", "handle_path", `(?m)^\t+([A-Z][A-Za-z-]+-[A-Za-z-]+) (?:"([^"]*)"|(\S+))$`, ""},
		{"web.config", "<customHeaders>", "</customHeaders>", `<add name="(\S+)" value="([^"]*)()" />`, "Cache-Control"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			text, err := os.ReadFile("../../docs/admin/" + tt.file)
			if err != nil {
				t.Fatal(err)
			}
			_, page, _ := strings.Cut(string(text), tt.from)
			page, _, _ = strings.Cut(page, tt.until)
			got, want := map[string]string{}, map[string]string{}
			for _, m := range regexp.MustCompile(tt.header).FindAllStringSubmatch(page, -1) {
				got[m[1]] = plain(m[2] + m[3])
			}
			for name, value := range own {
				if name != tt.otherwise {
					want[name] = plain(value)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("headers of Studio's page (-weft web +%s):\n%s", tt.file, d)
			}
		})
	}
}
