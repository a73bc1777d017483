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
// the headers that this one gives it, the policy among them: nginx to the
// letter, Apache with styles allowed for want of a nonce.
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
	nonce := regexp.MustCompile(`'nonce-[^']*'`)
	for file, line := range map[string]string{
		"nginx.conf":  `(?m)^ *add_header (\S+) (?:"([^"]*)"|(\S+)) always;$`,
		"apache.conf": `(?m)^ *Header always set (\S+) (?:"([^"]*)"|(\S+))$`,
	} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile("../../docs/admin/" + file)
			if err != nil {
				t.Fatal(err)
			}
			page := string(text)
			if i := strings.Index(page, "location = /app/server.json"); i > 0 {
				page = page[strings.Index(page, "location = /app/index.html"):i]
			}
			page, _, _ = strings.Cut(page, `<Location "/app/server.json">`)
			got := map[string]string{}
			for _, m := range regexp.MustCompile(line).FindAllStringSubmatch(page, -1) {
				got[m[1]] = strings.ReplaceAll(nonce.ReplaceAllString(m[2]+m[3], "'nonce'"), "'unsafe-inline'", "'nonce'")
			}
			want := map[string]string{}
			for name, value := range own {
				want[name] = strings.ReplaceAll(nonce.ReplaceAllString(value, "'nonce'"), ":443", "")
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("headers of Studio's page (-weft web +%s):\n%s", file, d)
			}
		})
	}
}
