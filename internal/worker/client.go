package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

// Config says which process to start and what it may use.
type Config struct {
	Command []string     // program (absolute) and arguments, as {os.Executable(), "worker"}
	Dir     string       // the run's own folder, made by the caller (0700); the worker writes only here
	Reads   []string     // folders and files that it may read
	Memory  int64        // bytes for the engine; 0: half of what the machine or its cgroup has
	Threads int          // 0: as many as cores
	Spill   int64        // bytes of temporary files; 0: 90 % of the free disk
	Row     int64        // bytes of a row that is handed to the parent, from 8 MiB on; 0: 256 MiB
	Logger  *slog.Logger // nil: none
}

// grace is how long an interrupted call may take to end before the process is
// killed. Together with the kill itself it stays below 200 ms.
const grace = 150 * time.Millisecond

// Client is a started worker. Its methods may be called from several
// goroutines; calls are carried out one after another. A call whose context
// ends is interrupted, and if the worker does not answer within 150 ms it is
// killed; the call returns an error of kind Canceled or Timeout either way.
// Once the process has ended, for whatever reason, all calls return an error
// of kind Crashed that says why (Exhausted where it was for its memory).
type Client struct {
	setup  Setup
	log    *slog.Logger
	proc   *process
	turn   chan struct{} // holds one token: whose it is may call
	lastID atomic.Uint64

	mu      sync.Mutex
	current *call
	closed  bool

	hello chan ready    // the first word
	ended chan struct{} // closed when the process is gone and fate is set
	fate  error
	wg    sync.WaitGroup
}

// Start starts a worker and waits until its engine is open. SQL that it gets
// must name files by their real paths (filepath.EvalSymlinks): the engine
// refuses to follow links. The caller must Close the client.
func Start(ctx context.Context, cfg Config) (*Client, error) {
	setup, err := cfg.setup()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(setup.Temp, 0o700); err != nil {
		return nil, errs.New(errs.Internal, msgSetup, errs.P{"name": filepath.Base(setup.Temp)}).Because(err)
	}
	c := &Client{
		setup: setup,
		log:   cfg.Logger,
		turn:  make(chan struct{}, 1),
		hello: make(chan ready, 1),
		ended: make(chan struct{}),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.proc, err = startProcess(cfg.Command, setup)
	if err != nil {
		return nil, errors.Join(errs.New(errs.Internal, msgStart, nil).Because(err), os.RemoveAll(setup.Temp))
	}
	c.log.Debug("worker started", "pid", c.proc.pid)
	c.wg.Go(c.receive)
	c.wg.Go(func() { c.proc.watchMemory(memoryLimit(setup.Memory)) })
	if err := c.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Client) awaitReady(ctx context.Context) error {
	select {
	case r := <-c.hello:
		if r.Protocol != protocol {
			return errs.New(errs.Internal, msgStart, nil).Because(fmt.Errorf("worker speaks protocol %d, not %d", r.Protocol, protocol))
		}
		return r.Errors.err()
	case <-c.ended:
		return c.fate
	case <-ctx.Done():
		return contextError(ctx)
	}
}

// Alive reports whether the process still serves calls.
func (c *Client) Alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// Answers reports whether the worker takes calls, by one that does nothing. It
// sees the end of a process which was killed a moment ago, before Alive does.
func (c *Client) Answers(ctx context.Context) bool {
	_, err := c.do(ctx, request{Op: opNothing}, nil)
	return err == nil
}

// Close ends the process, whatever it is doing, waits for it, and removes
// what it spilled. What it wrote into the run's folder stays. Close may be
// called again.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.proc.kill(killClose)
	c.wg.Wait()
	return os.RemoveAll(c.setup.Temp)
}

// Describe binds sql, which must be one query, without running it, and
// returns its columns.
func (c *Client) Describe(ctx context.Context, sql string) ([]Column, error) {
	a, err := c.do(ctx, request{Op: opDescribe, SQL: sql}, nil)
	return a.Columns, err
}

