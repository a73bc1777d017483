package duckdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

// runaways are small texts that would take all memory, or for ever.
func runaways() map[string]string {
	return map[string]string{
		"a long list":       "SELECT len(range(0, 1000000000))",
		"a long text":       "SELECT length(repeat('a', 4000000000))",
		"pairs of pairs":    "SELECT sum(a.i * b.i) FROM range(1000000) a(i), range(1000000) b(i)",
		"endless recursion": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
		"a growing text":    "WITH RECURSIVE t(s) AS (SELECT 'a' UNION ALL SELECT s || s FROM t) SELECT max(length(s)) FROM t",
		"a text doubled":    doubled(26),
	}
}

// doubled is a text of a thousand characters that is doubled n times, as a
// macro that calls itself would.
func doubled(n int) string {
	sql := "WITH t0(s) AS (SELECT repeat('a', 1000))"
	for i := range n {
		sql += fmt.Sprintf(", t%d(s) AS (SELECT s || s FROM t%d)", i+1, i)
	}
	return fmt.Sprintf("%s SELECT length(s) FROM t%d", sql, n)
}

// A runaway query fails as memory or as time, and its worker is gone.
func TestRunaways(t *testing.T) {
	for name, sql := range runaways() {
		t.Run(name, func(t *testing.T) {
			c, _, _ := start(t, func(cfg *worker.Config) { cfg.Memory, cfg.Spill = 200<<20, 1<<20 })
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			err := c.Query(ctx, sql, 0, discard)
			if k := errs.KindOf(err); err == nil || k != errs.Exhausted && k != errs.Timeout {
				t.Errorf("got %v of kind %v", err, k)
			}
			gone(t, c)
		})
	}
}

// A runaway query that is cancelled ends at once; its worker and all that it
// spilled are gone.
func TestCancelledRunaways(t *testing.T) {
	for name, sql := range runaways() {
		t.Run(name, func(t *testing.T) {
			c, dir, _ := start(t, func(cfg *worker.Config) { cfg.Memory = 8 << 30 })
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() { ended <- c.Query(ctx, sql, 0, discard) }()
			select {
			case err := <-ended:
				t.Skipf("it ended by itself: %v", err)
			case <-time.After(200 * time.Millisecond):
			}
			begun := time.Now()
			cancel()
			wantKind(t, <-ended, errs.Canceled)
			if took := time.Since(begun); took > slack {
				t.Errorf("cancelling took %v", took)
			}
			gone(t, c)
			if _, err := os.Stat(filepath.Join(dir, "tmp")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder for spilling: %v", err)
			}
		})
	}
}

// gone closes a worker, after which there is no process of its id.
func gone(t *testing.T, c *worker.Client) {
	t.Helper()
	begun := time.Now()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("closing took %v", took)
	}
	if err := syscall.Kill(c.PID(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the process is still there: %v", err)
	}
}

// What is no file leads nowhere, and blocks no longer than a call may take. The
// workspace refuses such files before (see its tests).
func TestOddFiles(t *testing.T) {
	c, _, input := start(t)
	pipe := filepath.Join(input, "pipe.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/proc/self/root/etc", filepath.Join(input, "root")); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"the root by proc": filepath.Join(input, "root", "passwd"), "proc": "/proc/self/environ",
		"a device": "/dev/zero", "its own memory": "/proc/self/mem",
	} {
		for _, f := range []string{"read_text", "read_csv", "read_blob"} {
			t.Run(name+" by "+f, func(t *testing.T) {
				refused(t, c.Query(t.Context(), "SELECT * FROM "+f+"("+quoted(file)+")", 0, discard), input)
			})
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	wantKind(t, c.Query(ctx, "SELECT * FROM read_csv("+quoted(pipe)+")", 0, discard), errs.Timeout)
}
