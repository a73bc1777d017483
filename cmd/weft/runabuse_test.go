package main

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/run"
)

// busy is how long a machine that does much else may take over what is
// promised in far less; the promises are measured by benchmarks.
const busy = 10 * time.Second

// runaways are workflows that would take all memory, or for ever.
func runaways() map[string]string {
	return map[string]string{
		"pairs of pairs": pairs(),
		"a long text": head + table("a", 10) + `
      long:
        component: columns.calculate
        input: a
        settings:
          formulas:
            - {name: x, formula: "repeat('abcdefgh', 100000000 + n)"}
      d: {component: columns.group, input: long, settings: {keys: [n], measures: [{column: x, function: max}]}}
`,
	}
}

// stepping waits until a run is under way.
func stepping(t *testing.T, c weftv1.RunsClient, id string) {
	t.Helper()
	stream, err := c.WatchRun(t.Context(), &weftv1.WatchRunRequest{Run: id})
	check(t, err)
	for {
		e, err := stream.Recv()
		check(t, err)
		if e.GetStep() != nil {
			return
		}
	}
}

// A run that would never end fails as memory or time, and nothing else does.
func TestRunawayRunsFail(t *testing.T) {
	s := newSite(t, func(r *run.Runner, _ *preview.Options, _ *job.Options) {
		r.Worker.Memory, r.Worker.Spill = 200<<20, 1<<20
	})
	runs := weftv1.NewRunsClient(s.client(t))
	for name, text := range runaways() {
		t.Run(name, func(t *testing.T) {
			s.put(t, "user/runaway.weft", text)
			started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{
				Path: "user/runaway.weft", LimitMs: 3000, Targets: []*weftv1.RunTarget{{Node: "d"}},
			})
			check(t, err)
			got := outcome(t, runs, started.GetRun())
			if got.GetState() != weftv1.RunState_RUN_STATE_FAILED || len(got.GetErrors()) != 1 {
				t.Fatalf("ended with %v", got)
			}
			if e := got.GetErrors()[0]; e.GetKind() != "exhausted" && e.GetKind() != "timeout" {
				t.Errorf("failed with %v", e)
			}
			awaitWorkers(t, 0, busy)
		})
	}
}

// A run that is cancelled counts as cancelled at once; its process and its
// folder are gone soon after.
func TestCancelledRuns(t *testing.T) {
	s := newSite(t)
	runs := weftv1.NewRunsClient(s.client(t))
	for name, text := range runaways() {
		t.Run(name, func(t *testing.T) {
			s.put(t, "user/runaway.weft", text)
			started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{
				Path: "user/runaway.weft", Targets: []*weftv1.RunTarget{{Node: "d"}},
			})
			check(t, err)
			stepping(t, runs, started.GetRun())
			begin := time.Now()
			_, err = runs.CancelRun(t.Context(), &weftv1.CancelRunRequest{Run: started.GetRun()})
			check(t, err)
			got := outcome(t, runs, started.GetRun())
			if took := time.Since(begin); got.GetState() != weftv1.RunState_RUN_STATE_CANCELLED || took > busy {
				t.Errorf("%v after %v", got.GetState(), took)
			}
			awaitWorkers(t, 0, busy)
			for until := time.Now().Add(busy); ; {
				left, err := filepath.Glob(filepath.Join(s.dir, "runs", ".work", "*"))
				if err == nil && len(left) == 0 {
					return
				}
				if time.Now().After(until) {
					t.Fatalf("left behind: %v, %v", left, err)
				}
				runtime.Gosched()
			}
		})
	}
}

