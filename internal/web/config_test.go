package web

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestBadValuesAreRefusedAtTheirPlace(t *testing.T) {
	cases := map[string]string{
		"[listen]\nhttp = \"80\"":              `web.toml:2:1: setting listen.http: 80 is no address to listen on.`,
		"[listen]\nhttps = \"a b:1\"":          `a b:1 is no address to listen on.`,
		"[listen]\nhttp = \":http://\"":        `is no address to listen on.`,
		"[server]\nhost = \"http://a\"":        `http://a is no host name and no IP address.`,
		"[server]\nport = 70000":               `server.port must be a whole number from 0 to 65535; here it is 70000.`,
		"[proxy]\npath = \"app/\"":             `app/ is no path for the proxy.`,
		"[proxy]\npath = \"../ws\"":            `../ws is no path for the proxy.`,
		"[proxy]\nenable = true":               `web.toml:2:1: There is no key proxy.enable. Did you mean proxy.enabled?`,
		"[limits]\ntrusted_proxies = [\"a\"]":  `a is neither an IP address nor a network`,
		"[limits]\nconnections_per_client = 0": `must be a whole number from 1 to 1048576; here it is 0.`,
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "web.toml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := config.Load(&Config{}, config.Sources{File: path})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// The file that --print-config shows is there to be read in a review, and is
// a configuration itself.
func TestPrintedConfiguration(t *testing.T) {
	for _, lang := range []string{"en", "ru"} {
		var text strings.Builder
		if err := config.Print(&text, &Config{}, config.Sources{Prefix: "WEFT_WEB_"}, lang); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "web."+lang+".toml")
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != text.String() {
			t.Errorf("%s differs (-update rewrites it):\n%s", path, text.String())
		}
		if err := config.Load(&Config{}, config.Sources{File: path}); err != nil {
			t.Error(err)
		}
	}
}
