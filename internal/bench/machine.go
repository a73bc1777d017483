package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// printMachine says on what the figures were measured.
func printMachine(w io.Writer) {
	fmt.Fprintf(w, "machine: %s, %d cores, %s memory, %s/%s, %s\n",
		lookup("/proc/cpuinfo", "model name"), runtime.NumCPU(), lookup("/proc/meminfo", "MemTotal"),
		runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// lookup returns the value of a "key: value" line of a file, or "unknown".
func lookup(file, key string) string {
	f, err := os.Open(file)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}
