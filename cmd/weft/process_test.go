package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// patience is how long a test waits for a process to do what it is to do.
const patience = 60 * time.Second

// process is a component that runs as a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan error

	mu       sync.Mutex
	out, err bytes.Buffer
	grew     chan struct{}
}

// started starts a command line of weft in a sandbox. It is killed at the end
// of the test if it runs still.
func (s sandbox) started(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, done: make(chan error, 1), grew: make(chan struct{}, 1)}
	p.cmd = exec.Command(filepath.Join(s.bin, "weft"), args...)
	p.cmd.Dir = s.dir
	p.cmd.Env = s.command("").Env
	stdout, err1 := p.cmd.StdoutPipe()
	stderr, err2 := p.cmd.StderrPipe()
	if err := errors.Join(err1, err2, p.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { p.read(stdout, &p.out) })
	reading.Go(func() { p.read(stderr, &p.err) })
	go func() {
		reading.Wait()
		p.done <- p.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has ended, as a rule
		if t.Failed() {
			t.Logf("weft %s:\n%s%s", strings.Join(args, " "), p.text(&p.out), p.text(&p.err))
		}
	})
	return p
}

func (p *process) read(from io.Reader, into *bytes.Buffer) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		p.mu.Lock()
		into.WriteString(line)
		p.mu.Unlock()
		select {
		case p.grew <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *process) text(b *bytes.Buffer) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return b.String()
}

// find waits until the process has printed what matches, and returns the
// first group.
func (p *process) find(b *bytes.Buffer, pattern string) string {
	p.t.Helper()
	want := regexp.MustCompile(pattern)
	late := time.After(patience)
	for {
		if m := want.FindStringSubmatch(p.text(b)); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-p.grew:
		case err := <-p.done:
			p.done <- err
			if m := want.FindStringSubmatch(p.text(b)); m != nil {
				return m[len(m)-1]
			}
			p.t.Fatalf("it ended (%v) before it printed %s", err, pattern)
		case <-late:
			p.t.Fatalf("it did not print %s", pattern)
		}
	}
}

// called waits until an Integrator calls its Server: it knows that it is
// healthy, and what it offers.
func (p *process) called() {
	p.t.Helper()
	p.find(&p.err, `health changed".* serving=true`)
	p.find(&p.err, `services are known".* operations=[1-9]`)
}

// end sends a signal and waits for the end, which must be a good one.
func (p *process) end(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("it ended with %v", err)
		}
	case <-time.After(patience):
		p.t.Fatal("it does not end")
	}
}

