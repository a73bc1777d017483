package integrator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
)

// What an Integrator can't start with is told at once, with the key.
func TestRefusedConfigurations(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := func(change func(*ServerConfig)) func(*Config) {
		return func(c *Config) {
			s := ServerConfig{Address: "localhost", Port: 4580, User: "service", Token: "x"}
			change(&s)
			c.Servers = []ServerConfig{s}
		}
	}
	for name, tt := range map[string]struct {
		change   func(*Config)
		id, says string
	}{
		"no Server":             {func(*Config) {}, "integrator.no_servers", "[[servers]]"},
		"no token":              {one(func(s *ServerConfig) { s.Token = "" }), "integrator.no_token", "token_file"},
		"an empty token file":   {one(func(s *ServerConfig) { s.TokenFile = empty }), "integrator.token_file", empty},
		"a missing token file":  {one(func(s *ServerConfig) { s.TokenFile = dir + "/none" }), "integrator.token_file", dir + "/none"},
		"an authority, but tls": {one(func(s *ServerConfig) { s.CAFile = empty }), "integrator.tls_off", "localhost:4580"},
		"a missing authority":   {one(func(s *ServerConfig) { s.TLS, s.CAFile = true, dir+"/none" }), "certificate.authorities", "servers.ca_file"},
		"a missing own key":     {one(func(s *ServerConfig) { s.TLS, s.CertFile = true, dir+"/none" }), "certificate.half", "servers.key_file"},
		"one good, one of wrong": {func(c *Config) {
			one(func(*ServerConfig) {})(c)
			c.Servers = append(c.Servers, ServerConfig{Address: "b", Port: 1})
		}, "integrator.no_token", "b:1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := Defaults()
			tt.change(&c)
			in, err := New(c)
			if err == nil {
				t.Fatal("it starts", in.Close())
			}
			e := errs.All(err)[0]
			if e.Message.ID != tt.id || !strings.Contains(e.Text("en"), tt.says) || !strings.Contains(e.Text("ru"), tt.says) {
				t.Errorf("%s: %s", e.Message.ID, e.Text("en"))
			}
		})
	}
}

func TestBadValues(t *testing.T) {
	for text, want := range map[string]string{
		"[[servers]]\nport = 0":                     "from 1 to 65535",
		"[[servers]]\nprot = 1":                     "Did you mean servers[0].port?",
		"[callers]\norigins = [\"a.example\"]":      "a.example is no origin",
		"[limits]\nbody_bytes = 1":                  "body_bytes must be a whole number",
		"[limits]\ntimeout = \"1ms\"":               "limits.timeout",
		"[callers]\nopen = \"yes\"":                 "callers.open must be true or false",
		"[[servers]]\nreserved = 1":                 "reserved must be true or false",
		"[servers]\naddress = \"a\"":                "servers",
		"[[servers]]\naddress = \"a\"\naddress = 1": "address",
	} {
		file := filepath.Join(t.TempDir(), "integrator.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := config.Load(&Config{}, config.Sources{File: file})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "integrator.toml:") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
