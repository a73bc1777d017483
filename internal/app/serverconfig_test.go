package app

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
)

// Every key, its default and its comment, in both languages.
func TestPrintConfig(t *testing.T) {
	for _, lang := range []string{"en", "ru"} {
		var b bytes.Buffer
		if err := config.Print(&b, &ServerConfig{}, config.Sources{Prefix: "WEFT_SERVER_"}, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/server."+lang+".toml", b.String())
	}
}

// The same of an Integrator, with a Server as it stands in a file that names
// nothing of it.
func TestPrintIntegratorConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "integrator.toml")
	if err := os.WriteFile(file, []byte("[[servers]]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ru"} {
		var b bytes.Buffer
		if err := config.Print(&b, &IntegratorConfig{}, config.Sources{Prefix: "WEFT_INTEGRATOR_", File: file}, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/integrator."+lang+".toml", b.String())
	}
}

// Each key can be set by file, environment and flag, and reaches its field.
func TestKeysAreSet(t *testing.T) {
	initial := DefaultServer()
	for _, f := range config.Fields(&initial) {
		value := map[string]string{"true": "false", "false": "true"}[f.Default()]
		switch {
		case value != "":
		case f.Path == "log.level":
			value = "debug"
		case f.Path == "log.format":
			value = "json"
		case f.Path == "websocket.origins":
			value = "https://a.example,http://b.example:8000"
		case f.Path == "websocket.host_names":
			value = "a.example"
		case f.Path == "websocket.trusted_proxies":
			value = "10.0.0.0/8"
		case strings.HasPrefix(f.Path, "listen."):
			value = "127.0.0.1:999"
		case strings.HasPrefix(f.Default(), `"`) && strings.ContainsAny(f.Default(), "0123456789"):
			value = "77m" // a length of time
		case strings.HasPrefix(f.Default(), `"`):
			value = "/x"
		default:
			value = "77"
		}
		for _, src := range []config.Sources{
			{Prefix: "WEFT_SERVER_", Env: []string{f.Env("WEFT_SERVER_") + "=" + value}},
			{Flags: map[string]string{f.Flag(): value}},
		} {
			c := DefaultServer()
			if err := config.Load(&c, src); err != nil {
				t.Errorf("%s: %v", f.Path, err)
			}
			var was, is bytes.Buffer
			if err := errors.Join(config.Print(&was, &ServerConfig{}, config.Sources{}, "en"), config.Print(&is, &ServerConfig{}, src, "en")); err != nil {
				t.Fatal(err)
			}
			if was.String() == is.String() {
				t.Errorf("%s: nothing changed", f.Path)
			}
		}
	}
}

func TestConfigRefusals(t *testing.T) {
	ca := newAuthority(t)
	cert, key := ca.issue("good", "weft.example", 2, time.Now().Add(time.Hour))
	old, oldKey := ca.issue("old", "weft.example", 3, time.Now().Add(-time.Minute))
	empty := filepath.Join(t.TempDir(), "empty.pem")
	file := filepath.Join(t.TempDir(), "file")
	for _, f := range []string{empty, file} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	encrypted := func(c *ServerConfig) { c.CertFile, c.KeyFile, c.WSS = cert, key, "127.0.0.1:0" }
	tests := []struct {
		name   string
		change func(*ServerConfig)
		id     string
		says   []string // what the message names
	}{
		{"half a certificate", func(c *ServerConfig) { c.CertFile = cert }, "certificate.half", []string{"tls.key_file"}},
		{"the other half", func(c *ServerConfig) { c.KeyFile = key }, "certificate.half", []string{"tls.cert_file"}},
		{"no such certificate", func(c *ServerConfig) { encrypted(c); c.CertFile = "none.pem" }, "certificate.bad", []string{"none.pem"}},
		{"a key of another", func(c *ServerConfig) { encrypted(c); c.KeyFile = oldKey }, "certificate.bad", []string{"tls.key_file"}},
		{"an old certificate", func(c *ServerConfig) { encrypted(c); c.CertFile, c.KeyFile = old, oldKey }, "certificate.bad", []string{"expired"}},
		{"encrypted gRPC without one", func(c *ServerConfig) { c.TCPTLS = true }, "app.tcp_no_cert", []string{"tcp.tls", "tls.cert_file"}},
		{"plain gRPC everywhere", func(c *ServerConfig) { c.TCP = ":0" }, "app.tcp_plain", []string{"listen.tcp", "tcp.tls", "tcp.allow_plain"}},
		{"plain gRPC everywhere, encrypted websocket", func(c *ServerConfig) { encrypted(c); c.TCP = "0.0.0.0:0" }, "app.tcp_plain", nil},
		{"callers' certificates without encryption", func(c *ServerConfig) { encrypted(c); c.ClientCAFile = ca.File }, "app.client_ca_without_tls", []string{"tcp.client_ca_file"}},
		{"no authorities", func(c *ServerConfig) { encrypted(c); c.TCPTLS, c.ClientCAFile = true, "none.pem" }, "certificate.authorities", []string{"tcp.client_ca_file"}},
		{"empty authorities", func(c *ServerConfig) { encrypted(c); c.TCPTLS, c.ClientCAFile = true, empty }, "certificate.authorities", nil},
		{"no websocket", func(c *ServerConfig) { c.WS = "" }, "app.nowhere_to_listen", nil},
		{"no encrypted websocket", func(c *ServerConfig) { encrypted(c); c.WSS = "" }, "app.nowhere_to_listen", nil},
		{"a taken port", func(c *ServerConfig) { c.WS = taken.Addr().String() }, "port.cannot_listen", []string{"listen.ws", taken.Addr().String()}},
		{"a taken port of gRPC", func(c *ServerConfig) { c.TCP = taken.Addr().String() }, "port.cannot_listen", []string{"listen.tcp"}},
		{"no address of ours", func(c *ServerConfig) { c.WS = "192.0.2.1:0" }, "port.cannot_listen", []string{"listen.ws"}},
		{"a file for a data folder", func(c *ServerConfig) { c.Data = file }, "app.data_folder", []string{file, "data.folder"}},
		{"a data folder below a file", func(c *ServerConfig) { c.Data = filepath.Join(file, "data") }, "app.data_folder", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := DefaultServer()
			c.WS, c.TCP, c.Data = "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
			tt.change(&c)
			s, err := NewServer(t.Context(), c)
			if err == nil {
				t.Fatal("it starts", s.Close())
			}
			e := errs.All(err)[0]
			if e.Message.ID != tt.id {
				t.Error(err)
			}
			for _, word := range tt.says {
				if !strings.Contains(e.Text("en"), word) {
					t.Errorf("%q does not name %s", e.Text("en"), word)
				}
			}
			if _, err := os.Stat(filepath.Join(c.Data, FirstPasswords)); err == nil {
				t.Error("passwords were made for a Server that does not start")
			}
		})
	}
}