func signedIn(t *testing.T, address string, hello func(*weftv1.Hello)) *weftv1.Welcome {
	t.Helper()
	conn := rpc.DialWebsocket(rpc.WebsocketClient{URL: "ws://" + address + "/ws", Origin: "http://127.0.0.1:8000", Agent: "test", Hello: hello})
	t.Cleanup(func() { _ = conn.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w, err := conn.Welcome(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// batchRun has a package run by the account that a new installation has for
// programs, which may write its outputs.
func (s sandbox) batchRun(t *testing.T, address string) {
	t.Helper()
	const text = `weft: 1
workflows:
  main:
    nodes:
      rows: {component: input.table, settings: {columns: [{name: a}], rows: [[x]]}}
      out: {component: output.text, input: rows, settings: {path: out/a.csv}}
`
	check(t, os.WriteFile(filepath.Join(s.dir, "data", "workspace", "user", "w.weft"), []byte(text), 0o600))
	cmd := s.command("weft batch run user/w.weft --server " + address)
	cmd.Env = append(cmd.Env, "WEFT_BATCH_TOKEN="+s.serviceToken(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(s.dir, "data", "workspace", "user", "out", "a.csv"))
	if err != nil || string(got) != "a\nx\n" {
		t.Errorf("%q %v", got, err)
	}
}

// serviceToken is the first token of the account for programs.
func (s sandbox) serviceToken(t *testing.T) string {
	t.Helper()
	first, err := os.ReadFile(filepath.Join(s.dir, "data", "first-passwords.txt"))
	check(t, err)
	return string(regexp.MustCompile(`(?m)^service (\S+)$`).FindSubmatch(first)[1])
}

const anyPort = "127.0.0.1:0"

// A Server as a process: it prints its first passwords once, signs people in,
// lives through SIGHUP, ends cleanly on SIGTERM, and knows its accounts again;
// weft admin works beside it.
func TestServerProcess(t *testing.T) {
	s := newSandbox(t, install(t))
	p := s.started(t, "server", "--listen-ws", anyPort, "--listen-tcp", anyPort, "--data-folder", "data")
	password := p.find(&p.out, `(?m)^  user +(\S+)$`)
	address := p.find(&p.err, `listening for websockets" address=(\S+)`)
	byPassword := func(name, password string) func(*weftv1.Hello) {
		return func(h *weftv1.Hello) {
			h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: name, Password: password}}
		}
	}
	if me := signedIn(t, address, byPassword("user", password)).GetCaller(); !me.GetMustChangePassword() {
		t.Error(me)
	}
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	out, err := s.command("weft admin user add ann --role viewer --data data && weft admin user list --data data").CombinedOutput()
	if err != nil || !regexp.MustCompile(`(?m)^ann +viewer +active +never$`).Match(out) {
		t.Errorf("%v\n%s", err, out)
	}
	lines := strings.Split(string(out), "\n")
	signedIn(t, address, byPassword("ann", strings.TrimSpace(lines[1])))
	p.end(syscall.SIGTERM)
	p = s.started(t, "server", "--listen-ws", anyPort, "--listen-tcp", anyPort, "--data-folder", "data", "--log-format", "json")
	address = p.find(&p.err, `listening for websockets","address":"([^"]+)"`)
	signedIn(t, address, byPassword("user", password))
	p.end(os.Interrupt)
	if text := p.text(&p.out); text != "" {
		t.Errorf("a second start prints %q", text)
	}
	if text := p.text(&p.err); !strings.Contains(text, "first-passwords.txt") {
		t.Error("nobody is told that the first passwords lie there still")
	}
}

// A web server as a process hands out Studio, or the page in its place, and
// where the Server is.
func TestWebProcess(t *testing.T) {
	s := newSandbox(t, install(t))
	p := s.started(t, "web", "--listen-http", anyPort, "--server-host", "weft.example", "--server-port", "9999")
	address := p.find(&p.err, `listening address=(\S+)`)
	var got struct {
		Host   string
		WSPort int
	}
	for path, into := range map[string]any{"/app/": nil, "/healthz": nil, "/app/server.json": &got} {
		resp, err := http.Get("http://" + address + path)
		check(t, err)
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", path, resp.StatusCode, err)
		}
		if into != nil {
			check(t, json.Unmarshal(body, into))
		}
	}
	if got.Host != "weft.example" || got.WSPort != 9999 {
		t.Errorf("%+v", got)
	}
	p.end(syscall.SIGTERM)
}

// weft serve as a process: its printed address signs in once; weft open prints
// another; a second one on the same folder and one on a taken port are refused
// with what to do; at the end nothing is left but the data.
func TestServeProcess(t *testing.T) {
	s := newSandbox(t, install(t))
	any := []string{"--no-browser", "--port", "0", "--server-port", "0", "--tcp-port", "0"}
	p := s.started(t, append([]string{"serve", "--data", "data", "--log-level", "info"}, any...)...)
	page := p.find(&p.out, `Studio: (http://\S+)`)
	address := p.find(&p.err, `listening for websockets" address=(\S+)`)
	byTicket := func(page string) func(*weftv1.Hello) {
		return func(h *weftv1.Hello) {
			_, token, _ := strings.Cut(page, "#token=")
			token, _, _ = strings.Cut(token, "&")
			h.Credentials = &weftv1.Hello_OneTimeToken{OneTimeToken: token}
		}
	}
	if me := signedIn(t, address, byTicket(page)).GetCaller(); me.GetName() != "user" {
		t.Error(me)
	}
	again, err := s.command("weft open --print --data data").Output()
	check(t, err)
	signedIn(t, address, byTicket(strings.TrimSpace(string(again))))
	port := regexp.MustCompile(`127\.0\.0\.1:(\d+)`).FindStringSubmatch(page)[1]
	for line, want := range map[string]string{
		"weft serve --data data":                                      "weft open",
		"weft serve --data data --lang ru":                            "weft open",
		"weft serve --data other --no-browser --port " + port:         "--port",
		"weft server --data-folder data":                              "data.folder",
		"weft server --data-folder other --listen-ws 0.0.0.0:" + port: "listen.ws",
	} {
		out, err := s.command(line).CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != 1 || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	s.batchRun(t, p.find(&p.err, `listening for gRPC" address=(\S+)`))
	p.end(os.Interrupt)
	for _, name := range []string{"open.html", "examples.new"} {
		if _, err := os.Stat(filepath.Join(s.dir, "data", name)); err == nil {
			t.Errorf("%s is left", name)
		}
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Error(left)
	}
}
