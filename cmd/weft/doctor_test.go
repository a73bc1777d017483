package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/assets"
	"github.com/weftworks/weft/internal/certificate/certificatetest"
)

// withStudio skips a test in a program that was built without Studio.
func withStudio(t *testing.T) {
	t.Helper()
	if assets.Studio() == nil {
		t.Skip("this test binary holds no Studio: make build makes it")
	}
}

// way is what stands between a browser and a Server, as processes of their own.
type way struct {
	t     *testing.T
	s     sandbox
	ca    *certificatetest.Authority
	plain string // port of a Server's websocket without encryption
	tls   string // and of one with a certificate of localhost
}

func newWay(t *testing.T) *way {
	t.Helper()
	w := &way{t: t, s: newSandbox(t, install(t)), ca: certificatetest.New(t)}
	server := func(args ...string) string {
		p := w.s.started(t, append([]string{"server", "--listen-tcp", anyPort}, args...)...)
		_, port, _ := strings.Cut(p.find(&p.err, `listening for websockets" address=(\S+)`), ":")
		return port
	}
	w.plain = server("--listen-ws", anyPort, "--data-folder", "plain")
	cert, key := w.ca.Issue(certificatetest.Order{})
	w.tls = server("--listen-wss", anyPort, "--tls-cert-file", cert, "--tls-key-file", key, "--data-folder", "encrypted")
	return w
}

