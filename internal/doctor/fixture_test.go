package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/web"
)

func TestMain(m *testing.M) { leak.Main(m) }

// nobody lets nobody in.
type nobody struct{}

var msgNobody = errs.Message{ID: "doctor.test_nobody", En: "Sign in.", Ru: "Войдите."}

func (nobody) Authenticate(context.Context, rpc.Credentials) (rpc.Signed, error) {
	return rpc.Signed{}, errs.New(errs.Denied, msgNobody, nil)
}

func (nobody) Present(context.Context, rpc.Caller) (rpc.Caller, error) {
	return rpc.Caller{}, errs.New(errs.Denied, msgNobody, nil)
}

func (nobody) Over(_ context.Context, sessions []string) ([]string, error) { return sessions, nil }

// startServer runs a real Server's websocket until the test ends, and returns
// its port.
func startServer(t testing.TB, config *tls.Config, origins rpc.Origins) int {
	t.Helper()
	l := listen(t)
	port := portFrom(l.Addr())
	if config != nil {
		l = tls.NewListener(l, config)
	}
	s := rpc.New(rpc.Config{Auth: nobody{}, Origins: origins, Version: "test"})
	done := make(chan error, 1)
	go func() { done <- s.ServeWeb(l, s) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return port
}

// startWeb runs a real web server until the test ends, and returns the address
// of Studio's page.
func startWeb(t testing.TB, change func(*web.Config)) string {
	t.Helper()
	c := web.Defaults()
	c.HTTP, c.HTTPS, c.Grace = "127.0.0.1:0", "127.0.0.1:0", 10*time.Millisecond
	c.Studio = fstest.MapFS{"index.html": {Data: []byte(`<title>Weft</title><script type="module"></script>`)}}
	change(&c)
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	scheme := "http://"
	if c.CertFile != "" {
		scheme = "https://"
	}
	return scheme + s.Addrs()[0].String() + "/app/"
}

// answering is any other web server.
func answering(t testing.TB, h http.HandlerFunc) int {
	t.Helper()
	l := listen(t)
	s := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close(); <-done })
	return portFrom(l.Addr())
}

// speaking greets every connection with a text, as SSH does.
func speaking(t testing.TB, text string) int {
	t.Helper()
	l := listen(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, text)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return portFrom(l.Addr())
}

// unused is a port on which nothing listens.
func unused(t testing.TB) int {
	t.Helper()
	l := listen(t)
	defer l.Close()
	return portFrom(l.Addr())
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func portFrom(a net.Addr) int { return a.(*net.TCPAddr).Port }

// authority issues certificates.
type authority struct {
	t    testing.TB
	dir  string
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	a := &authority{t: t, dir: t.TempDir(), pool: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.key = a.sign(template)
	a.pool.AddCert(a.cert)
	return a
}

// sign makes a certificate; the authority's own, as long as it has none.
func (a *authority) sign(template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	parent, by := a.cert, a.key
	if parent == nil {
		parent, by = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

// issue writes a certificate for a host, valid until a time, and its key.
func (a *authority) issue(host string, until time.Time) (certFile, keyFile string, pair tls.Certificate) {
	template := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: until}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	cert, key := a.sign(template)
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	certFile, keyFile = a.write("cert.pem", "CERTIFICATE", cert.Raw), a.write("key.pem", "EC PRIVATE KEY", der)
	return certFile, keyFile, tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

func (a *authority) write(name, kind string, der []byte) string {
	path := filepath.Join(a.t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}
