package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/integrator"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

// host is a whole Server, whose process is this one unless it is to be killed.
type host struct {
	dir      string
	port     int    // of gRPC
	ws       string // address of the websocket
	token    string // of the service account
	password string // of user, the first
	auth     *auth.Auth
}

// files puts a workspace into the data folder of a host that is to start.
func (h *host) files(t testing.TB, files map[string]string) {
	t.Helper()
	for name, text := range files {
		put(t, filepath.Join(h.dir, "workspace"), name, text)
	}
}

// newHost starts a Server over a workspace.
func newHost(t testing.TB, files map[string]string) *host {
	t.Helper()
	h := &host{dir: t.TempDir()}
	h.files(t, files)
	c := app.DefaultServer()
	c.WS, c.TCP, c.Data, c.Grace = "127.0.0.1:0", "127.0.0.1:0", h.dir, 100*time.Millisecond
	c.Worker = []string{filepath.Join(install(t), "weft"), "worker"}
	s, err := app.NewServer(t.Context(), c)
	check(t, err)
	for _, first := range s.First() {
		switch first.Role {
		case store.Service:
			h.token = first.Secret
		case store.User:
			h.password = first.Secret
		}
	}
	h.ws = s.Websockets()[0].String()
	h.port = s.TCP().(*net.TCPAddr).Port
	db, err := sqlite.Open(t.Context(), sqlite.Options{File: filepath.Join(h.dir, "weft.db")})
	check(t, err)
	h.auth = auth.New(db.Store(), auth.Options{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		check(t, errors.Join(<-ended, db.Close()))
	})
	return h
}

// callerToken makes the token of an external caller.
func (h *host) callerToken(t testing.TB, only ...string) string {
	t.Helper()
	owner := h.auth.Owner()
	account, err := owner.Account(t.Context(), "service")
	check(t, err)
	_, secret, err := owner.CreateToken(t.Context(), auth.NewToken{Account: account.ID, Kind: store.CallerToken, Label: fmt.Sprint("caller ", len(only)), Only: only})
	check(t, err)
	return secret
}

func (h *host) server(reserved bool) integrator.ServerConfig {
	return integrator.ServerConfig{Address: "127.0.0.1", Port: h.port, User: "service", Token: h.token, Reserved: reserved}
}