// web starts a web server and returns the address of its page by a host.
func (w *way) web(host string, args ...string) string {
	w.t.Helper()
	p := w.s.started(w.t, append([]string{"web", "--listen-http", anyPort, "--listen-https", anyPort}, args...)...)
	_, port, _ := strings.Cut(p.find(&p.err, `listening address=(\S+)`), ":")
	scheme := "http"
	for _, a := range args {
		if a == "--tls-cert-file" {
			scheme = "https"
		}
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/app/"
}

// certificate issues one, as flags of a web server.
func (w *way) certificate(a *certificatetest.Authority, hosts ...string) []string {
	cert, key := a.Issue(certificatetest.Order{Hosts: hosts})
	return []string{"--tls-cert-file", cert, "--tls-key-file", key}
}

// file is a server.json of an administrator's own.
func (w *way) file(text string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "server.json")
	check(w.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// expired is an encrypted port whose certificate has expired, which none of
// Weft's own would start with.
func (w *way) expired() string {
	w.t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{w.ca.Pair(certificatetest.Order{Until: time.Now().Add(-time.Minute)})}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	w.t.Cleanup(s.Close)
	_, port, _ := strings.Cut(s.Listener.Addr().String(), ":")
	return port
}

// unused is a port on which nothing listens.
func unused(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", anyPort)
	check(t, err)
	defer l.Close()
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	return port
}

// examine runs weft doctor and returns its exit code with what it says.
func (w *way) examine(page string, args ...string) (int, string) {
	w.t.Helper()
	cmd := exec.Command(filepath.Join(w.s.bin, "weft"), append([]string{"doctor", page, "--ca-file", w.ca.File}, args...)...)
	cmd.Env = w.s.command("").Env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		w.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// weft doctor finds each fault that can be, on real components: it goes step
// by step up to the fault, names the key to change, and exits with 1; where all
// is well it comes to the end, and exits with 0.
func TestDoctor(t *testing.T) {
	withStudio(t)
	w := newWay(t)
	other := certificatetest.New(t)
	own := w.certificate(w.ca, "localhost", "127.0.0.1")
	files := w.exported()
	const plain, refused = "127.0.0.1", "localhost" // the Server is 127.0.0.1 to its web server
	for _, tt := range []struct {
		name   string
		page   func() string
		passed int    // steps that are all right
		keys   string // to change; empty: all is well
		says   string
	}{
		{"straight to the Server", func() string { return w.web(plain, "--server-port", w.plain) }, 7, "", "asks to sign in"},
		{"through the proxy", func() string { return w.web("localhost", "--proxy-enabled", "--server-port", w.plain) }, 7, "", "/ws/"},
		{"all encrypted", func() string { return w.web("localhost", append(own, "--server-tls", "--server-port", w.tls)...) }, 11, "", "wss://localhost"},
		{"encrypted, through the proxy", func() string {
			return w.web("localhost", append(own, "--proxy-enabled", "--server-tls", "--server-host", "localhost", "--server-ca-file", w.ca.File, "--server-port", w.tls)...)
		}, 8, "", "wss://localhost"},
		{"nothing listens", func() string { return "http://127.0.0.1:" + unused(t) + "/app/" }, 0, "listen.http", "Nothing listens on"},
		{"no Studio", func() string { return strings.Replace(w.web(plain), "/app/", "/studio/", 1) }, 1, "listen.http, listen.https", "the answer is 404"},
		{"no server.json", func() string { return files("") }, 2, "studio.server_json", "the answer is 404"},
		{"a broken server.json", func() string { return w.web(plain, "--studio-server-json", w.file(`{"wsport": `)) }, 2, "server.json", "JSON"},
		{"a wrong key in it", func() string { return w.web(plain, "--studio-server-json", w.file(`{"wsprot": 1}`)) }, 2, "wsprot", "wsprot"},
		{"a wrong port in it", func() string { return files(`{"wsport": 70000}`) }, 2, "wsport", "wsport"},
		{"Server down", func() string { return w.web(plain, "--server-port", unused(t)) }, 4, "listen.ws", "Nothing listens on"},
		{"Server down behind the proxy", func() string { return w.web(plain, "--proxy-enabled", "--server-port", unused(t)) }, 4, "listen.ws, listen.wss", "(502)"},
		{"proxy off", func() string { return w.web(plain, "--studio-server-json", w.file(`{"wsproxy": true}`)) }, 4, "proxy.enabled", "proxy is off"},
		{"origin refused", func() string { return w.web(refused, "--server-host", plain, "--server-port", w.plain) }, 6, "websocket.origins, websocket.host_names", "(403)"},
		{"origin refused behind the proxy", func() string {
			return w.web(refused, "--proxy-enabled", "--server-host", plain, "--server-port", w.plain)
		}, 5, "websocket.trusted_proxies", "(403)"},
		{"an encrypted page, a plain Server", func() string { return w.web("localhost", append(own, "--server-port", w.plain)...) }, 5, "proxy.enabled", "encryption"},
		{"untrusted certificate", func() string { return w.web("localhost", w.certificate(other)...) }, 2, "tls.cert_file, tls.key_file", "whom this machine does not believe"},
		{"a certificate of another name", func() string { return w.web("localhost", w.certificate(w.ca, "weft.example")...) }, 2, "tls.cert_file, tls.key_file", "is for weft.example, not for localhost"},
		{"an expired certificate", func() string { return "https://localhost:" + w.expired() + "/app/" }, 2, "tls.cert_file, tls.key_file", "and so not now"},
		{"untrusted certificate of the Server", func() string {
			cert := w.certificate(other)
			p := w.s.started(t, append([]string{"server", "--listen-tcp", anyPort, "--listen-wss", anyPort, "--data-folder", "untrusted"}, cert...)...)
			_, port, _ := strings.Cut(p.find(&p.err, `listening for websockets" address=(\S+)`), ":")
			return w.web(plain, "--server-tls", "--server-port", port)
		}, 5, "tls.cert_file, tls.key_file", "whom this machine does not believe"},
		{"an expired certificate of the Server", func() string { return w.web(plain, "--server-tls", "--server-port", w.expired()) }, 5, "tls.cert_file, tls.key_file", "and so not now"},
		{"an encrypted Server told to be plain", func() string { return w.web(plain, "--server-port", w.tls) }, 5, "server.tls", "is encrypted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, said := w.examine(tt.page())
			want := 1
			if tt.keys == "" {
				want = 0
			}
			if code != want || strings.Count(said, "\n✓ ") != tt.passed || strings.Count(said, "\n✗ ") != want ||
				!strings.Contains(said, tt.keys) || !strings.Contains(said, tt.says) {
				t.Errorf("exit %d, %d steps\n%s", code, strings.Count(said, "\n✓ "), said)
			}
		})
	}
	t.Run("in Russian", func(t *testing.T) {
		code, said := w.examine(w.web(plain, "--studio-server-json", w.file(`{"wsproxy": true}`)), "--lang", "ru")
		if code != 1 || !strings.Contains(said, "Прокси веб-сервера отключён") || !strings.Contains(said, "proxy.enabled") {
			t.Errorf("exit %d\n%s", code, said)
		}
	})
}

// exported writes Studio out and serves it as any web server would, below
// /app/, with a server.json of a text; without one there is none.
func (w *way) exported() func(serverJSON string) string {
	w.t.Helper()
	out, err := w.s.command("weft studio export studio").CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	files := http.FileServerFS(os.DirFS(filepath.Join(w.s.dir, "studio")))
	return func(serverJSON string) string {
		mux := http.NewServeMux()
		mux.Handle("/app/", http.StripPrefix("/app", files))
		mux.HandleFunc("/app/server.json", func(rw http.ResponseWriter, r *http.Request) {
			if serverJSON == "" {
				http.NotFound(rw, r)
				return
			}
			http.ServeContent(rw, r, "server.json", time.Time{}, strings.NewReader(serverJSON))
		})
		s := httptest.NewServer(mux)
		w.t.Cleanup(s.Close)
		return s.URL + "/app/"
	}
}
