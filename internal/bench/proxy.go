package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// loads are BenchmarkProxy's: small messages on 64 connections, large ones on
// 8, the latter by a whole websocket client.
var loads = []string{"small", "large"}

// proxy measures the web server's websocket proxy beside nginx: the same
// client, the same Server, one round after another, the median of each.
func proxy(ctx context.Context, c config) ([]figure, error) {
	if _, err := exec.LookPath("nginx"); err != nil {
		return nil, errors.New("nginx is missing: apt-get install nginx-light")
	}
	dir, err := os.MkdirTemp("", "weft-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "web.test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./internal/web").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the proxy's benchmark: %w\n%s", err, out)
	}
	times := map[string][]float64{}
	for n := range c.runs {
		fmt.Printf("proxy, round %d of %d\n", n+1, c.runs)
		if err := proxyRound(ctx, binary, times); err != nil {
			return nil, err
		}
	}
	var out []figure
	for _, load := range loads {
		weft, nginx := median(times[load+"/weft"]), median(times[load+"/nginx"])
		out = append(out, figure{"weft/nginx " + load, nginx / weft})
	}
	return out, nil
}

// benchmarkLine is one line of what a benchmark prints; a single processor
// leaves the number off the name.
var benchmarkLine = regexp.MustCompile(`(?m)^BenchmarkProxy/(\w+/\w+)(?:-\d+)?\s+\d+\s+(\S+) ns/op`)

func proxyRound(ctx context.Context, binary string, times map[string][]float64) error {
	text, err := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.bench", "^BenchmarkProxy$/^(small|large)$/^(weft|nginx)$").CombinedOutput()
	if err != nil {
		return fmt.Errorf("the proxy's benchmark: %w\n%s", err, text)
	}
	found := benchmarkLine.FindAllStringSubmatch(string(text), -1)
	if len(found) != 2*len(loads) {
		return fmt.Errorf("the proxy's benchmark measured %d of %d:\n%s", len(found), 2*len(loads), text)
	}
	for _, m := range found {
		ns, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return err
		}
		times[m[1]] = append(times[m[1]], ns)
	}
	return nil
}
