package worker

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

// oddEngine does what its SQL says; none of it is SQL.
type oddEngine struct{ closed chan struct{} }

func (e *oddEngine) Describe(ctx context.Context, sql string) ([]Column, error) {
	switch sql {
	case "panic":
		panic("boo")
	case "until canceled":
		<-ctx.Done()
		return nil, errs.New(errs.Canceled, msgCanceled, nil)
	case "never":
		<-e.closed
	case "huge":
		return []Column{{Name: strings.Repeat("x", maxFrame)}}, nil
	}
	return []Column{{Name: sql, Type: "BIGINT"}}, nil
}

func (e *oddEngine) Query(context.Context, string, int64, func(arrow.RecordBatch) error) error {
	return nil
}

func (e *oddEngine) Exec(_ context.Context, _ string, progress func(Progress)) (int64, error) {
	progress(Progress{Percent: 50})
	return 3, nil
}

func (e *oddEngine) Close() error { return nil }

// conversation is the parent's end of a server in this process.
type conversation struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *io.PipeReader
	done chan error
}

func converse(t *testing.T, dir string, reads ...string) *conversation {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &conversation{t: t, in: inW, out: outR, done: make(chan error, 1)}
	engine := &oddEngine{closed: make(chan struct{})}
	t.Cleanup(func() { close(engine.closed) })
	go func() {
		err := Serve(t.Context(), inR, outW, Setup{Dir: dir, Reads: reads}, func(context.Context, Setup) (Engine, error) { return engine, nil })
		inR.Close()
		outW.Close()
		c.done <- err
	}()
	if kind, _, err := readFrame(outR); kind != frameReady || err != nil {
		t.Fatalf("first frame %d, error %v", kind, err)
	}
	return c
}

func (c *conversation) say(kind frameType, v any) {
	c.t.Helper()
	payload, err := json.Marshal(v)
	if err == nil {
		err = writeFrame(c.in, kind, payload)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *conversation) hear() (answer, error) {
	c.t.Helper()
	for {
		kind, payload, err := readFrame(c.out)
		if err != nil {
			c.t.Fatal(err)
		}
		if kind != frameAnswer {
			continue
		}
		var a answer
		if err := json.Unmarshal(payload, &a); err != nil {
			c.t.Fatal(err)
		}
		return a, a.Errors.err()
	}
}

func (c *conversation) ask(req request) (answer, error) {
	c.t.Helper()
	c.say(frameCall, req)
	return c.hear()
}

// end closes the control pipe and wants the server to end well.
func (c *conversation) end() {
	c.t.Helper()
	c.in.Close()
	if err := <-c.done; err != nil {
		c.t.Error(err)
	}
}

func TestServe(t *testing.T) {
	c := converse(t, t.TempDir())
	defer c.end()
	if a, err := c.ask(request{ID: 1, Op: opDescribe, SQL: "name"}); err != nil || a.ID != 1 || a.Columns[0].Name != "name" {
		t.Errorf("got %v, error %v", a, err)
	}
	if a, err := c.ask(request{ID: 2, Op: opExec}); err != nil || a.Rows != 3 {
		t.Errorf("got %v, error %v", a, err)
	}
	_, err := c.ask(request{ID: 3, Op: opDescribe, SQL: "panic"})
	wantError(t, err, errs.Internal, "worker.panic", "boo")
	_, err = c.ask(request{ID: 4, Op: opDescribe, SQL: "huge"})
	wantError(t, err, errs.Exhausted, "worker.answer_too_large", "")
	_, err = c.ask(request{ID: 5, Op: opQuery})
	wantError(t, err, errs.Internal, "errs.internal", "no batch")
	_, err = c.ask(request{ID: 6, Op: "dance"})
	wantError(t, err, errs.Internal, "errs.internal", "dance")
	c.say(frameCall, request{ID: 7, Op: opDescribe, SQL: "until canceled"})
	c.say(frameCancel, cancelRequest{ID: 6}) // its time is over
	c.say(frameCancel, cancelRequest{ID: 7})
	_, err = c.hear()
	wantError(t, err, errs.Canceled, "worker.canceled", "")
}

func TestServeEnds(t *testing.T) {
	for _, tt := range []struct{ name, sql, want string }{
		{"idle", "", ""},
		{"busy", "until canceled", ""},
		{"stuck", "never", "did not stop"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := converse(t, t.TempDir())
			if tt.sql != "" {
				c.say(frameCall, request{ID: 1, Op: opDescribe, SQL: tt.sql})
			}
			c.in.Close()
			drained := make(chan struct{})
			go func() { defer close(drained); _, _ = io.Copy(io.Discard, c.out) }()
			select {
			case err := <-c.done:
				if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it serves on")
			}
			<-drained
		})
	}
}

func TestServeRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		kind    frameType
		payload string
	}{
		"unknown frame":       {99, "{}"},
		"frame of its own":    {frameAnswer, "{}"},
		"no JSON":             {frameCall, "{"},
		"unknown field":       {frameCall, `{"id": 1, "op": "exec", "shell": "rm"}`},
		"no id":               {frameCall, `{"op": "exec"}`},
		"cancel without JSON": {frameCancel, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := converse(t, t.TempDir())
			if err := writeFrame(c.in, tt.kind, []byte(tt.payload)); err != nil {
				t.Fatal(err)
			}
			if err := <-c.done; err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func TestFilesOfCalls(t *testing.T) {
	dir, input, outside := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret.csv"), "a\n1\n")
	write(t, filepath.Join(input, "in.csv"), "город;n\nМосква;1\nКиров;2\n")
	if err := errors.Join(
		os.Symlink(filepath.Join(outside, "secret.csv"), filepath.Join(input, "link.csv")),
		os.Symlink(outside, filepath.Join(dir, "linked")),
	); err != nil {
		t.Fatal(err)
	}
	c := converse(t, dir, input)
	defer c.end()
	id := uint64(0)
	ask := func(req request) (answer, error) {
		id++
		req.ID = id
		return c.ask(req)
	}
	a, err := ask(request{Op: opDiscover, Discover: &discover.Request{Path: filepath.Join(input, "in.csv")}})
	if err != nil || a.Discover == nil || a.Discover.Delimiter != ";" || len(a.Discover.Columns) != 2 {
		t.Errorf("discover: %+v, error %v", a.Discover, err)
	}
	in, out := filepath.Join(input, "in.csv"), filepath.Join(dir, "out.csv")
	for name, req := range map[string]request{
		"outside":         {Src: filepath.Join(outside, "secret.csv"), Dst: out},
		"link":            {Src: filepath.Join(input, "link.csv"), Dst: out},
		"dots":            {Src: input + "/../" + filepath.Base(outside) + "/secret.csv", Dst: out},
		"relative":        {Src: "in.csv", Dst: out},
		"folder":          {Src: input, Dst: out},
		"missing":         {Src: filepath.Join(input, "none.csv"), Dst: out},
		"into input":      {Src: in, Dst: filepath.Join(input, "out.csv")},
		"into linked":     {Src: in, Dst: filepath.Join(dir, "linked", "out.csv")},
		"over everything": {Src: in, Dst: dir},
	} {
		req.Op, req.Encoding = opTranscode, "utf-8"
		if _, err := ask(req); err == nil || errs.KindOf(err) == errs.Internal {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err = ask(request{Op: opTranscode, Src: in, Dst: out, Encoding: "utf-9"})
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("unknown encoding: %v", err)
	}
	_, err = ask(request{Op: opDiscover, Discover: &discover.Request{Path: filepath.Join(outside, "secret.csv")}})
	wantError(t, err, errs.Denied, "worker.outside", "")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
