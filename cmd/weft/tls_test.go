package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/weftworks/weft/internal/certificate/certificatetest"
)

// tcpServer is a Server as a process of its own, with what a program needs to
// call it over TCP.
type tcpServer struct {
	*process
	address, port, token string
}

// serverAt starts a Server over a workspace.
func (s sandbox) serverAt(t *testing.T, folder string, files map[string]string, args ...string) tcpServer {
	t.Helper()
	for name, text := range files {
		put(t, filepath.Join(s.dir, folder, "workspace"), name, text)
	}
	p := s.started(t, append([]string{"server", "--listen-ws", anyPort, "--listen-wss", anyPort, "--listen-tcp", anyPort, "--data-folder", folder}, args...)...)
	out := tcpServer{process: p, address: p.find(&p.err, `listening for gRPC" address=(\S+)`), token: p.find(&p.out, `(?m)^  service +(\S+)$`)}
	_, out.port, _ = strings.Cut(out.address, ":")
	return out
}

// encryptedServers are a Server with a certificate, one that asks its callers
// for theirs, and one in plain text, all of one authority.
func encryptedServers(t *testing.T, s sandbox, ca *certificatetest.Authority) (encrypted, mutual, plain tcpServer) {
	t.Helper()
	cert, key := ca.Issue(certificatetest.Order{Hosts: []string{"localhost"}})
	own := []string{"--tcp-tls", "--tls-cert-file", cert, "--tls-key-file", key}
	encrypted = s.serverAt(t, "encrypted", delaysFiles(), own...)
	mutual = s.serverAt(t, "mutual", delaysFiles(), append(own, "--tcp-client-ca-file", ca.File)...)
	return encrypted, mutual, s.serverAt(t, "plain", delaysFiles())
}

// The batch launcher over TLS and mutual TLS: what it believes, what it shows,
// and what it says where one of both does not do.
func TestBatchOverTLS(t *testing.T) {
	ca, other := certificatetest.New(t), certificatetest.New(t)
	bin := install(t)
	s := newSandbox(t, bin)
	encrypted, mutual, plain := encryptedServers(t, s, ca)
	cert, key := ca.Issue(certificatetest.Order{Hosts: []string{"launcher"}})
	foreign, foreignKey := other.Issue(certificatetest.Order{Hosts: []string{"launcher"}})
	believing := []string{"--tls", "--ca-file", ca.File}
	with := func(more ...string) []string { return append(believing[:2:2], append([]string{ca.File}, more...)...) }
	for _, tt := range []struct {
		name   string
		server tcpServer
		host   string // of the address; empty: localhost
		args   []string
		code   int
		told   string
	}{
		{"encrypted", encrypted, "", with(), 0, ""},
		{"no authority", encrypted, "", []string{"--tls"}, 6, "its certificate is not trusted (--ca-file names the authority)"},
		{"another authority", encrypted, "", []string{"--tls", "--ca-file", other.File}, 6, "its certificate is not trusted (--ca-file names the authority)"},
		{"another name", encrypted, "127.0.0.1", with(), 6, "its certificate is for another name"},
		{"in Russian", encrypted, "127.0.0.1", with("--lang", "ru"), 6, "его сертификат выдан на другое имя"},
		{"in plain text", encrypted, "", nil, 6, "one side encrypts and the other does not (--tls)"},
		{"to plain text", plain, "", with(), 6, "it does not encrypt (--tls)"},
		{"mutual", mutual, "", with("--cert-file", cert, "--key-file", key), 0, ""},
		{"no own certificate", mutual, "", with(), 7, "it asks for a certificate (--cert-file and --key-file)"},
		{"without, in Russian", mutual, "", with("--lang", "ru"), 7, "он требует сертификат (--cert-file и --key-file)"},
		{"own certificate of another authority", mutual, "", with("--cert-file", foreign, "--key-file", foreignKey), 7, "it does not take the certificate of --cert-file"},
		{"a bad token", encrypted, "", with("--user", "admin"), 7, "refuses"},
		{"no such authority", encrypted, "", []string{"--tls", "--ca-file", "none.pem"}, 3, "--ca-file (none.pem) holds no usable certificates: there is no file none.pem"},
		{"half a certificate", mutual, "", with("--cert-file", cert), 3, "--cert-file and --key-file are needed together; --key-file is empty"},
		{"the key of another", mutual, "", with("--cert-file", cert, "--key-file", foreignKey), 3, "the key is another certificate's"},
		{"files without --tls", encrypted, "", []string{"--ca-file", ca.File}, 2, "--tls"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host := "localhost"
			if tt.host != "" {
				host = tt.host
			}
			code, out, told := launch(t, bin, host+":"+tt.server.port, tt.server.token, append([]string{"user/delays.weft"}, tt.args...)...)
			if code != tt.code || !strings.Contains(told, tt.told) {
				t.Errorf("exit %d\n%s%s", code, out, told)
			}
		})
	}
}

// The Integrator over TLS and mutual TLS: it answers, or its log says why it
// calls no Server, and the caller hears 503.
func TestIntegratorOverTLS(t *testing.T) {
	ca, other := certificatetest.New(t), certificatetest.New(t)
	s := newSandbox(t, install(t))
	encrypted, mutual, plain := encryptedServers(t, s, ca)
	cert, key := ca.Issue(certificatetest.Order{Hosts: []string{"integrator"}})
	own := fmt.Sprintf("cert_file = %q\nkey_file = %q\n", cert, key)
	believed := func(a *certificatetest.Authority) string { return fmt.Sprintf("tls = true\nca_file = %q\n", a.File) }
	for _, tt := range []struct {
		name   string
		server tcpServer
		host   string
		keys   string
		log    string // why it is not called; empty: it is
	}{
		{"encrypted", encrypted, "localhost", believed(ca), ""},
		{"mutual", mutual, "localhost", believed(ca) + own, ""},
		{"another authority", encrypted, "localhost", believed(other), "its certificate is not trusted (servers.ca_file names the authority)"},
		{"another name", encrypted, "127.0.0.1", believed(ca), "its certificate is for another name"},
		{"no own certificate", mutual, "localhost", believed(ca), "it asks for a certificate (servers.cert_file and servers.key_file)"},
		{"to plain text", plain, "localhost", believed(ca), "it does not encrypt (servers.tls)"},
		{"in plain text", encrypted, "localhost", "", "one side encrypts and the other does not (servers.tls)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := fmt.Sprintf("[callers]\nopen = true\n[[servers]]\naddress = %q\nport = %s\ntoken = %q\n", tt.host, tt.server.port, tt.server.token) + tt.keys
			file := filepath.Join(t.TempDir(), "integrator.toml")
			check(t, os.WriteFile(file, []byte(text), 0o600))
			p := s.started(t, "integrator", "--config", file, "--listen-http", anyPort)
			web := "http://" + p.find(&p.err, `listening address=(\S+)`)
			status := 200
			if tt.log == "" {
				p.called()
			} else {
				p.find(&p.err, regexp.QuoteMeta(tt.log))
				status = 503
			}
			if got, _, body := asked(t, "POST", web+"/api/v1/delays/by_airport", oneFlight); got != status {
				t.Errorf("%d %s", got, body)
			}
			if got, _, body := asked(t, "GET", web+"/readyz", ""); got != status {
				t.Errorf("readyz: %d %s", got, body)
			}
			p.end(syscall.SIGTERM)
		})
	}
}
