package doctor

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/weftworks/weft/internal/certificate/certificatetest"
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
type authority struct{ *certificatetest.Authority }

func newAuthority(t testing.TB) *authority { return &authority{certificatetest.New(t)} }

// issue writes a certificate for a host, valid until a time, and its key.
func (a *authority) issue(host string, until time.Time) (certFile, keyFile string, pair tls.Certificate) {
	o := certificatetest.Order{Name: "doctor", Hosts: []string{host}, Until: until}
	pair = a.Pair(o)
	return filepath.Join(a.Dir, "doctor.pem"), filepath.Join(a.Dir, "doctor.key"), pair
}
