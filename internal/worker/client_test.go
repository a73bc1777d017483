package worker

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
)

func startBehaving(t *testing.T, how string) (*Client, error) {
	t.Helper()
	c, err := Start(t.Context(), Config{Command: []string{os.Args[0], "behave", how}, Dir: t.TempDir(), Memory: 1})
	if err == nil {
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return c, err
}

func wantError(t *testing.T, err error, kind errs.Kind, id, cause string) {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != kind || e.Message.ID != id {
		t.Fatalf("got %v, want kind %v, message %s", err, kind, id)
	}
	if cause != "" && (e.Cause == nil || !strings.Contains(e.Cause.Error(), cause)) {
		t.Errorf("cause %v, want %q in it", e.Cause, cause)
	}
}

func TestStartRefuses(t *testing.T) {
	for _, tt := range []struct {
		how   string
		kind  errs.Kind
		id    string
		cause string
	}{
		{"no hello", errs.Crashed, "worker.exited", "exit status 7"},
		{"other protocol", errs.Internal, "worker.start", "999"},
		{"refuses", errs.Internal, "errs.internal", "permission denied"},
		{"noise", errs.Crashed, "worker.protocol", "frame larger"},
		{"endless hello", errs.Crashed, "worker.protocol", ""},
	} {
		t.Run(tt.how, func(t *testing.T) {
			c, err := startBehaving(t, tt.how)
			if err == nil { // more than one hello is seen only after the first
				err = c.Query(t.Context(), "", 0, func(arrow.RecordBatch) error { return nil })
			}
			wantError(t, err, tt.kind, tt.id, tt.cause)
		})
	}
	_, err := Start(t.Context(), Config{Command: []string{"/does/not/exist"}, Dir: t.TempDir()})
	wantError(t, err, errs.Internal, "worker.start", "no such file")
	_, err = Start(t.Context(), Config{Command: []string{os.Args[0]}, Dir: "/does/not/exist"})
	wantError(t, err, errs.NotFound, "worker.setup", "")
}

// A worker that breaks the protocol or dies fails the call and all later
// ones, and is gone.
func TestHostileWorkers(t *testing.T) {
	for _, tt := range []struct{ how, id, cause string }{
		{"exits", "worker.exited", "last words"},
		{"talks and exits", "worker.exited", "last words"},
		{"talks and exits", "worker.exited", "first words"},
		{"panics", "worker.exited", "panic: words"},
		{"closes", "worker.protocol", ""},
		{"floods", "worker.protocol", ""},
		{"huge frame", "worker.protocol", "frame larger"},
		{"huge message", "worker.protocol", "exceeds limit"},
		{"unknown frame", "worker.protocol", "unknown type 99"},
		{"half a frame", "worker.exited", "exit status 3"},
		{"other call", "worker.protocol", "call 2"},
		{"no JSON", "worker.protocol", "answer frame"},
		{"no stream", "worker.protocol", ""},
		{"no Arrow", "worker.protocol", ""},
		{"too many rows", "worker.protocol", "more than the 2 rows"},
		{"bad offsets", "worker.protocol", "invalid column"},
		{"cut stream", "worker.protocol", ""},
	} {
		t.Run(tt.how, func(t *testing.T) {
			c, err := startBehaving(t, tt.how)
			if err != nil {
				t.Fatal(err)
			}
			err = c.Query(t.Context(), "SELECT", 2, func(arrow.RecordBatch) error { return nil })
			wantError(t, err, errs.Crashed, tt.id, tt.cause)
			_, err = c.Describe(t.Context(), "SELECT")
			wantError(t, err, errs.Crashed, tt.id, "")
			if c.Alive() {
				t.Error("it lives on")
			}
		})
	}
}

// The end of an idle worker is seen by who asks at once, not only after a while.
func TestAnswers(t *testing.T) {
	for range 20 {
		c, err := startBehaving(t, "serves")
		if err != nil {
			t.Fatal(err)
		}
		if !c.Answers(t.Context()) {
			t.Fatal("a worker that serves does not answer")
		}
		p, err := os.FindProcess(c.PID())
		if err == nil {
			err = p.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.Answers(t.Context()) || c.Alive() {
			t.Fatal("a worker that was killed answers")
		}
	}
}

func TestQueryDelivers(t *testing.T) {
	for _, tt := range []struct {
		how   string
		kind  errs.Kind
		id    string
		alive bool
	}{
		{"good", 0, "", true},
		{"error after rows", errs.Failed, "test.failed", true},
		{"internal error", errs.Internal, "errs.internal", false},
	} {
		t.Run(tt.how, func(t *testing.T) {
			c, err := startBehaving(t, tt.how)
			if err != nil {
				t.Fatal(err)
			}
			rows := int64(0)
			err = c.Query(t.Context(), "SELECT", 0, func(b arrow.RecordBatch) error { rows += b.NumRows(); return nil })
			if tt.id != "" {
				wantError(t, err, tt.kind, tt.id, "")
			} else if err != nil || rows != 2 {
				t.Errorf("%d rows, error %v", rows, err)
			}
			if c.Alive() != tt.alive {
				t.Errorf("alive: %v", c.Alive())
			}
			if !tt.alive {
				_, err := c.Describe(t.Context(), "SELECT")
				wantError(t, err, errs.Crashed, "worker.internal", "")
			}
		})
	}
}

func TestCallerStops(t *testing.T) {
	c, err := startBehaving(t, "good")
	if err != nil {
		t.Fatal(err)
	}
	enough := errs.New(errs.Conflict, errs.Message{ID: "test.enough"}, nil)
	err = c.Query(t.Context(), "SELECT", 0, func(arrow.RecordBatch) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}

// Whatever a worker does or does not do, a canceled call returns in time.
func TestCancelKills(t *testing.T) {
	for _, how := range []string{"hangs", "floods news"} {
		for name, call := range map[string]func(*Client, context.Context) error{
			"query": func(c *Client, ctx context.Context) error {
				return c.Query(ctx, "SELECT", 0, func(arrow.RecordBatch) error { return nil })
			},
			"exec": func(c *Client, ctx context.Context) error {
				_, err := c.Exec(ctx, "COPY", nil)
				return err
			},
		} {
			t.Run(how+" "+name, func(t *testing.T) {
				c, err := startBehaving(t, how)
				if err != nil {
					t.Fatal(err)
				}
				const limit = 100 * time.Millisecond
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				begun := time.Now()
				wantError(t, call(c, ctx), errs.Timeout, "worker.timeout", "")
				// 200 ms are promised, and held by a benchmark; the rest is for a
				// busy machine.
				if took := time.Since(begun) - limit; took > 5*time.Second {
					t.Errorf("canceling took %v", took)
				}
				if c.Alive() {
					t.Error("it lives on")
				}
			})
		}
	}
}

func TestDataForACallWithoutAny(t *testing.T) {
	c, err := startBehaving(t, "floods")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Exec(t.Context(), "COPY", nil)
	wantError(t, err, errs.Crashed, "worker.protocol", "data for a call")
}

func TestCloseDuringCall(t *testing.T) {
	c, err := startBehaving(t, "hangs")
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		_, err := c.Describe(t.Context(), "SELECT")
		result <- err
	}()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	wantError(t, <-result, errs.Crashed, "worker.closed", "")
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestWaitingForATurnObeysCancel(t *testing.T) {
	c, err := startBehaving(t, "hangs")
	if err != nil {
		t.Fatal(err)
	}
	c.turn <- struct{}{} // as a call under way does
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Describe(ctx, "SELECT")
	wantError(t, err, errs.Canceled, "worker.canceled", "")
	<-c.turn
	if !c.Alive() {
		t.Error("the worker was killed though its call was not canceled")
	}
}

func TestTooLargeACall(t *testing.T) {
	c, err := startBehaving(t, "hangs")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Describe(t.Context(), strings.Repeat("x", maxFrame))
	wantError(t, err, errs.Exhausted, "worker.too_large", "")
}

func TestMemoryWatch(t *testing.T) {
	if residentMemory(os.Getpid()) == 0 {
		t.Skip("resident memory is unknown on this system")
	}
	c, err := startBehaving(t, "eats memory")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Describe(t.Context(), "SELECT")
	wantError(t, err, errs.Exhausted, "worker.memory", "killed")
}
