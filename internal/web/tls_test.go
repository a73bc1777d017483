package web

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// encryptedServer has a certificate that expires when told.
func encryptedServer(t *testing.T, change func(*Config)) (*running, *authority) {
	ca := newAuthority(t)
	cert, key := ca.issue("front", 1, future())
	return serve(t, func(c *Config) {
		c.CertFile, c.KeyFile = cert, key
		if change != nil {
			change(c)
		}
	}), ca
}

func (r *running) getEncrypted(t *testing.T, ca *authority, path string, h2 bool) (*http.Response, string) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: ca.tls(), ForceAttemptHTTP2: h2, DisableKeepAlives: true}
	client := http.Client{Transport: transport, Timeout: patience}
	resp, err := client.Get("https://" + r.addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp, string(body)
}

func TestEncryptedPages(t *testing.T) {
	s, ca := encryptedServer(t, func(c *Config) { c.Proxy = true })
	for _, h2 := range []bool{false, true} {
		resp, body := s.getEncrypted(t, ca, "/app/", h2)
		if resp.StatusCode != http.StatusOK || (resp.ProtoMajor == 2) != h2 || !strings.HasPrefix(body, "<meta") {
			t.Errorf("%s %d %s", resp.Proto, resp.StatusCode, body)
		}
		if got := resp.Header.Get("Strict-Transport-Security"); got != "max-age=63072000" {
			t.Errorf("HSTS %q", got)
		}
		if got := resp.Header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'self' wss://"+s.addr+";") {
			t.Error(got)
		}
	}
	if resp, _ := s.getEncrypted(t, ca, "/app/none.js", true); resp.StatusCode != http.StatusNotFound {
		t.Error(resp.StatusCode)
	}
}

func TestPlainPortOnlyRedirects(t *testing.T) {
	s, _ := encryptedServer(t, nil)
	plain := &running{Server: s.Server, addr: s.Addrs()[1].String()}
	_, port, _ := strings.Cut(s.addr, ":")
	for path, want := range map[string]string{
		"/app/": "https://127.0.0.1:" + port + "/app/", "/app?a=b": "https://127.0.0.1:" + port + "/app?a=b",
		"/healthz": "https://127.0.0.1:" + port + "/healthz", "/ws": "https://127.0.0.1:" + port + "/ws",
	} {
		resp, body := plain.get(t, "GET", path)
		if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusPermanentRedirect || got != want || body != "" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, got)
		}
	}
	for host, want := range map[string]int{"weft.example": 308, "[2001:db8::7]:80": 308, "a@b": 400, "a/b": 400} {
		answer := raw(t, plain.addr, "GET /x HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
		if got := status(t, answer); got != want || strings.Contains(answer, "Strict-Transport") {
			t.Errorf("%s: %q", host, answer)
		}
	}
}

// What is offered is Mozilla's intermediate: no version below 1.2, no CBC, no
// key exchange by RSA.
func TestOldEncryptionIsRefused(t *testing.T) {
	s, ca := encryptedServer(t, nil)
	try := func(c *tls.Config) error {
		conn := tls.Client(dial(t, s.addr), c)
		defer conn.Close()
		return conn.Handshake()
	}
	if err := try(ca.tls()); err != nil {
		t.Fatal(err)
	}
	old := ca.tls()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if try(old) == nil {
		t.Error("TLS 1.1 is taken")
	}
	weak := slices.Concat(tls.InsecureCipherSuites(), tls.CipherSuites())
	for _, suite := range weak {
		if strings.HasPrefix(suite.Name, "TLS_ECDHE") && !strings.Contains(suite.Name, "_CBC_") && !strings.Contains(suite.Name, "RC4") || slices.Contains(suite.SupportedVersions, tls.VersionTLS13) {
			continue
		}
		c := ca.tls()
		c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{suite.ID}
		if try(c) == nil {
			t.Errorf("%s is taken", suite.Name)
		}
	}
}

// A new certificate is taken without dropping a connection; a bad one is not
// taken.
func TestCertificateReload(t *testing.T) {
	var log logged
	s, ca := encryptedServer(t, func(c *Config) { c.Log = log.logger() })
	serial := func() int64 {
		c := tls.Client(dial(t, s.addr), ca.tls())
		defer c.Close()
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	old := tls.Client(dial(t, s.addr), ca.tls("http/1.1"))
	defer old.Close()
	if err := old.Handshake(); err != nil || serial() != 1 {
		t.Fatal(err)
	}
	ca.issue("front", 2, future())
	s.Reload()
	eventually(t, "the new certificate", func() bool { return serial() == 2 })
	ca.issue("other", 3, future())
	for name, spoil := range map[string]func(){
		"key of another": func() { copyFile(t, ca.Dir+"/other.key", ca.Dir+"/front.key") },
		"expired":        func() { ca.issue("front", 4, past()) },
		"missing":        func() { os.Remove(ca.Dir + "/front.pem") },
	} {
		before := strings.Count(log.String(), "the old one stays")
		spoil()
		s.Reload()
		eventually(t, "a warning: "+name, func() bool { return strings.Count(log.String(), "the old one stays") > before })
		if got := serial(); got != 2 {
			t.Errorf("%s: certificate %d is in use", name, got)
		}
	}
	_, _ = io.WriteString(old, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if answer, _ := io.ReadAll(old); status(t, string(answer)) != 200 {
		t.Errorf("%q", answer)
	}
	ca.issue("front", 5, time.Now().Add(24*time.Hour))
	s.Reload()
	eventually(t, "the last certificate", func() bool { return serial() == 5 })
	if _, body := s.getEncrypted(t, ca, "/healthz", false); !strings.Contains(body, "expires within 14 days") {
		t.Error(body)
	}
	if !strings.Contains(log.String(), "the certificate expires soon") {
		t.Error(log.String())
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Somebody who speaks no TLS, or stops in the middle of a handshake, keeps
// nobody out and is cut.
func TestStrangeHandshakes(t *testing.T) {
	t.Parallel()
	s, ca := encryptedServer(t, nil)
	silent := dial(t, s.addr)
	defer silent.Close()
	if answer := raw(t, s.addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); strings.Contains(answer, "200") {
		t.Errorf("%q", answer)
	}
	if resp, _ := s.getEncrypted(t, ca, "/healthz", false); resp.StatusCode != http.StatusOK {
		t.Error(resp.StatusCode)
	}
	start := time.Now()
	if _, err := io.Copy(io.Discard, silent); err != nil && time.Since(start) > handshakeIn+3*time.Second {
		t.Error(err)
	}
}

// A panic in a handshake ends that connection alone.
func TestHandshakeThatPanics(t *testing.T) {
	s, _ := encryptedServer(t, nil)
	ours, theirs := net.Pipe()
	defer theirs.Close()
	ended := make(chan error, 1)
	go func() { ended <- tls.Client(theirs, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
	config := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { panic("a certificate like none") }}
	peer := netip.MustParseAddr("192.0.2.1")
	s.handshake(&countedConn{Conn: ours, slot: s.clients.enter(ours, peer)}, config, peer, newQueue(ours.LocalAddr()))
	if err := <-ended; err == nil {
		t.Error("it went well")
	}
	s.clients.mu.Lock()
	defer s.clients.mu.Unlock()
	if who := s.clients.by[clientKey(peer)]; who != nil {
		t.Errorf("%d connections are still counted", who.conns)
	}
}
