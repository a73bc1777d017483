package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// How the web services are loaded: callers that each wait for their answer
// before they call again, and for how long.
const (
	callers   = 64
	loadTime  = 5 * time.Second
	warmUp    = 2 * time.Second
	nodeRed   = "bin/node-red/node_modules/.bin/node-red"
	sameInput = `{"input":[{"x":41}]}`
)

// oneRow is a published workflow of one row in and out.
const oneRow = `weft: 1
workflows:
  main:
    nodes:
      rows:
        component: input.table
        settings: {columns: [{name: x, type: integer}], rows: [[1]]}
      next:
        component: columns.calculate
        input: rows
        settings: {formulas: [{name: y, formula: x + 1}]}
services:
  bench:
    next: {input: rows, output: next}
`

// oneFunction is the same in Node-RED: its simplest function.
const oneFunction = `[
 {"id":"f","type":"tab","label":"bench"},
 {"id":"in","type":"http in","z":"f","url":"/api/v1/bench/next","method":"post","wires":[["fn"]]},
 {"id":"fn","type":"function","z":"f","func":"msg.payload = {rows: msg.payload.input.map(r => ({x: r.x, y: r.x + 1}))}; return msg;","outputs":1,"wires":[["out"]]},
 {"id":"out","type":"http response","z":"f","wires":[]}
]`

// integrators measures a published service through the Integrator beside
// Node-RED: the same callers, the same bodies, one after another in turns.
func integrators(ctx context.Context, c config) (_ []figure, err error) {
	if _, err := os.Stat(nodeRed); err != nil {
		return nil, errors.New("Node-RED is missing: make bench-integrator installs it into bin/node-red")
	}
	dir, err := os.MkdirTemp("", "weft-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var running processes
	defer func() { err = errors.Join(err, running.end()) }()
	weft, err := startWeft(ctx, c, dir, &running)
	if err != nil {
		return nil, err
	}
	red, err := startNodeRed(ctx, dir, &running)
	if err != nil {
		return nil, err
	}
	rates := map[string][]float64{}
	for n := range c.runs {
		for name, address := range map[string]string{"weft": weft, "node-red": red} {
			rate, err := load(ctx, address)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			fmt.Printf("integrator, round %d: %-8s %6.0f calls a second\n", n+1, name, rate)
			rates[name] = append(rates[name], rate)
		}
	}
	return []figure{{"integrator/node-red", median(rates["weft"]) / median(rates["node-red"])}}, nil
}

// startWeft starts a Server and an Integrator, each a process of its own, and
// returns the Integrator's address.
func startWeft(ctx context.Context, c config, dir string, running *processes) (string, error) {
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(filepath.Join(data, "workspace", "user"), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(data, "workspace", "user", "bench.weft"), []byte(oneRow), 0o600); err != nil {
		return "", err
	}
	server, err := startServer(ctx, c, dir, running)
	if err != nil {
		return "", err
	}
	ports, err := freePorts(1)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "integrator.toml")
	text := fmt.Sprintf("[[servers]]\naddress = \"127.0.0.1\"\nport = %s\ntoken = %q\n[callers]\nopen = true\n[access]\nlog = false\n[log]\nlevel = \"error\"\n", server.tcp, server.token)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	if err := running.start(ctx, dir, c.weft, "integrator", "--config", file, "--listen-http", "127.0.0.1:"+ports[0]); err != nil {
		return "", err
	}
	return ports[0], answers(ctx, ports[0])
}

func startNodeRed(ctx context.Context, dir string, running *processes) (string, error) {
	ports, err := freePorts(1)
	if err != nil {
		return "", err
	}
	program, err := filepath.Abs(nodeRed)
	if err != nil {
		return "", err
	}
	user := filepath.Join(dir, "node-red")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return "", err
	}
	settings := `module.exports = {uiHost: "127.0.0.1", httpAdminRoot: false, logging: {console: {level: "error", metrics: false, audit: false}}}`
	if err := errors.Join(
		os.WriteFile(filepath.Join(user, "flows.json"), []byte(oneFunction), 0o600),
		os.WriteFile(filepath.Join(user, "settings.js"), []byte(settings), 0o600),
	); err != nil {
		return "", err
	}
	if err := running.start(ctx, user, program, "--userDir", user, "--port", ports[0], "flows.json"); err != nil {
		return "", err
	}
	return ports[0], answers(ctx, ports[0])
}

// request is one call on a connection that stays.
const request = "POST /api/v1/bench/next HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

// answers waits until the service gives the right answer.
func answers(ctx context.Context, port string) error {
	var last error
	for begun := time.Now(); time.Since(begun) < servePatience && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			last = err
			continue
		}
		last = exchange(conn, bufio.NewReader(conn), fmt.Appendf(nil, request, len(sameInput), sameInput))
		conn.Close()
		if last == nil {
			return nil
		}
	}
	return fmt.Errorf("no answer: %w", last)
}

// load has all callers call for a while and returns their calls in a second.
func load(ctx context.Context, port string) (float64, error) {
	var done atomic.Int64
	var counting atomic.Bool
	ctx, stop := context.WithTimeout(ctx, warmUp+loadTime)
	defer stop()
	errs := make(chan error, callers)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() { errs <- caller(ctx, port, &done, &counting) })
	}
	time.Sleep(warmUp)
	counting.Store(true)
	begun := time.Now()
	wg.Wait()
	took := time.Since(begun).Seconds()
	close(errs)
	for err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return float64(done.Load()) / took, nil
}

// caller calls again and again on one connection. It speaks HTTP by itself, so
// that what is measured is not its own work.
func caller(ctx context.Context, port string, done *atomic.Int64, counting *atomic.Bool) error {
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	defer conn.Close()
	in, out := bufio.NewReader(conn), fmt.Appendf(nil, request, len(sameInput), sameInput)
	for ctx.Err() == nil {
		if err := exchange(conn, in, out); err != nil {
			return err
		}
		if counting.Load() {
			done.Add(1)
		}
	}
	return nil
}

// exchange sends a request and reads its answer, which must be the right one.
func exchange(conn net.Conn, in *bufio.Reader, out []byte) error {
	if _, err := conn.Write(out); err != nil {
		return err
	}
	status, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	good := bytes.HasPrefix(status, fmt.Appendf(nil, "HTTP/1.1 %d", http.StatusOK))
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("content-length")) {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(value))) // refused below
		}
	}
	if length < 0 || length > 1<<16 {
		return errors.New("an answer without a length")
	}
	var body [1 << 10]byte
	text := body[:min(length, len(body))]
	if _, err := io.ReadFull(in, text); err != nil {
		return err
	}
	if !good || !bytes.Contains(text, []byte(`"y":42`)) {
		return fmt.Errorf("%s %s", bytes.TrimSpace(status), text)
	}
	return nil
}