// A client that asks for much and takes nothing costs the Server little, and
// nobody else waits for it.
func TestPageThatNobodyTakes(t *testing.T) {
	s := newSite(t)
	s.put(t, "user/wide.weft", head+table("a", 2000)+`
      wide: {component: columns.calculate, input: a, settings: {formulas: [{name: x, formula: "repeat(t, 400)"}]}}
`)
	conn := s.client(t)
	runs, data := weftv1.NewRunsClient(conn), weftv1.NewDataClient(conn)
	started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "user/wide.weft"})
	check(t, err)
	done := outcome(t, runs, started.GetRun())
	if len(done.GetResults()) != 1 {
		t.Fatalf("ended with %v", done)
	}
	result := done.GetResults()[0].GetResult()
	page(t, data, &weftv1.ReadPageRequest{Result: result, Limit: 1}) // the reader is warm
	before := heap()
	for range 8 {
		_, err := data.ReadPage(t.Context(), &weftv1.ReadPageRequest{Result: result, Limit: 2000}) // 14 MB
		check(t, err)
	}
	begin := time.Now()
	for range 20 {
		if rows, _ := page(t, data, &weftv1.ReadPageRequest{Result: result, Limit: 1, Columns: []string{"n"}}); len(rows) != 1 {
			t.Fatalf("got %v", rows)
		}
	}
	if took := time.Since(begin); took > busy {
		t.Errorf("20 pages took %v", took)
	}
	// Both ends of eight streams are in this process: windows, what a spool keeps
	// in memory, and a batch on its way.
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("the heap has grown by %d KiB", grown>>10)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A worker that dies fails its run, with the cause; an output of it does not
// appear.
func TestRunSurvivesNothingButItself(t *testing.T) {
	s := newSite(t)
	s.put(t, "user/endless.weft", endless())
	conn := s.client(t)
	runs := weftv1.NewRunsClient(conn)
	started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "user/endless.weft"})
	check(t, err)
	stepping(t, runs, started.GetRun())
	for _, pid := range awaitWorkers(t, 1, busy) {
		check(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	got := outcome(t, runs, started.GetRun())
	if got.GetState() != weftv1.RunState_RUN_STATE_FAILED || len(got.GetErrors()) != 1 || got.GetErrors()[0].GetKind() != "crashed" {
		t.Errorf("ended with %v", got)
	}
	if got.GetErrors()[0].GetPlace().GetNode() == "" {
		t.Errorf("no node is told: %v", got.GetErrors()[0])
	}
	if _, err := os.Stat(s.tree("user/early.csv")); err == nil {
		t.Error("an output of a run that failed is there")
	}
}

// A cell as large as memory stays in the worker.
func TestHugeCell(t *testing.T) {
	s := newSite(t, func(r *run.Runner, _ *preview.Options, _ *job.Options) { r.Worker.Row = 16 << 20 })
	s.put(t, "user/huge.weft", head+table("a", 3)+`
      huge: {component: columns.calculate, input: a, settings: {formulas: [{name: x, formula: "repeat('abcdefgh', 10000000)"}]}}
`)
	p := newPanel(t, s.client(t))
	p.ask(t, &weftv1.Port{Document: "user/huge.weft", Node: "a"}, 10, false)
	p.next(t)
	before := taken()
	p.ask(t, &weftv1.Port{Document: "user/huge.weft", Node: "huge"}, 10, false)
	if got := p.next(t); len(got.failed.GetErrors()) != 1 || got.failed.GetErrors()[0].GetId() != "worker.row_too_large" {
		t.Errorf("got %v, %v", got.done, got.failed)
	}
	if grown := taken() - before; grown > 20<<20 {
		t.Errorf("%d MiB went through this process", grown>>20)
	}
	p.ask(t, &weftv1.Port{Document: "user/huge.weft", Node: "a"}, 10, false)
	if got := p.next(t); len(got.rows) != 3 {
		t.Errorf("after it: %v", got.failed)
	}
}

// taken is all that was ever allocated.
func taken() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}

// A run whose account loses the right to what it reads is stopped.
func TestRunLosesItsInputs(t *testing.T) {
	s := newSite(t)
	check(t, os.Mkdir(s.tree("user/data"), 0o700))
	s.numbers(t, "user/data/numbers.csv", 3000)
	s.put(t, "user/long.weft", head+`
      a: {component: input.text, settings: {path: data/numbers.csv}}
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      c: {component: tables.join, inputs: {left: b, right: a}, settings: {kind: cross}}
      d: {component: columns.group, input: c, settings: {keys: [name], measures: [{column: n_2, function: sum}]}}
`)
	runs := weftv1.NewRunsClient(s.client(t))
	started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "user/long.weft"})
	check(t, err)
	stepping(t, runs, started.GetRun())
	check(t, s.auth.Owner().Grant(t.Context(), "/user/data", auth.Subject{Name: "user"}, 0))
	begin := time.Now()
	got := outcome(t, runs, started.GetRun())
	if e := got.GetErrors(); len(e) != 1 || e[0].GetId() != "job.rights_lost" {
		t.Errorf("ended with %v", got)
	}
	if took := time.Since(begin); took > busy {
		t.Errorf("it took %v", took)
	}
}