// integrate starts an Integrator and waits until all its Servers offer the
// names, with blanks between.
func integrate(t testing.TB, names string, change func(*integrator.Config)) *httptest.Server {
	t.Helper()
	c := integrator.Defaults()
	c.Version = "1"
	change(&c)
	in, err := integrator.New(c)
	check(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	web := httptest.NewServer(in)
	t.Cleanup(func() {
		web.Close()
		stop()
		check(t, <-ended)
	})
	for _, name := range strings.Fields(names) {
		for begun := time.Now(); !in.Offers(name); time.Sleep(10 * time.Millisecond) {
			if time.Since(begun) > 30*time.Second {
				t.Fatalf("%s is not offered", name)
			}
		}
	}
	return web
}

// asked is the answer to a request: its status, the headers that matter and
// its body.
func asked(t testing.TB, method, url, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	check(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	check(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	check(t, err)
	return resp.StatusCode, resp.Header, string(text)
}

const (
	oneFlight = `{"input":[{"origin":"ORD","delay":30}]}`
	oneRow    = `{"rows":[{"origin":"ORD","name":"O'Hare","flights":1,"mean_delay":30}]}` + "\n"
)

func TestIntegrator(t *testing.T) {
	files := delaysFiles()
	files["user/slow.weft"] = slowPackage
	files["user/more.weft"] = strings.ReplaceAll(delaysPackage, "  delays:\n", "  more:\n")
	h := newHost(t, files)
	good, other := h.callerToken(t), h.callerToken(t, "more")
	web := integrate(t, "delays/by_airport more/all slow/pairs", func(c *integrator.Config) {
		c.Servers, c.Body = []integrator.ServerConfig{h.server(false)}, 2000
	})
	bearer := func(token string) []string { return []string{"Authorization", "Bearer " + token} }
	const at = "/api/v1/delays/by_airport"
	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		want                     string // the body, or the id of a problem
		header, value            string
	}{
		{name: "a call", method: "POST", path: at, body: oneFlight, headers: bearer(good), status: 200, want: oneRow, header: "Content-Type", value: "application/json"},
		{name: "with a variable", method: "POST", path: at, body: `{"variables":{"least":40},"input":[{"origin":"ORD","delay":30}]}`, headers: bearer(good), status: 200, want: "{\"rows\":[]}\n"},
		{name: "no table", method: "POST", path: "/api/v1/delays/all", body: `{}`, headers: bearer(good), status: 200, want: `{"rows":[{"origin":"ORD","name":"O'Hare","flights":1,"mean_delay":20}]}` + "\n"},
		{name: "every type", method: "POST", path: "/api/v1/delays/late", body: `{"input":[{"day":"2026-01-31","origin":"Ж","delay":15,"price":"1.5"}]}`, headers: bearer(good), status: 200, want: `{"rows":[{"day":"2026-01-31","origin":"Ж","delay":15,"price":"1.50"}]}` + "\n"},
		{name: "no token", method: "POST", path: at, body: oneFlight, status: 401, want: "integrator.token", header: "WWW-Authenticate", value: `Bearer realm="weft"`},
		{name: "a bad token", method: "POST", path: at, body: oneFlight, headers: bearer("weft_x"), status: 401, want: "auth.wrong_token", header: "WWW-Authenticate", value: `Bearer realm="weft"`},
		{name: "a program's token", method: "POST", path: at, body: oneFlight, headers: bearer(h.token), status: 401, want: "auth.wrong_token"},
		{name: "another service's token", method: "POST", path: at, body: oneFlight, headers: bearer(other), status: 404, want: "integrator.unknown"},
		{name: "unknown service", method: "POST", path: "/api/v1/delay/by_airport", body: oneFlight, headers: bearer(good), status: 404, want: "integrator.unknown"},
		{name: "unknown operation", method: "POST", path: "/api/v1/delays/by", body: oneFlight, headers: bearer(good), status: 404, want: "integrator.unknown"},
		{name: "no address", method: "POST", path: "/api/v1/delays/by/airport", body: oneFlight, headers: bearer(good), status: 404, want: "integrator.not_found"},
		{name: "another application", method: "GET", path: "/app/", headers: bearer(good), status: 404, want: "integrator.not_found"},
		{name: "GET of an operation", method: "GET", path: at, headers: bearer(good), status: 405, want: "integrator.method", header: "Allow", value: "POST, OPTIONS"},
		{name: "text", method: "POST", path: at, body: oneFlight, headers: append(bearer(good), "Content-Type", "text/plain"), status: 415, want: "integrator.media_type"},
		{name: "another charset", method: "POST", path: at, body: oneFlight, headers: append(bearer(good), "Content-Type", "application/json; charset=latin1"), status: 415, want: "integrator.media_type"},
		{name: "compressed", method: "POST", path: at, body: oneFlight, headers: append(bearer(good), "Content-Encoding", "gzip"), status: 415, want: "integrator.media_type"},
		{name: "too large", method: "POST", path: at, body: strings.Repeat(" ", 2001), headers: bearer(good), status: 413, want: "integrator.too_large"},
		{name: "no JSON", method: "POST", path: at, body: "{", headers: bearer(good), status: 400, want: "integrator.json", header: "Content-Type", value: "application/problem+json"},
		{name: "missing field", method: "POST", path: at, body: `{"input":[{"origin":"ORD"}]}`, headers: bearer(good), status: 422, want: "integrator.missing_key"},
		{name: "in Russian", method: "POST", path: at, body: `{"input":[{"origin":1,"delay":1}]}`, headers: append(bearer(good), "Accept-Language", "ru"), status: 422, want: "component.json_type", header: "Content-Language", value: "ru"},
		{name: "overflow of the data", method: "POST", path: "/api/v1/slow/pairs", body: `{"variables":{"least":9223372036854775807}}`, headers: bearer(good), status: 422, want: "duckdb.range"},
		{name: "OPTIONS", method: "OPTIONS", path: at, status: 204, header: "Allow", value: "POST, OPTIONS"},
		{name: "a page's script", method: "OPTIONS", path: at, headers: []string{"Origin", "https://a.example"}, status: 204, header: "Access-Control-Allow-Origin", value: ""},
		{name: "HEAD of the index", method: "HEAD", path: "/api/v1/", headers: bearer(good), status: 200},
		{name: "the index without a token", method: "GET", path: "/api/v1/", status: 401, want: "integrator.token"},
		{name: "another's description", method: "GET", path: "/api/v1/delays/openapi.json", headers: bearer(other), status: 404, want: "integrator.unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, headers, got := asked(t, tt.method, web.URL+tt.path, tt.body, tt.headers...)
			if strings.Contains(headers.Get("Content-Type"), "problem") {
				var p struct {
					Status int
					ID     string
					Title  string
					Detail string
				}
				check(t, json.Unmarshal([]byte(got), &p))
				if p.Status != status || p.Title == "" || p.Detail == "" {
					t.Errorf("problem %s", got)
				}
				got = p.ID
			}
			if status != tt.status || got != tt.want {
				t.Errorf("%d %s", status, got)
			}
			if tt.header != "" && headers.Get(tt.header) != tt.value {
				t.Errorf("%s: %q", tt.header, headers.Get(tt.header))
			}
		})
	}
	_, _, index := asked(t, "GET", web.URL+"/api/v1/", "", bearer(other)...)
	want := `{"services":[{"service":"more","openapi":"/api/v1/more/openapi.json","operations":["all","by_airport","late","worst"]}]}`
	var compact bytes.Buffer
	check(t, json.Compact(&compact, []byte(index)))
	if diff := cmp.Diff(want, strings.TrimSpace(compact.String())); diff != "" {
		t.Error(diff)
	}
}

// Tables larger than a message go and come in pieces.
func TestLargeTables(t *testing.T) {
	h := newHost(t, delaysFiles())
	web := integrate(t, "delays/late", func(c *integrator.Config) {
		c.Servers, c.Open = []integrator.ServerConfig{h.server(false)}, true
	})
	const rows = 40_000
	body := `{"input":[` + strings.TrimSuffix(strings.Repeat(`{"day":"2026-01-31","origin":"an airport with a long name","delay":99,"price":"12.50"},`, rows), ",") + `]}`
	status, _, got := asked(t, "POST", web.URL+"/api/v1/delays/late", body)
	if status != 200 || strings.Count(got, `"delay":99`) != rows {
		t.Errorf("%d, %d rows, %.300s", status, strings.Count(got, `"delay":99`), got)
	}
}

// Of three Servers one is killed under load, and one is reserved: no call
// fails, the reserved one is called only when the others are gone, and with
// none left the answer says when to come again.
func TestServersDie(t *testing.T) {
	bin := install(t)
	var hosts []*host
	var processes []*exec.Cmd
	for range 3 {
		h := &host{dir: t.TempDir()}
		h.files(t, delaysFiles())
		hosts = append(hosts, h)
		processes = append(processes, h.start(t, bin))
	}
	web := integrate(t, "delays/by_airport", func(c *integrator.Config) {
		c.Open = true
		for i, h := range hosts {
			c.Servers = append(c.Servers, h.server(i == 2))
		}
	})
	call := func() (int, http.Header, string) {
		return asked(t, "POST", web.URL+"/api/v1/delays/by_airport", oneFlight)
	}
	var failed, done atomic.Int64
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 16 {
		callers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if status, _, body := call(); status != 200 || body != oneRow {
					failed.Add(1)
					t.Errorf("%d %s", status, body)
				}
				done.Add(1)
			}
		})
	}
	until := func(n int64) {
		for begun := time.Now(); done.Load() < n && failed.Load() == 0; time.Sleep(5 * time.Millisecond) {
			if time.Since(begun) > time.Minute {
				t.Fatal("calls stand still")
			}
		}
	}
	until(200)
	kill(t, processes[0])
	until(done.Load() + 400)
	kill(t, processes[1])
	until(done.Load() + 400)
	close(stop)
	callers.Wait()
	kill(t, processes[2])
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		status, headers, body := call()
		if status == 503 && headers.Get("Retry-After") != "" && strings.Contains(body, "integrator.no_server") {
			break
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("%d %v %s", status, headers, body)
		}
	}
	t.Logf("%d calls, %d failed", done.Load(), failed.Load())
}

