package batch

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"math"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// Config says which Server runs, and as whom.
type Config struct {
	Address  string      // host:port
	TLS      *tls.Config // nil: plain text
	User     string      // service account
	Token    string
	Language string        // en or ru
	Agent    string        // name and version of the program
	Patience time.Duration // how long a lost connection is tried again; 0: a minute
}

// Order is what shall be run.
type Order struct {
	Path      string            // of the package, from the root of all folders
	Workflow  string            // empty: main
	Variables map[string]string // JSON by name
	Limit     time.Duration     // 0: as the Server has it
}

// Launcher has packages run. It must be closed.
type Launcher struct {
	cfg    Config
	client rpc.TCPClient
	conn   *grpc.ClientConn
	runs   weftv1.RunsClient
}

// New prepares a connection.
func New(c Config) (*Launcher, error) {
	if c.Patience == 0 {
		c.Patience = time.Minute
	}
	client := rpc.TCPClient{
		Address: c.Address, TLS: c.TLS, User: c.User, Token: c.Token, Language: c.Language, Agent: c.Agent,
	}
	conn, err := rpc.Dial(client)
	if err != nil {
		return nil, err
	}
	return &Launcher{cfg: c, client: client, conn: conn, runs: weftv1.NewRunsClient(conn)}, nil
}

// Close ends the connection.
func (l *Launcher) Close() error { return l.conn.Close() }

// Observer is told what happens to a run, from one goroutine.
type Observer interface {
	Step(s *weftv1.RunStep)
	Misfit(m *weftv1.Misfit)
	// Lost says that the connection was lost and is being made again, and
	// Back that it is there again.
	Lost()
	Back()
	// Cancelling says that the run was asked to end.
	Cancelling()
}

// startTries is how often a run is asked for, with the same id, where the
// Server can't be reached.
const startTries = 3

// Run has an order carried out and returns how it ended: the error is for a run
// that did not begin, or whose end nobody knows, of kind errs.Unavailable where
// the Server could not be reached and errs.Denied where it refused. When ctx
// ends the run is cancelled.
func (l *Launcher) Run(ctx context.Context, o Order, observe Observer) (*weftv1.RunInfo, error) {
	id, err := l.start(ctx, o)
	if err != nil {
		return nil, err
	}
	f := &following{Launcher: l, run: id, observe: observe}
	return f.follow(ctx)
}

func (l *Launcher) start(ctx context.Context, o Order) (string, error) {
	r := &weftv1.StartRunRequest{
		ClientId: rand.Text(), Path: strings.TrimPrefix(o.Path, "/"), Workflow: o.Workflow, Variables: o.Variables,
		LimitMs: uint32(min(o.Limit.Milliseconds(), math.MaxUint32)),
	}
	for try := 1; ; try++ {
		got, err := l.runs.StartRun(ctx, r)
		if err == nil {
			return got.GetRun(), nil
		}
		if !lost(err) || try == startTries || !pause(ctx, time.Duration(try)*200*time.Millisecond) {
			return "", l.failure(ctx, err)
		}
	}
}

// following is a run that is followed.
type following struct {
	*Launcher
	run     string
	observe Observer
	after   int64 // number of the last event
	end     *weftv1.RunInfo
}

// cancelTime is how long a run that was cancelled may take to say so.
const cancelTime = 15 * time.Second

// follow watches the run until it ends. When ctx ends it has it cancelled, and
// watches on for a while.
func (f *following) follow(ctx context.Context) (*weftv1.RunInfo, error) {
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	cancelled := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(cancelled)
		limited, done := context.WithTimeout(watching, cancelTime)
		defer done()
		_, _ = f.runs.CancelRun(limited, &weftv1.CancelRunRequest{Run: f.run}) // where it fails, the run's end does not come
		time.AfterFunc(cancelTime, stop)
	})
	err := f.watch(ctx, watching)
	if !unhook() {
		<-cancelled
	}
	return f.end, err
}

// watch takes a run's events, over as many connections as it needs.
func (f *following) watch(ctx, watching context.Context) error {
	since, told := time.Now(), false
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		before := f.after
		err := f.events(ctx, watching, func() {
			if told {
				f.observe.Back()
				told = false
			}
		})
		switch {
		case f.end != nil:
			return nil
		case watching.Err() != nil:
			return errs.New(errs.Canceled, errCancelled, errs.P{"run": f.run})
		case !lost(err):
			return f.failure(watching, err)
		}
		if f.after > before {
			since, wait = time.Now(), firstWait
		}
		if time.Since(since) > f.cfg.Patience {
			return errs.New(errs.Unavailable, errLost, errs.P{"run": f.run, "address": f.cfg.Address}).Because(err)
		}
		if !told {
			f.observe.Lost()
			told = true
		}
		if !pause(watching, wait) {
			continue
		}
	}
}

// Waits between attempts to reach the Server again.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 5 * time.Second
)

// events takes the events of one connection. here is called at the first.
func (f *following) events(ctx, watching context.Context, here func()) error {
	stream, err := f.runs.WatchRun(watching, &weftv1.WatchRunRequest{Run: f.run, After: f.after})
	if err != nil {
		return err
	}
	said := false
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return status.Error(codes.Unavailable, "the stream ended before the run did")
		}
		if err != nil {
			return err
		}
		here()
		if ctx.Err() != nil && !said {
			f.observe.Cancelling()
			said = true
		}
		f.after = m.GetNumber()
		if f.event(m); f.end != nil {
			return nil
		}
	}
}

func (f *following) event(m *weftv1.WatchRunResponse) {
	switch what := m.GetWhat().(type) {
	case *weftv1.WatchRunResponse_Step:
		f.observe.Step(what.Step)
	case *weftv1.WatchRunResponse_Misfit:
		f.observe.Misfit(what.Misfit)
	case *weftv1.WatchRunResponse_Run:
		switch what.Run.GetState() {
		case weftv1.RunState_RUN_STATE_DONE, weftv1.RunState_RUN_STATE_FAILED, weftv1.RunState_RUN_STATE_CANCELLED:
			f.end = what.Run
		}
	}
}

// pause waits; false: ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d/2 + mathrand.N(d)) // never all programs at once
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
