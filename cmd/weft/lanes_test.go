package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/run"
)

// pairs is a package whose node d works on pairs of pairs of rows for hours.
func pairs() string {
	return head + table("a", 2000) + `
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      c: {component: tables.join, inputs: {left: b, right: a}, settings: {kind: cross}}
      d: {component: columns.group, input: c, settings: {keys: [t], measures: [{column: n_2, function: sum}, {column: n_3, function: mean}]}}
      near: {component: rows.filter, input: a, settings: {formula: n < 3}}
`
}

// workers are the processes that this one has started and has not seen end.
func workers(t *testing.T) (out []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	check(t, err)
	if len(stats) == 0 {
		t.Skip("this system has no /proc")
	}
	for _, f := range stats {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // it has ended meanwhile
		}
		var pid, parent int
		var state string
		_, rest, _ := strings.Cut(string(text), ") ")
		if _, err := fmt.Sscan(rest, &state, &parent); err != nil {
			continue
		}
		_, _ = fmt.Sscan(string(text), &pid)
		if parent == os.Getpid() { // one that has ended counts until somebody has seen that
			out = append(out, pid)
		}
	}
	return out
}

// awaitWorkers waits until as many processes live, and returns them.
func awaitWorkers(t *testing.T, n int, within time.Duration) []int {
	t.Helper()
	for until := time.Now().Add(within); ; {
		got := workers(t)
		if len(got) == n {
			return got
		}
		if time.Now().After(until) {
			t.Fatalf("%d processes after %v, not %d", len(got), within, n)
		}
		runtime.Gosched()
	}
}

// What takes long on one panel does not delay another, nor the next click.
func TestTheLongDoesNotDelayTheNextClick(t *testing.T) {
	s := newSite(t)
	s.put(t, "user/pairs.weft", pairs())
	conn := s.client(t)
	slow, quick := newPanel(t, conn), newPanel(t, conn)
	port := func(node string) *weftv1.Port { return &weftv1.Port{Document: "user/pairs.weft", Node: node} }
	quick.ask(t, port("near"), 100, false)
	quick.next(t)
	slow.ask(t, port("d"), 100, true)
	awaitWorkers(t, 2, busy)
	for range 3 {
		begin := time.Now()
		quick.ask(t, port("near"), 100, false)
		if got := quick.next(t); len(got.rows) != 3 {
			t.Fatalf("got %v", got.failed)
		}
		if took := time.Since(begin); took > busy { // 10 ms on a machine that is free
			t.Errorf("the next click took %v", took)
		}
	}
	begin := time.Now()
	slow.ask(t, port("near"), 100, true)
	if got := slow.next(t); len(got.rows) != 3 {
		t.Errorf("got %v", got.failed)
	}
	if took := time.Since(begin); took > busy { // 300 ms
		t.Errorf("the panel's own next click took %v", took)
	}
}

// A worker that dies is told to whoever it died for; the next request has a new
// one.
func TestPreviewSurvivesItsWorker(t *testing.T) {
	s := newSite(t)
	doc := s.put(t, "user/pairs.weft", pairs())
	conn := s.client(t)
	p := newPanel(t, conn)
	port := &weftv1.Port{Document: "user/pairs.weft", Node: "d"}
	p.ask(t, &weftv1.Port{Document: "user/pairs.weft", Node: "near"}, 10, false)
	p.next(t)
	p.ask(t, port, 10, true)
	both := awaitWorkers(t, 2, busy)
	for _, pid := range both {
		check(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	got := p.next(t)
	if e := got.failed.GetErrors(); len(e) != 1 || e[0].GetKind() != "crashed" {
		t.Fatalf("got %v", got.failed)
	}
	awaitWorkers(t, 0, busy)
	doc.do(t, pack.SetSetting{Workflow: "main", Node: "near", Path: formula(t), Value: pack.Text("n < 2")})
	p.ask(t, &weftv1.Port{Document: "user/pairs.weft", Node: "near"}, 10, false)
	if next := p.next(t); len(next.rows) != 2 {
		t.Errorf("after it: %v", next.failed)
	}
}

// A worker that dies while nobody uses it is nothing that the next request hears
// of.
func TestPreviewOfAWorkerThatDiedAtRest(t *testing.T) {
	s := newSite(t)
	s.put(t, "user/pairs.weft", pairs())
	p := newPanel(t, s.client(t))
	for range 5 {
		p.ask(t, &weftv1.Port{Document: "user/pairs.weft", Node: "near"}, 10, false)
		if got := p.next(t); len(got.rows) != 3 {
			t.Fatalf("got %v", got.failed)
		}
		for _, pid := range awaitWorkers(t, 1, busy) {
			check(t, syscall.Kill(pid, syscall.SIGKILL))
		}
	}
}

// Workers that nobody uses end by themselves.
func TestIdlePreviewsEnd(t *testing.T) {
	s := newSite(t, func(_ *run.Runner, p *preview.Options, _ *job.Options) { p.Idle = 200 * time.Millisecond })
	s.put(t, "user/pairs.weft", pairs())
	p := newPanel(t, s.client(t))
	p.ask(t, &weftv1.Port{Document: "user/pairs.weft", Node: "near"}, 10, false)
	p.next(t)
	awaitWorkers(t, 0, busy)
	p.ask(t, &weftv1.Port{Document: "user/pairs.weft", Node: "near"}, 10, false)
	if got := p.next(t); len(got.rows) != 3 {
		t.Errorf("after it: %v", got.failed)
	}
}
