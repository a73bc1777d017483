package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// servePatience is how long weft serve may take to answer.
const servePatience = 30 * time.Second

// serve measures from the start of weft serve, with a data folder that is not
// there yet, to the first byte of Studio.
func serve(ctx context.Context, c config) ([]figure, error) {
	var times []float64
	for range c.runs + 1 {
		s, err := serveOnce(ctx, c)
		if err != nil {
			return nil, err
		}
		times = append(times, s)
	}
	times = times[1:] // the first reads the binary from the disk
	report("serve first byte", times)
	return []figure{{"serve first byte s", median(times)}}, nil
}

func serveOnce(ctx context.Context, c config) (seconds float64, err error) {
	dir, err := os.MkdirTemp("", "weft-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	ports, err := freePorts(3)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, c.weft, "serve", "--no-browser", "--data", dir,
		"--port", ports[0], "--server-port", ports[1], "--tcp-port", ports[2])
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() {
		if e := cmd.Process.Signal(os.Interrupt); err == nil {
			err = e
		}
		if e := cmd.Wait(); err == nil {
			err = e
		}
	}()
	if err := firstByte(ctx, "http://127.0.0.1:"+ports[0]+"/app/"); err != nil {
		return 0, err
	}
	return time.Since(begin).Seconds(), nil
}

// firstByte asks again and again until there is an answer.
func firstByte(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, servePatience)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("weft serve does not answer: %w", err)
			}
			continue // it does not listen yet
		}
		_, err = io.CopyN(io.Discard, resp.Body, 1)
		resp.Body.Close()
		if err == nil && resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("weft serve answers %s", resp.Status)
		}
		return err
	}
}

func freePorts(n int) ([]string, error) {
	var out []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all are open until all are known
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		out = append(out, port)
	}
	return out, nil
}