// start runs the Server as a process of its own, which can be killed.
func (h *host) start(t testing.TB, bin string) *exec.Cmd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	h.port = l.Addr().(*net.TCPAddr).Port
	check(t, l.Close())
	cmd := exec.Command(filepath.Join(bin, "weft"), "server", "--listen-ws", "127.0.0.1:0", "--listen-tcp", fmt.Sprintf("127.0.0.1:%d", h.port), "--data-folder", h.dir)
	cmd.Env = []string{"HOME=" + h.dir, "TMPDIR=" + h.dir}
	check(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it may be gone
	file := filepath.Join(h.dir, "first-passwords.txt")
	for begun := time.Now(); h.token == ""; time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(file)
		for _, word := range strings.Fields(string(text)) {
			if strings.HasPrefix(word, auth.TokenPrefix) {
				h.token = word
			}
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatal("the Server does not start")
		}
	}
	return cmd
}

func kill(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	check(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
}

// The cheap parts of abuse case 28: more requests than may be worked on get
// 503 with Retry-After, an answer without end is cut at its limit of time, a
// caller who goes away leaves nothing running.
func TestIntegratorUnderAbuse(t *testing.T) {
	h := newHost(t, map[string]string{"user/endless.weft": endlessService})
	web := integrate(t, "endless/rows", func(c *integrator.Config) {
		c.Servers, c.Open, c.Concurrent, c.Timeout = []integrator.ServerConfig{h.server(false)}, true, 2, time.Second
	})
	var busy, late atomic.Int64
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			switch status, headers, body := asked(t, "POST", web.URL+"/api/v1/endless/rows", `{}`); {
			case status == 503 && headers.Get("Retry-After") == "1":
				busy.Add(1)
			case status == 504:
				late.Add(1)
			default:
				t.Errorf("%d %.200s", status, body)
			}
		})
	}
	callers.Wait()
	if busy.Load() == 0 || late.Load() == 0 {
		t.Errorf("%d refused, %d cut", busy.Load(), late.Load())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, web.URL+"/api/v1/endless/rows", strings.NewReader(`{}`))
	check(t, err)
	r.Header.Set("Content-Type", "application/json")
	if resp, err := http.DefaultClient.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
	// What the one who went away had asked for is not worked on any more.
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		status, _, _ := asked(t, "POST", web.URL+"/api/v1/endless/few", `{}`)
		if status == 200 {
			break
		}
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("still %d", status)
		}
	}
}

