package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/weftworks/weft/internal/certificate/certificatetest"
	"github.com/weftworks/weft/internal/leak"
)

func TestMain(m *testing.M) {
	if port := os.Getenv(benchPort); port != "" {
		serveForBenchmark(port)
		return
	}
	leak.Main(m)
}

// patience is how long a test waits for what is to come at once.
const patience = 20 * time.Second

// studioFiles stand in for Studio.
func studioFiles() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte(`<meta nonce="__WEFT_NONCE__"><script src="assets/a-1f.js"></script>`)},
		"assets/a-1f.js":        {Data: []byte("console.log('weft')")},
		"assets/a-1f.js.gz":     {Data: []byte("gzipped")},
		"assets/a-1f.js.br":     {Data: []byte("brotli")},
		"locales/ru.json":       {Data: []byte(`{}`)},
		"assets/font-77.woff2":  {Data: []byte("font")},
		"deep/er/thing.unknown": {Data: []byte("?")},
	}
}

// defaults is a configuration on free ports of loopback.
func defaults(change func(*Config)) Config {
	c := Defaults()
	c.HTTP, c.HTTPS = "127.0.0.1:0", "127.0.0.1:0"
	c.Studio = studioFiles()
	if change != nil {
		change(&c)
	}
	return c
}

// serve runs a web server until the test ends, and returns where it listens.
func serve(t testing.TB, change func(*Config)) *running {
	t.Helper()
	s, err := New(defaults(change))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{Server: s, addr: s.Addrs()[0].String(), stop: cancel, done: make(chan error, 1)}
	go func() { r.done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
		r.done <- nil
	})
	return r
}

type running struct {
	*Server
	addr string
	stop func()
	done chan error
}

// get asks as a browser would; redirects are not followed.
func (r *running) get(t testing.TB, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+r.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// raw sends bytes as they stand, and returns the whole answer.
func raw(t testing.TB, addr, text string) string {
	t.Helper()
	c := dial(t, addr)
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(c) // a reset after the answer is an end too
	return string(answer)
}

func dial(t testing.TB, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

func status(t testing.TB, answer string) int {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		t.Fatalf("%q: %v", answer, err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// authority issues certificates for loopback.
type authority struct{ *certificatetest.Authority }

func newAuthority(t testing.TB) *authority { return &authority{certificatetest.New(t)} }

// issue writes a certificate and its key over name.pem and name.key.
func (a *authority) issue(name string, serial int64, until time.Time) (cert, key string) {
	return a.Issue(certificatetest.Order{Name: name, Serial: serial, Until: until})
}

func (a *authority) tls(protos ...string) *tls.Config {
	c := a.Client()
	c.NextProtos = protos
	return c
}

// logged keeps what is logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// eventually waits for a condition that no event tells of.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func future() time.Time { return time.Now().Add(90 * 24 * time.Hour) }

func past() time.Time { return time.Now().Add(-time.Minute) }
