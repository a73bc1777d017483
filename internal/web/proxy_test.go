package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const shake = "GET /ws HTTP/1.1\r\nHost: weft.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

// server stands in for the Server: it counts what reaches it.
type server struct {
	net.Listener
	conns atomic.Int32
	host  string
	port  int
}

// listenAs serves every connection by f, until the test ends.
func listenAs(t testing.TB, config *tls.Config, f func(net.Conn)) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l, host: "localhost", port: l.Addr().(*net.TCPAddr).Port}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			if config != nil {
				c = tls.Server(c, config)
			}
			go f(c)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return s
}

// answering reads a handshake and answers it with text.
func answering(text string) func(net.Conn) {
	return func(c net.Conn) {
		defer c.Close()
		if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
			return
		}
		_, _ = io.WriteString(c, text)
	}
}

// websockets serves websockets by f, over TLS with a config, until the test
// ends.
func websockets(t testing.TB, config *tls.Config, f func(context.Context, *http.Request, *websocket.Conn)) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l, host: "localhost", port: l.Addr().(*net.TCPAddr).Port}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.conns.Add(1)
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, Subprotocols: []string{"weft.v1"}})
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		c.SetReadLimit(-1)
		f(r.Context(), r, c)
	}), TLSConfig: config}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if config != nil {
			_ = srv.ServeTLS(l, "", "")
		} else {
			_ = srv.Serve(l)
		}
	}()
	t.Cleanup(func() { srv.Close(); <-done })
	return s
}

func echo(ctx context.Context, _ *http.Request, c *websocket.Conn) {
	for {
		kind, data, err := c.Read(ctx)
		if err != nil || c.Write(ctx, kind, data) != nil {
			return
		}
	}
}

// passing is a configuration whose proxy goes to s.
func passing(s *server) func(*Config) {
	return func(c *Config) { c.Proxy, c.ServerPort, c.Grace = true, s.port, 50*time.Millisecond }
}

// connect opens a websocket to a web server.
func connect(t testing.TB, url string, o *websocket.DialOptions) *websocket.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, _, err := websocket.Dial(ctx, url, o)
	if err != nil {
		t.Fatal(err)
	}
	c.SetReadLimit(-1)
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

// sides are the combinations of encryption on either side of the proxy.
func sides(t *testing.T, f func(t *testing.T, frontTLS, backTLS bool)) {
	for _, c := range []struct{ front, back bool }{{false, false}, {true, false}, {true, true}} {
		t.Run(fmt.Sprintf("front tls %v, back tls %v", c.front, c.back), func(t *testing.T) { f(t, c.front, c.back) })
	}
}

// through starts a Server and a web server before it, and returns how to open
// a websocket by way of both.
func through(t *testing.T, front, back bool, f func(context.Context, *http.Request, *websocket.Conn)) func() *websocket.Conn {
	ca := newAuthority(t)
	cert, key := ca.issue("both", 1, future())
	var config *tls.Config
	if back {
		config = &tls.Config{Certificates: []tls.Certificate{must(tls.LoadX509KeyPair(cert, key))}}
	}
	up := websockets(t, config, f)
	s := serve(t, func(c *Config) {
		passing(up)(c)
		c.ServerTLS = back
		if back {
			c.ServerCAFile = ca.File
		}
		if front {
			c.CertFile, c.KeyFile = cert, key
		}
	})
	url, o := "ws://"+s.addr+"/ws/", &websocket.DialOptions{Subprotocols: []string{"weft.v1"}}
	if front {
		url = "wss://" + s.addr + "/ws/"
		transport := &http.Transport{TLSClientConfig: ca.tls()}
		t.Cleanup(transport.CloseIdleConnections)
		o.HTTPClient = &http.Client{Transport: transport}
	}
	return func() *websocket.Conn { return connect(t, url, o) }
}