func TestValueRefusals(t *testing.T) {
	bad := map[string][]string{
		"listen-ws":                 {"8080", "http://x:1", "host"},
		"listen-tcp":                {"4580"},
		"websocket-origins":         {"example.org", "ftp://example.org", "http://example.org/", "http://a@b", "http://*.example.org", "null"},
		"websocket-host-names":      {"http://x", "a b", "x:80"},
		"websocket-trusted-proxies": {"host", "10.0.0.0/40"},
		"log-level":                 {"loud"}, "log-format": {"xml"},
		"accounts-session-idle": {"1s", "soon"}, "limits-runs": {"-1", "many"}, "limits-run-time": {"0s"},
	}
	for flag, values := range bad {
		for _, v := range values {
			c := DefaultServer()
			err := config.Load(&c, config.Sources{Flags: map[string]string{flag: v}})
			if errs.KindOf(err) != errs.Invalid || err == nil {
				t.Errorf("--%s %s: %v", flag, v, err)
			}
		}
	}
}

// What is allowed and dangerous is told at each start.
func TestPlainWarning(t *testing.T) {
	var log bytes.Buffer
	s := startServer(t, func(c *ServerConfig) {
		c.TCP, c.TCPPlain, c.Log = ":0", true, slog.New(slog.NewTextHandler(&log, nil))
	})
	s.stop()
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "tcp.allow_plain") {
		t.Error(log.String())
	}
}

// Two Servers never share a data folder.
func TestDataFolderIsTaken(t *testing.T) {
	s := startServer(t)
	c := DefaultServer()
	c.WS, c.TCP, c.Data = "127.0.0.1:0", "127.0.0.1:0", s.Folder()
	_, err := NewServer(t.Context(), c)
	if e := errs.All(err); len(e) == 0 || e[0].Message.ID != "app.data_taken" {
		t.Error(err)
	}
	for name, mode := range map[string]os.FileMode{"": 0o700, "weft.db": 0o600, FirstPasswords: 0o600, "uploads": 0o700, "workspace": 0o700, "journals": 0o700, "runs": 0o700} {
		info, err := os.Stat(filepath.Join(s.Folder(), name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v, want %v", name, info.Mode().Perm(), err, mode)
		}
	}
}