// Exec runs one statement that writes a file into the run's folder or makes a
// table, and returns the number of rows that COPY or INSERT wrote (0 for
// CREATE TABLE AS). Progress, if not nil, is called from this goroutine.
func (c *Client) Exec(ctx context.Context, sql string, progress func(Progress)) (int64, error) {
	a, err := c.do(ctx, request{Op: opExec, SQL: sql}, progress)
	return a.Rows, err
}

// Discover finds out in the worker what a text file is; see discover.Text.
func (c *Client) Discover(ctx context.Context, req discover.Request) (discover.Result, error) {
	a, err := c.do(ctx, request{Op: opDiscover, Discover: &req}, nil)
	if err != nil || a.Discover == nil {
		return discover.Result{}, err
	}
	return *a.Discover, nil
}

// Transcode writes the text file src, which is in encoding, as UTF-8 without
// byte order mark to dst, a file in the run's folder. What is not text in that
// encoding is an error of kind Unreadable at its line.
func (c *Client) Transcode(ctx context.Context, src, dst, encoding string) error {
	_, err := c.do(ctx, request{Op: opTranscode, Src: src, Dst: dst, Encoding: encoding}, nil)
	return err
}

// TranscodeHead is Transcode of at most the first bytes of src, up to the last
// line break among them (all of it where src is not longer). What is not text
// becomes U+FFFD.
func (c *Client) TranscodeHead(ctx context.Context, src, dst, encoding string, bytes int64) error {
	_, err := c.do(ctx, request{Op: opTranscode, Src: src, Dst: dst, Encoding: encoding, Bytes: bytes}, nil)
	return err
}

// Recode writes the UTF-8 file src in encoding to dst, a file in the run's
// folder. A character that the encoding does not have is an error of kind
// Failed that names its line.
func (c *Client) Recode(ctx context.Context, src, dst, encoding string) error {
	_, err := c.do(ctx, request{Op: opRecode, Src: src, Dst: dst, Encoding: encoding}, nil)
	return err
}

// receive reads what the worker says until it ends, then says why it did.
func (c *Client) receive() {
	err := c.receiveFrames()
	if err != nil {
		c.proc.kill(killProtocol)
	}
	c.proc.finish()
	c.fate = c.proc.verdict(err)
	c.log.Debug("worker ended", "pid", c.proc.pid, "why", c.fate)
	close(c.ended)
}

// receiveFrames returns nil at the end of the pipe, also in the middle of a
// frame: that is how a killed worker ends. An error is a breach of the protocol.
func (c *Client) receiveFrames() error {
	for first := true; ; first = false {
		t, payload, err := readFrame(c.proc.out)
		if errors.Is(err, errFrameSize) {
			return err
		}
		if err != nil {
			return nil
		}
		if first != (t == frameReady) {
			return fmt.Errorf("frame of type %d out of turn", t)
		}
		if err := c.dispatch(t, payload); err != nil {
			return err
		}
	}
}

func (c *Client) dispatch(t frameType, payload []byte) error {
	if t == frameReady {
		var r ready
		if err := json.Unmarshal(payload, &r); err != nil {
			return fmt.Errorf("ready frame: %w", err)
		}
		c.hello <- r
		return nil
	}
	c.mu.Lock()
	k := c.current
	c.mu.Unlock()
	if k == nil {
		return fmt.Errorf("frame of type %d without a call", t)
	}
	return k.take(t, payload)
}

// contextError is the error of a call whose context has ended.
func contextError(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, context.DeadlineExceeded) {
		return errs.New(errs.Timeout, msgTimeout, nil).Because(cause)
	}
	return errs.New(errs.Canceled, msgCanceled, nil).Because(cause)
}

// PID is the worker's process id, for logs and tests.
func (c *Client) PID() int { return c.proc.pid }