// endlessService counts pairs of pairs, which takes for ever.
const endlessService = head + fourHundred + `      c: {component: tables.join, inputs: {left: b, right: b}, settings: {kind: cross}}
      d: {component: tables.join, inputs: {left: c, right: c}, settings: {kind: cross}}
      e: {component: rows.filter, input: d, settings: {formula: x + x_4 < 0}}
services:
  endless:
    rows: {output: e}
    few: {output: a}
`

// The call that the README shows is answered as it says.
func TestReadmeCall(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	check(t, err)
	match := regexp.MustCompile(`(?s)curl -s localhost:8000(\S+) [^\n]*\n  -d '([^\n]*)'\n` + "```\n\n```json\n([^\n]*)\n").FindStringSubmatch(string(text))
	if match == nil {
		t.Fatal("the README shows no call")
	}
	files := map[string]string{}
	for _, name := range []string{"flights.weft", "data/flights-3m.parquet", "data/airports.csv"} {
		content, err := os.ReadFile(filepath.Join("../../examples", name))
		if errors.Is(err, os.ErrNotExist) {
			t.Skip("the data of the examples are not there: make data")
		}
		check(t, err)
		files["user/"+name] = string(content)
	}
	h := newHost(t, files)
	web := integrate(t, strings.TrimPrefix(match[1], integrator.Root), func(c *integrator.Config) {
		c.Servers, c.Open = []integrator.ServerConfig{h.server(false)}, true
	})
	status, _, got := asked(t, http.MethodPost, web.URL+match[1], match[2])
	if status != http.StatusOK || got != match[3]+"\n" {
		t.Errorf("%d %s", status, got)
	}
}

// What a folder shuts to somebody who may write a package is shut to the
// package's services, too: else a service would open it.
func TestServicesReadWhatTheirWritersMay(t *testing.T) {
	files := delaysFiles()
	files["user/shut/airports.csv"] = files["user/airports.csv"]
	files["user/peeks.weft"] = strings.NewReplacer("  delays:\n", "  peeks:\n", "airports.csv", "shut/airports.csv").Replace(delaysPackage)
	h := newHost(t, files)
	web := integrate(t, "delays/all peeks/all", func(c *integrator.Config) {
		c.Servers, c.Open = []integrator.ServerConfig{h.server(false)}, true
	})
	call := func() int {
		status, _, _ := asked(t, http.MethodPost, web.URL+"/api/v1/peeks/all", "{}")
		return status
	}
	if got := call(); got != http.StatusOK {
		t.Fatal(got)
	}
	check(t, h.auth.Owner().Grant(t.Context(), "/user/shut", auth.Subject{Name: "user"}, 0))
	for begun := time.Now(); call() != http.StatusNotFound; time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("it is still answered")
		}
	}
	if status, _, _ := asked(t, http.MethodPost, web.URL+"/api/v1/delays/all", "{}"); status != http.StatusOK {
		t.Errorf("the other is gone, too: %d", status)
	}
}
