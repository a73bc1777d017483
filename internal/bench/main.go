// Command bench measures Weft beside hand-written DuckDB on the same machine,
// in one run, and ends with lines of name and figure:
//
//	fused/handwritten   a workflow against the best single query written by hand
//	materialised/fused  a table written after every node against the one query
//	preview/csv         seconds to the first rows of the slowest node
//	run trivial s       weft run of a trivial package, start to exit
//	plan 500 nodes s    decoding, planning and binding 500 nodes
//	serve first byte s  from the start of weft serve to the first byte of Studio
//	idle connection KiB memory of the Server for a signed-in websocket that does nothing
//	page p99 ms         a page of 100 rows anywhere in a result of 100 million
//	weft/nginx small    round trips of small messages through the proxy, beside nginx
//	weft/nginx large    bytes of large messages through it, beside nginx
//	integrator/node-red calls a second of a published workflow, beside Node-RED's simplest function
//
// It makes its own data: ten million orders, about 450 MB of CSV.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

// config is what a bench is run with.
type config struct {
	weft string // the binary
	data string // folder of the data, made where missing
	rows int    // of the big file
	runs int    // counted runs of each measurement
	only string // the one measurement to make; empty: all
}

func main() {
	var c config
	flag.StringVar(&c.weft, "weft", "bin/weft", "the weft binary")
	flag.StringVar(&c.data, "data", "data/bench", "folder for the data, made where missing")
	flag.IntVar(&c.rows, "rows", 10_000_000, "rows of the big file")
	flag.IntVar(&c.runs, "runs", 5, "counted runs of each measurement; the median counts")
	flag.StringVar(&c.only, "only", "", "make one measurement alone: workflow, trivial, nodes, proxy, serve, idle, page or integrator")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measureAll(ctx, c)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figure is one line of the result.
type figure struct {
	name  string
	value float64
}

// measurement is what can be made alone.
type measurement struct {
	name    string
	measure func(context.Context, config) ([]figure, error)
}

func measurements() []measurement {
	return []measurement{
		{"workflow", overData(workflow)}, {"trivial", overData(trivial)}, {"nodes", manyNodes}, {"proxy", proxy}, {"serve", serve}, {"idle", idle},
		{"page", pages}, {"integrator", integrators},
	}
}

// overData makes the data first, where they are missing.
func overData(measure func(context.Context, config) ([]figure, error)) func(context.Context, config) ([]figure, error) {
	return func(ctx context.Context, c config) ([]figure, error) {
		if err := makeData(ctx, c); err != nil {
			return nil, err
		}
		return measure(ctx, c)
	}
}

func measureAll(ctx context.Context, c config) error {
	var err error
	if c.weft, err = filepath.Abs(c.weft); err != nil {
		return err
	}
	if c.data, err = filepath.Abs(c.data); err != nil {
		return err
	}
	printMachine(os.Stdout)
	var figures []figure
	for _, m := range measurements() {
		if c.only != "" && c.only != m.name {
			continue
		}
		f, err := m.measure(ctx, c)
		if err != nil {
			return err
		}
		figures = append(figures, f...)
	}
	fmt.Println()
	for _, f := range figures {
		fmt.Printf("%s %.3g\n", f.name, f.value)
	}
	return nil
}

// timed runs f once and returns the seconds it took.
func timed(f func() error) (float64, error) {
	begin := time.Now()
	err := f()
	return time.Since(begin).Seconds(), err
}

func median(s []float64) float64 {
	s = slices.Sorted(slices.Values(s))
	return s[len(s)/2]
}

// report prints every single time, so that a noisy machine shows.
func report(name string, times []float64) {
	fmt.Printf("%-28s median %7.3f s  ", name, median(times))
	for _, t := range times {
		fmt.Printf(" %.3f", t)
	}
	fmt.Println()
}
