package duckdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"golang.org/x/sys/unix"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

// slack is how long canceling may take in a test: BenchmarkCancel measures the
// 200 ms that are promised; a test only tells that it does not hang.
const slack = 10 * time.Second

// lateRow is a line so far behind in a file that rows before it have come when
// the engine reads it.
const lateRow = 3_000_000

func TestErrors(t *testing.T) {
	c, _, input := start(t)
	for name, text := range map[string]string{
		"broken.csv":     "a,b\n1,2\n1,2,3\n\"\n",
		"broken.parquet": "PAR1 this is none",
		"words.csv":      "a\n1\nx\n",
		"quote.csv":      "a,b\n1,2\n3,\"x\n",
		"bytes.csv":      "a,b\n1,2\n3,caf\xe9\n",
		"late.csv":       "a,b\n" + strings.Repeat("1,2\n", lateRow-2) + "1\n" + strings.Repeat("1,2\n", lateRow),
	} {
		if err := os.WriteFile(filepath.Join(input, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) string { return quoted(filepath.Join(input, name)) }
	for _, tt := range []struct {
		name, sql string
		kind      errs.Kind
		text      string
	}{
		{"conversion", "SELECT ('a' || i)::BIGINT FROM range(3) t(i)", errs.Failed,
			"A value could not be converted: Could not convert string 'a0' to INT64"},
		{"late conversion", "SELECT CASE WHEN i = 900000 THEN 'x' ELSE '1' END::BIGINT FROM range(1000000) t(i)", errs.Failed,
			"A value could not be converted: Could not convert string 'x' to INT64"},
		{"overflow", "SELECT 9223372036854775807 + i FROM range(3) t(i)", errs.Failed,
			"A number is too large or too small: Overflow in addition of INT64 (9223372036854775807 + 1)!"},
		{"unknown column", "SELECT nope FROM range(3) t(i)", errs.Invalid,
			`The query is wrong: Referenced column "nope" not found in FROM clause!`},
		{"syntax", "SELECT FROM WHERE", errs.Invalid, `The query is wrong: syntax error at or near "WHERE"`},
		{"missing file", "SELECT * FROM read_csv(" + file("none.csv") + ")", errs.NotFound,
			`A file was not found: No files found that match the pattern "none.csv"`},
		{"not parquet", "SELECT * FROM read_parquet(" + file("broken.parquet") + ")", errs.Unreadable, "broken.parquet"},
		{"broken csv", "SELECT * FROM read_csv(" + file("broken.csv") + ", columns = {a: 'BIGINT', b: 'BIGINT'}, auto_detect = false, header = true)", errs.Unreadable, "Fields in this row: 3, in the others: 2."},
		{"strict csv", "SELECT * FROM read_csv(" + file("words.csv") + ", columns = {a: 'BIGINT'}, auto_detect = false, header = true)", errs.Unreadable, "This row cannot be read: "},
		{"open quote", "SELECT * FROM read_csv(" + file("quote.csv") + ", columns = {a: 'VARCHAR', b: 'VARCHAR'}, auto_detect = false, header = true, quote = '\"')", errs.Unreadable, "A quote is opened in this row"},
		{"wrong bytes csv", "SELECT * FROM read_csv(" + file("bytes.csv") + ", columns = {a: 'VARCHAR', b: 'VARCHAR'}, auto_detect = false, header = true)", errs.Unreadable, "This row is not encoded in utf-8"},
		{"late row csv", "SELECT * FROM read_csv(" + file("late.csv") + ", columns = {a: 'VARCHAR', b: 'VARCHAR'}, auto_detect = false, header = true)", errs.Unreadable, "Fields in this row: 1, in the others: 2."},
		{"misfit", "SELECT error('weft misfit decimal(10,2): two''s')", errs.Failed, "The value 'two's' is no decimal(10,2)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := c.Query(t.Context(), tt.sql, 0, discard)
			wantKind(t, err, tt.kind)
			e, ok := errors.AsType[*errs.Error](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if got := e.Text("en"); !strings.Contains(got, tt.text) || strings.Contains(got, input) || strings.Contains(got, "LINE") {
				t.Errorf("message %q, want %q in it", got, tt.text)
			}
			if e.Cause == nil {
				t.Error("no cause")
			}
			line := 3
			if tt.name == "late row csv" {
				line = lateRow
			}
			if at := e.Place; strings.HasSuffix(tt.name, "csv") && (filepath.Ext(at.File) != ".csv" || filepath.Dir(at.File) != "." || at.Line != line) {
				t.Errorf("the place is %+v", at)
			}
		})
	}
}

// Bytes that are no text are told with their line whichever columns are read,
// and where DuckDB did not survive them the worker ends; a column that nobody
// reads is not looked into.
func TestBadBytes(t *testing.T) {
	for columns, found := range map[string]bool{
		"a": false, "b": true, "c": true, "a, b": true, "b, c": true, "a, c": true, "a, b, c": true,
	} {
		c, dir, input := start(t)
		name := filepath.Join(input, "it's [b].csv")
		if err := os.WriteFile(name, []byte("a,b,c\n"+strings.Repeat("1,2,3\n", 5)+"1,caf\xe9 2,caf\xe9\n1,2,3\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		query := "SELECT " + columns + " FROM read_csv([" + quoted(strings.ReplaceAll(name, "[", "[[]")) + "], columns = {a: 'VARCHAR', b: 'VARCHAR', c: 'VARCHAR'}, auto_detect = false, header = true)"
		for i, call := range []func() error{
			func() error { return c.Query(t.Context(), query, 0, discard) },
			func() error {
				_, err := c.Exec(t.Context(), "COPY ("+query+") TO "+quoted(filepath.Join(dir, "x.parquet"))+" (FORMAT parquet)", nil)
				return err
			},
		} {
			if !c.Alive() {
				c, dir, _ = start(t, func(cfg *worker.Config) { cfg.Reads = []string{input} })
			}
			err := call()
			if !found {
				if err != nil {
					t.Errorf("%s, %d: %v", columns, i, err)
				}
				continue
			}
			wantKind(t, err, errs.Unreadable)
			if e, ok := errors.AsType[*errs.Error](err); !ok || e.Place.File != "it's [b].csv" || e.Place.Line != 7 {
				t.Errorf("%s, %d: %v", columns, i, err)
			}
			if c.Alive() {
				if got := values(t, c, "SELECT 42"); got[0] != "42" {
					t.Errorf("%s, %d: after it: %v", columns, i, got)
				}
			}
		}
	}
}

// A damaged Parquet file is told as one that cannot be read, wherever the
// damage is.
func TestDamagedParquet(t *testing.T) {
	c, dir, input := start(t)
	whole := filepath.Join(dir, "whole.parquet")
	if _, err := c.Exec(t.Context(), "COPY (SELECT i, 'text ' || hash(i) AS t FROM range(20000) r(i)) TO "+quoted(whole)+" (FORMAT parquet, COMPRESSION zstd)", nil); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(input, "damaged.parquet")
	for at := 4; at < len(src); at += len(src) / 40 {
		b := slices.Clone(src)
		for i := at; i < min(at+16, len(b)); i++ {
			b[i] ^= 0xa5
		}
		if at > len(src)*9/10 {
			b = append(b[:at], src[min(len(src), at+12):]...) // a part is missing
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		err := c.Query(t.Context(), "SELECT sum(i), max(t) FROM read_parquet(["+quoted(name)+"])", 0, discard)
		if err != nil && errs.KindOf(err) != errs.Unreadable {
			t.Errorf("damaged at %d of %d: %v", at, len(src), err)
		}
		if !c.Alive() {
			c, _, _ = start(t, func(cfg *worker.Config) { cfg.Reads = []string{input} })
		}
	}
}

// canceled are calls that would take for ever.
func canceled(c *worker.Client, dir string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"query": func(ctx context.Context) error { return c.Query(ctx, endless, 0, discard) },
		"exec": func(ctx context.Context) error {
			_, err := c.Exec(ctx, "COPY ("+endless+") TO "+quoted(filepath.Join(dir, "x.csv")), nil)
			return err
		},
		"streaming": func(ctx context.Context) error {
			return c.Query(ctx, "SELECT i FROM range(100000000000) t(i)", 0, discard)
		},
	}
}

// A canceled call ends, and the worker serves the next one. On a busy machine
// the worker may not stop in time and is killed instead, so it is tried again.
func TestCancel(t *testing.T) {
	for _, name := range []string{"query", "exec", "streaming"} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				c, dir, _ := start(t)
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				begun := time.Now()
				err := canceled(c, dir)[name](ctx)
				cancel()
				wantKind(t, err, errs.Timeout)
				if took := time.Since(begun); took > slack {
					t.Errorf("canceling took %v", took)
				}
				if !c.Alive() {
					continue
				}
				if got := values(t, c, "SELECT 42"); got[0] != "42" {
					t.Errorf("after it: %v", got)
				}
				return
			}
			t.Error("the worker had to be killed each time")
		})
	}
}

// BenchmarkCancel measures how long it takes from canceling a call to its end.
func BenchmarkCancel(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		b.StopTimer()
		c, err := worker.Start(b.Context(), worker.Config{Command: []string{os.Args[0], "worker"}, Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(b.Context(), 200*time.Millisecond)
		<-after(ctx, func() { err = canceled(c, dir)["query"](ctx) }, b.StartTimer)
		b.StopTimer()
		cancel()
		if errs.KindOf(err) != errs.Timeout {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// after runs f, calls then when ctx ends, and closes what it returns when f
// has ended.
func after(ctx context.Context, f, then func()) <-chan struct{} {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	<-ctx.Done()
	then()
	return done
}

// A big string function cannot be interrupted: then the process goes.
func TestCancelByKill(t *testing.T) {
	c, _, _ := start(t, func(cfg *worker.Config) { cfg.Memory = 4 << 30 })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stop := time.AfterFunc(300*time.Millisecond, cancel)
	defer stop.Stop()
	begun := time.Now()
	err := c.Query(ctx, "SELECT sum(length(regexp_replace(repeat('ab', 40000000), '(a|b)+?c', 'x', 'g'))) FROM range(1000)", 0, discard)
	wantKind(t, err, errs.Canceled)
	if took := time.Since(begun) - 300*time.Millisecond; took > slack {
		t.Errorf("canceling took %v", took)
	}
	if c.Alive() {
		t.Skip("the interrupt was enough")
	}
	wantKind(t, c.Query(t.Context(), "SELECT 1", 0, discard), errs.Crashed)
}

func TestMemory(t *testing.T) {
	for name, sql := range map[string]string{
		"counted by the engine": "SELECT count(*) FROM (SELECT DISTINCT i || 'some longer text' FROM range(200000000) t(i))",
		"not counted by it":     "SELECT sum(len(range(0, 200000000 + i))) FROM range(2) t(i)",
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := start(t, func(cfg *worker.Config) { cfg.Memory, cfg.Spill = 100<<20, 1<<20 })
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			wantKind(t, c.Query(ctx, sql, 0, discard), errs.Exhausted)
		})
	}
}

func TestSpill(t *testing.T) {
	c, dir, _ := start(t, func(cfg *worker.Config) { cfg.Memory = 48 << 20 })
	out := filepath.Join(dir, "sorted.parquet")
	sql := "COPY (SELECT i, hash(i) AS h FROM range(4000000) t(i) ORDER BY h) TO " + quoted(out)
	spilled := false
	n, err := c.Exec(t.Context(), sql, func(worker.Progress) {
		if list, _ := os.ReadDir(filepath.Join(dir, "tmp")); len(list) > 0 {
			spilled = true
		}
	})
	if err != nil || n != 4000000 || !spilled {
		t.Errorf("%d rows, spilled %v, error %v", n, spilled, err)
	}
}

func TestSpillLimit(t *testing.T) {
	c, _, _ := start(t, func(cfg *worker.Config) { cfg.Memory, cfg.Spill = 100<<20, 5<<20 })
	_, err := c.Exec(t.Context(), "CREATE TEMP TABLE x AS SELECT i, hash(i) AS h FROM range(30000000) t(i) ORDER BY h", nil)
	wantKind(t, err, errs.Exhausted)
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Message.ID != "duckdb.spill" {
		t.Errorf("got %v", err)
	}
	if got := values(t, c, "SELECT 1"); got[0] != "1" {
		t.Errorf("after it: %v", got)
	}
}

func TestKilledFromOutside(t *testing.T) {
	for _, tt := range []struct {
		signal syscall.Signal
		id     string
	}{{syscall.SIGKILL, "worker.killed"}, {syscall.SIGSEGV, "worker.crashed"}} {
		t.Run(tt.signal.String(), func(t *testing.T) {
			c, _, _ := start(t)
			err := c.Query(t.Context(), "SELECT i FROM range(100000000000) t(i)", 0, func(arrow.RecordBatch) error {
				return syscall.Kill(c.PID(), tt.signal)
			})
			for range 2 { // the call under way, and the next
				e, ok := errors.AsType[*errs.Error](err)
				if !ok || e.Kind != errs.Crashed || e.Message.ID != tt.id || e.Cause == nil {
					t.Errorf("got %v", err)
				}
				err = c.Query(t.Context(), "SELECT 1", 0, discard)
			}
		})
	}
}

// A parent that is killed leaves no worker after a second.
func TestParentDies(t *testing.T) {
	cmd := exec.Command(os.Args[0], "parent", realTemp(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("the parent said %q", line)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 1000)
	if err != nil || n != 1 {
		t.Errorf("the worker lives on (%d, %v)", n, err)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func TestWallsOfTheProcess(t *testing.T) {
	c, _, _ := start(t)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.PID()))
	if err != nil {
		t.Skip(err)
	}
	if !strings.Contains(string(status), "NoNewPrivs:\t1") || !strings.Contains(string(status), "Umask:\t0077") {
		t.Errorf("status:\n%s", status)
	}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", c.PID()))
	for _, f := range tasks {
		if text, err := os.ReadFile(f); err == nil && !strings.Contains(string(text), "NoNewPrivs:\t1") {
			t.Errorf("%s has not given up new privileges", f)
		}
	}
	limits, _ := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.PID()))
	for line := range strings.Lines(string(limits)) {
		fields := strings.Fields(line)
		if strings.HasPrefix(line, "Max core file size") && fields[4] != "0" || strings.HasPrefix(line, "Max open files") && fields[3] != "4096" {
			t.Error(line)
		}
	}
	allowed := []string{"LANG", "TZ", "HOME", "TMPDIR", "WEFT_WORKER", "WEFT_WORKER_CONFINED"}
	env, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", c.PID()))
	for _, v := range strings.Split(strings.Trim(string(env), "\x00"), "\x00") {
		name, _, _ := strings.Cut(v, "=")
		if !slices.Contains(allowed, name) {
			t.Errorf("the worker sees %s", v)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		c, err := worker.Start(b.Context(), worker.Config{Command: []string{os.Args[0], "worker"}, Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Query(b.Context(), "SELECT 1", 0, discard); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkQuery(b *testing.B) {
	c, err := worker.Start(b.Context(), worker.Config{Command: []string{os.Args[0], "worker"}, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if err := c.Query(b.Context(), "SELECT i, i * 1.5 AS x, 'text' || i AS s FROM range(5000000) t(i)", 0, discard); err != nil {
			b.Fatal(err)
		}
	}
}