func TestMessagesPassUnchanged(t *testing.T) {
	sides(t, func(t *testing.T, front, back bool) {
		c := through(t, front, back, echo)()
		if c.Subprotocol() != "weft.v1" {
			t.Errorf("subprotocol %q", c.Subprotocol())
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for _, size := range []int{0, 1, 125, 126, 65535, 65536, relayBuffer, 8 << 20} {
			sent := make([]byte, size)
			for i := range sent {
				sent[i] = byte(rand.Uint32())
			}
			wrote := make(chan error, 1)
			go func() { wrote <- c.Write(ctx, websocket.MessageBinary, sent) }()
			_, got, err := c.Read(ctx)
			if err := errors.Join(err, <-wrote); err != nil || !bytes.Equal(sent, got) {
				t.Fatalf("%d bytes: %v, got %d", size, err, len(got))
			}
		}
	})
}

func TestPingsPass(t *testing.T) {
	sides(t, func(t *testing.T, front, back bool) {
		c := through(t, front, back, echo)()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c.CloseRead(ctx)
		if err := c.Ping(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseCodesPass(t *testing.T) {
	sides(t, func(t *testing.T, front, back bool) {
		fromClient := make(chan error, 2)
		open := through(t, front, back, func(ctx context.Context, _ *http.Request, c *websocket.Conn) {
			_, data, err := c.Read(ctx)
			if err == nil {
				_ = c.Close(4409, string(data))
				return
			}
			fromClient <- err
		})
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c := open()
		if err := c.Write(ctx, websocket.MessageText, []byte("why")); err != nil {
			t.Fatal(err)
		}
		_, _, err := c.Read(ctx)
		if ce := (websocket.CloseError{}); !errors.As(err, &ce) || ce.Code != 4409 || ce.Reason != "why" {
			t.Errorf("from the Server: %v", err)
		}
		if err := open().Close(4001, "bye"); err != nil {
			t.Error(err)
		}
		if ce := (websocket.CloseError{}); !errors.As(<-fromClient, &ce) || ce.Code != 4001 || ce.Reason != "bye" {
			t.Errorf("from the client: %v", ce)
		}
	})
}

// What the Server says right after its 101, and ends at once, all comes
// through, whatever the parts that it comes in.
func TestEndRightAfterData(t *testing.T) {
	up := listenAs(t, nil, func(c net.Conn) {
		defer c.Close()
		if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
			return
		}
		_, _ = io.WriteString(c, accepting+strings.Repeat("x", 100_000))
	})
	s := serve(t, passing(up))
	for range 200 {
		answer := raw(t, s.addr, shake+"\r\n")
		_, body, _ := strings.Cut(answer, "\r\n\r\n")
		if len(body) != 100_000 {
			t.Fatalf("%d bytes: %.300s", len(body), answer)
		}
	}
}

// accepting is the answer to shake.
const accepting = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

// A half that ends is passed on; the other goes on until it ends too.
func TestHalfClose(t *testing.T) {
	up := listenAs(t, nil, func(c net.Conn) {
		defer c.Close()
		r := bufio.NewReader(c)
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		_, _ = io.WriteString(c, accepting)
		all, _ := io.ReadAll(r)
		_, _ = io.WriteString(c, "got "+string(all))
	})
	s := serve(t, passing(up))
	c := dial(t, s.addr)
	defer c.Close()
	_, _ = io.WriteString(c, shake+"\r\nearly ")
	head := make([]byte, len(accepting))
	if _, err := io.ReadFull(c, head); err != nil || !strings.HasSuffix(string(head), "\r\n\r\n") {
		t.Fatal(string(head), err)
	}
	_, _ = io.WriteString(c, "late")
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil || string(answer) != "got early late" {
		t.Errorf("%v %q", err, answer)
	}
}

// A receiver that doesn't read holds its sender up, and no memory beyond the
// buffers.
func TestPushback(t *testing.T) {
	t.Parallel()
	sides(t, func(t *testing.T, front, back bool) {
		var sent atomic.Int64
		stopped := make(chan struct{})
		open := through(t, front, back, func(ctx context.Context, _ *http.Request, c *websocket.Conn) {
			defer close(stopped)
			data := make([]byte, 256<<10)
			for c.Write(ctx, websocket.MessageBinary, data) == nil {
				sent.Add(int64(len(data)))
			}
		})
		c := open()
		last := int64(-1)
		eventually(t, "the sender stands still", func() bool {
			time.Sleep(200 * time.Millisecond) // longer than any message takes
			now := sent.Load()
			still := now == last
			last = now
			return still
		})
		if last > 64<<20 {
			t.Errorf("%d bytes were taken of which nobody has read one", last)
		}
		for range 400 {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			_, data, err := c.Read(ctx)
			cancel()
			if err != nil || len(data) != 256<<10 {
				t.Fatal(len(data), err)
			}
		}
		_ = c.CloseNow()
		<-stopped
	})
}

func TestWhatTheServerIsTold(t *testing.T) {
	requests := make(chan *http.Request, 1)
	up := websockets(t, nil, func(_ context.Context, r *http.Request, _ *websocket.Conn) { requests <- r })
	s := serve(t, passing(up))
	trusting := serve(t, func(c *Config) { passing(up)(c); c.TrustedProxies = []string{"127.0.0.0/8"} })
	forged := "X-Forwarded-For: 10.0.0.1, 192.0.2.7, 127.0.0.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: page.example\r\nForwarded: for=10.0.0.1\r\n" +
		"X_Forwarded_For: 10.0.0.1\r\nCookie: a=b\r\nAuthorization: Bearer x\r\nX-Anything: 1\r\nOrigin: http://page.example\r\nUser-Agent: test\r\nSec-WebSocket-Protocol: weft.v1, other\r\n"
	want := map[string]string{
		"Origin": "http://page.example", "User-Agent": "test", "Sec-Websocket-Protocol": "weft.v1, other", "Sec-Websocket-Version": "13",
		"Sec-Websocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Upgrade": "websocket", "Connection": "Upgrade",
	}
	cases := map[string]struct {
		addr string
		want map[string]string
	}{
		"stranger":     {s.addr, map[string]string{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "weft.example"}},
		"named before": {trusting.addr, map[string]string{"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "page.example"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			raw(t, c.addr, strings.Replace(shake, "/ws", "/ws/?token=secret", 1)+forged+"\r\n")
			r := <-requests
			if r.Host != "localhost:"+strconv.Itoa(up.port) || r.RequestURI != "/ws" {
				t.Errorf("host %s, target %s", r.Host, r.RequestURI)
			}
			for k, v := range want {
				if got := r.Header.Values(k); len(got) != 1 || got[0] != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			for k, v := range c.want {
				if got := r.Header.Values(k); len(got) != 1 || got[0] != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			if len(r.Header) != len(want)+len(c.want) {
				t.Errorf("further headers: %v", r.Header)
			}
		})
	}
}

func TestStrangersForwardingIsWarnedOf(t *testing.T) {
	var log logged
	s := serve(t, func(c *Config) { c.Log = log.logger() })
	s.get(t, "GET", "/app/", "X-Forwarded-Host", "a")
	s.get(t, "GET", "/app/", "X-Forwarded-Host", "a")
	if n := strings.Count(log.String(), "limits.trusted_proxies does not name"); n != 1 {
		t.Error(n, log.String())
	}
}

// Requests over which two servers could disagree never reach the Server.
func TestHandshakesRefused(t *testing.T) {
	up := listenAs(t, nil, answering(accepting))
	s := serve(t, passing(up))
	cases := map[string]string{
		"body":                      shake + "Content-Length: 5\r\n\r\nhello",
		"empty body":                shake + "Content-Length: 0\r\n\r\n",
		"two lengths":               shake + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"length with a sign":        shake + "Content-Length: +5\r\n\r\nhello",
		"chunks":                    shake + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunks and length":         shake + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"other coding":              shake + "Transfer-Encoding: gzip\r\n\r\n",
		"folded line":               shake + "X-A: b\r\n c\r\n\r\n",
		"folded first line":         strings.Replace(shake, "\r\nHost", "\r\n Host", 1) + "\r\n",
		"bare line feed":            strings.Replace(shake, "\r\nUpgrade", "\nUpgrade", 1) + "\r\n",
		"bare line feed at the end": shake + "\n",
		"bare carriage return":      shake + "X-A: b\rc: d\r\n\r\n",
		"nul":                       shake + "X-A: b\x00\r\n\r\n",
		"two hosts":                 shake + "Host: other.example\r\n\r\n",
		"no host":                   strings.Replace(shake, "Host: weft.example\r\n", "", 1) + "\r\n",
		"blank before colon":        shake + "X-A : b\r\n\r\n",
		"no colon":                  shake + "nonsense\r\n\r\n",
		"hop by hop key":            strings.Replace(shake, "Connection: Upgrade", "Connection: Upgrade, Sec-WebSocket-Key", 1) + "\r\n",
		"key alone in Connection":   strings.Replace(shake, "Connection: Upgrade", "Connection: Sec-WebSocket-Key", 1) + "\r\n",
		"no Connection":             strings.Replace(shake, "Connection: Upgrade\r\n", "", 1) + "\r\n",
		"other protocol":            strings.Replace(shake, "Upgrade: websocket", "Upgrade: h2c", 1) + "\r\n",
		"two protocols":             strings.Replace(shake, "Upgrade: websocket", "Upgrade: websocket, h2c", 1) + "\r\n",
		"Upgrade twice":             shake + "Upgrade: websocket\r\n\r\n",
		"version":                   strings.Replace(shake, "Version: 13", "Version: 8", 1) + "\r\n",
		"no version":                strings.Replace(shake, "Sec-WebSocket-Version: 13\r\n", "", 1) + "\r\n",
		"short key":                 strings.Replace(shake, "dGhlIHNhbXBsZSBub25jZQ==", "dGhl", 1) + "\r\n",
		"key no base64":             strings.Replace(shake, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ!==", 1) + "\r\n",
		"two keys":                  shake + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		"two origins":               shake + "Origin: http://a\r\nOrigin: http://b\r\n\r\n",
		"post":                      strings.Replace(shake, "GET", "POST", 1) + "\r\n",
		"HTTP/1.0":                  strings.Replace(shake, "HTTP/1.1", "HTTP/1.0", 1) + "\r\n",
		"two blanks":                strings.Replace(shake, "GET /ws", "GET  /ws", 1) + "\r\n",
		"65 headers":                shake + strings.Repeat("X-A: b\r\n", 60) + "\r\n",
		"head too large":            shake + "X-A: " + strings.Repeat("b", maxHead) + "\r\n\r\n",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			if got := status(t, raw(t, s.addr, text)); got != 400 {
				t.Errorf("status %d", got)
			}
		})
	}
	for _, path := range []string{"/ws//", "/WS", "/ws/x", "/%77s%2f", "/ws%00", "/ws;a=b", "/x/../ws"} {
		if got := status(t, raw(t, s.addr, strings.Replace(shake, "/ws", path, 1)+"Connection: close\r\n\r\n")); got != 404 {
			t.Errorf("%s: status %d", path, got)
		}
	}
	if n := up.conns.Load(); n != 0 {
		t.Errorf("%d connections reached the Server", n)
	}
	if got := status(t, raw(t, s.addr, shake+"\r\n")); got != 101 {
		t.Errorf("the handshake itself: %d", got)
	}
}

// A request behind another on one connection is held to the same rules, and
// nothing follows a handshake that was refused.
func TestSecondRequestOnAConnection(t *testing.T) {
	up := listenAs(t, nil, answering(accepting))
	s := serve(t, passing(up))
	first := "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
	cases := map[string]struct{ second, want string }{
		"handshake":                 {shake + "\r\n", "HTTP/1.1 101"},
		"bare line feed":            {"GET /healthz HTTP/1.1\nHost: a\n\n", ""}, // net/http closes without a word where a second request starts badly
		"smuggled behind a refusal": {strings.Replace(shake, "/ws", "/app/", 1) + "\r\nGET /readyz HTTP/1.1\nHost: a\n\n", "HTTP/1.1 200"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			conn := dial(t, s.addr)
			defer conn.Close()
			_, _ = io.WriteString(conn, first)
			r := bufio.NewReader(conn)
			resp, err := http.ReadResponse(r, nil)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatal(resp, err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_, _ = io.WriteString(conn, c.second)
			answer, _ := io.ReadAll(r)
			if strings.Count(string(answer), "HTTP/1.1 ") > 1 || c.want == "" && len(answer) > 0 || !strings.HasPrefix(string(answer), c.want) {
				t.Errorf("%q", answer)
			}
		})
	}
}

func TestAnswersOfTheServer(t *testing.T) {
	cases := map[string]struct {
		answer string
		status int
		body   string
	}{
		"refusal is passed on":    {"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nX-Inside: secret\r\nSet-Cookie: a=b\r\nContent-Length: 9\r\n\r\nnot yours", 403, "not yours"},
		"overload is passed on":   {"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 503, ""},
		"200":                     {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 502, "What answers"},
		"redirect":                {"HTTP/1.1 302 Found\r\nLocation: http://evil.example\r\nContent-Length: 0\r\n\r\n", 502, "What answers"},
		"wrong accept":            {strings.Replace(accepting, "s3pP", "XXXX", 1), 502, "What answers"},
		"no accept":               {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 502, "What answers"},
		"accept twice":            {strings.Replace(accepting, "\r\n\r\n", "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", 1), 502, "What answers"},
		"no Upgrade":              {strings.Replace(accepting, "Upgrade: websocket\r\n", "", 1), 502, "What answers"},
		"other Upgrade":           {strings.Replace(accepting, "Upgrade: websocket", "Upgrade: h2c", 1), 502, "What answers"},
		"protocol not asked for":  {strings.Replace(accepting, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: evil\r\n\r\n", 1), 502, "What answers"},
		"extension not asked for": {strings.Replace(accepting, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", 1), 502, "What answers"},
		"early hints":             {"HTTP/1.1 103 Early Hints\r\n\r\n", 502, "What answers"},
		"no HTTP":                 {"SSH-2.0-OpenSSH_9.2\r\n", 502, "What answers"},
		"nothing":                 {"", 502, "What answers"},
		"endless head":            {"HTTP/1.1 101 Switching Protocols\r\nX: " + strings.Repeat("a", 1<<20), 502, "What answers"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			up := listenAs(t, nil, answering(c.answer))
			s := serve(t, passing(up))
			answer := raw(t, s.addr, shake+"\r\n"+"after")
			_, body, _ := strings.Cut(answer, "\r\n\r\n")
			if got := status(t, answer); got != c.status || !strings.HasPrefix(body, c.body) {
				t.Errorf("status %d, %q", got, answer)
			}
			for _, secret := range []string{"X-Inside", "Set-Cookie", "Location", "hello"} {
				if strings.Contains(answer, secret) {
					t.Errorf("%s is passed on: %q", secret, answer)
				}
			}
			if c.status == 503 && !strings.Contains(answer, "Retry-After: 7") {
				t.Errorf("%q", answer)
			}
		})
	}
}

func TestServerDown(t *testing.T) {
	up := listenAs(t, nil, func(c net.Conn) { c.Close() })
	up.Close()
	s := serve(t, passing(up))
	start := time.Now()
	resp, body := s.get(t, "GET", "/ws", "Accept-Language", "ru")
	if resp.StatusCode != http.StatusBadGateway || !strings.Contains(body, "Сервер остановлен") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if got := status(t, raw(t, s.addr, shake+"\r\n")); got != 502 {
		t.Errorf("handshake: %d", got)
	}
	if took := time.Since(start); took > dialTime {
		t.Errorf("it took %v", took)
	}
}

func TestPlainGetTellsThatTheServerIsThere(t *testing.T) {
	up := websockets(t, nil, echo)
	s := serve(t, passing(up))
	if resp, body := s.get(t, "GET", "/ws/"); resp.StatusCode != http.StatusUpgradeRequired || !strings.Contains(body, "web.wants_websocket") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestCertificateOfTheServerIsVerified(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	cert, key := theirs.issue("server", 1, future())
	up := websockets(t, &tls.Config{Certificates: []tls.Certificate{must(tls.LoadX509KeyPair(cert, key))}}, echo)
	frontCert, frontKey := ours.issue("front", 1, future())
	var log logged
	s := serve(t, func(c *Config) {
		passing(up)(c)
		c.ServerTLS, c.ServerCAFile, c.CertFile, c.KeyFile, c.Log = true, ours.File, frontCert, frontKey, log.logger()
	})
	c := tls.Client(dial(t, s.addr), ours.tls("http/1.1"))
	defer c.Close()
	_, _ = io.WriteString(c, shake+"\r\n")
	answer, _ := io.ReadAll(c)
	if got := status(t, string(answer)); got != 502 || !strings.Contains(log.String(), "certificate signed by unknown authority") {
		t.Errorf("%d %s", got, log.String())
	}
}

// At shutdown open websockets have their time of grace and are closed by TCP
// then; new ones are told to come again.
func TestDrain(t *testing.T) {
	t.Parallel()
	up := websockets(t, nil, echo)
	s := serve(t, func(c *Config) { passing(up)(c); c.Grace = 4 * time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := connect(t, "ws://"+s.addr+"/ws", nil)
	s.stop()
	eventually(t, "it drains", s.draining.Load)
	if resp, _ := s.get(t, "GET", "/readyz"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d", resp.StatusCode)
	}
	if answer := raw(t, s.addr, shake+"\r\n"); status(t, answer) != 503 || !strings.Contains(answer, "Retry-After: 1") {
		t.Errorf("%q", answer)
	}
	if err := c.Write(ctx, websocket.MessageText, []byte("still")); err != nil {
		t.Error(err)
	}
	if _, data, err := c.Read(ctx); err != nil || string(data) != "still" {
		t.Error(string(data), err)
	}
	_, _, err := c.Read(ctx)
	if ce := (websocket.CloseError{}); err == nil || errors.As(err, &ce) {
		t.Errorf("ended by %v, not by TCP", err)
	}
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	s.done <- nil
	if _, err := net.Dial("tcp", s.addr); err == nil {
		t.Error("the port is still open")
	}
}

// When either side goes, the other is closed too, and nothing is left.
func TestEitherSideGoes(t *testing.T) {
	sides(t, func(t *testing.T, front, back bool) {
		gone := make(chan struct{})
		open := through(t, front, back, func(ctx context.Context, _ *http.Request, c *websocket.Conn) {
			_, _, err := c.Read(ctx)
			if err == nil {
				return // closes without a word
			}
			close(gone)
		})
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c := open()
		if err := c.Write(ctx, websocket.MessageText, nil); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Read(ctx); err == nil {
			t.Error("the client goes on without a Server")
		}
		_ = open().CloseNow()
		select {
		case <-gone:
		case <-ctx.Done():
			t.Error("the Server goes on without a client")
		}
	})
}

// Who takes nothing for long, and who ends one half and never the other, is
// cut on both sides.
func TestStalledAreCut(t *testing.T) {
	sides(t, func(t *testing.T, front, back bool) {
		ca := newAuthority(t)
		cert, key := ca.issue("both", 1, future())
		cut := make(chan bool, 4)
		var config *tls.Config
		if back {
			config = &tls.Config{Certificates: []tls.Certificate{must(tls.LoadX509KeyPair(cert, key))}}
		}
		up := listenAs(t, config, func(c net.Conn) {
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(patience))
			r := bufio.NewReader(c)
			if _, err := http.ReadRequest(r); err != nil {
				return
			}
			_, _ = io.WriteString(c, accepting)
			var err error
			if b, _ := r.ReadByte(); b == 'f' { // flood
				for err == nil {
					_, err = c.Write(make([]byte, 64<<10))
				}
			} else { // end one half
				if half, ok := c.(interface{ CloseWrite() error }); ok {
					_ = half.CloseWrite()
				}
				_, err = io.Copy(io.Discard, r)
			}
			timeout, _ := errors.AsType[net.Error](err)
			cut <- timeout == nil || !timeout.Timeout()
		})
		s := serve(t, func(c *Config) {
			passing(up)(c)
			c.ServerTLS, c.stall = back, 300*time.Millisecond
			if back {
				c.ServerCAFile = ca.File
			}
			if front {
				c.CertFile, c.KeyFile = cert, key
			}
		})
		for _, wish := range []string{"f", "h"} {
			c := dial(t, s.addr)
			defer c.Close()
			if front {
				c = tls.Client(c, ca.tls("http/1.1"))
			}
			_, _ = io.WriteString(c, shake+"\r\n")
			if _, err := io.ReadFull(c, make([]byte, len(accepting))); err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(c, wish)
			if !<-cut {
				t.Errorf("%s goes on", wish)
			}
		}
	})
}
