// Package job has the runs that belong to a Server: they wait for their turn,
// go on when whoever started them is gone, tell what happens by numbered
// events, and leave results whose pages can be read from any row on.
//
// What a run does is run's business; this package knows neither the wire nor
// engines, and parses no user's data: results are written and read by workers.
package job

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// Options say how runs are carried out. What is zero has a default.
type Options struct {
	Runner *run.Runner
	Tree   string // the Server's tree of folders
	Runs   string // the folder of runs and their results
	// Guard says what an account may read and write.
	Guard func(account string) workspace.Guard
	// Room says whether the workspace that a path lies in may hold so many more
	// bytes and files; nil: it may.
	Room func(path string, bytes, files int64) error
	// Kept opens the results that are kept for a package; nil: there are none.
	Kept func(path string) (run.Kept, error)
	// Ready says why no run may begin now; nil: one always may.
	Ready  func() error
	AtOnce int           // runs at the same time; as many as half of the cores, at least 2
	Limit  time.Duration // of a run that asks for none, and the longest; 1 hour
	Age    time.Duration // of runs with their results; 30 days
	Bytes  int64         // of all results; 50 GiB
	Most   int           // runs that are remembered; 2,000
	Idle   time.Duration // of a worker that reads pages; 5 minutes
	Log    *slog.Logger
}

// work is the folder, in that of the runs, of what is under way.
const work = ".work"

// Jobs has the runs of a Server.
type Jobs struct {
	o      Options
	runner run.Runner
	ctx    context.Context // of all runs, until Close
	end    context.CancelFunc
	wg     sync.WaitGroup
	pages  pages

	mu     sync.Mutex
	runs   map[string]*entry
	order  []*entry          // the latest last
	asked  map[client]*entry // runs by whoever asked for them
	queue  []*entry
	active map[string]int // runs under way by account
	going  int
	done   bool
	rested chan struct{} // closed when none goes any more; nil: nobody waits for that
}

// client is a client's own id of a run.
type client struct{ account, id string }

// New makes the runs of a Server, those of its past with them. A run that was
// under way when the Server ended has failed. They must be closed.
func New(o Options) (*Jobs, error) {
	o.defaults()
	temp := filepath.Join(o.Runs, work)
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return nil, err
	}
	j := &Jobs{
		o: o, runner: *o.Runner, runs: map[string]*entry{}, asked: map[client]*entry{}, active: map[string]int{},
	}
	j.runner.Temp, j.runner.Room = temp, nil // runs ask Ready, and pages are only read
	j.ctx, j.end = context.WithCancel(context.Background())
	j.pages.init(&j.o, &j.runner)
	if err := j.load(); err != nil {
		return nil, err
	}
	j.trim()
	j.wg.Go(j.tidy)
	return j, nil
}

func (o *Options) defaults() {
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&o.Limit, time.Hour)
	set(&o.Age, 30*24*time.Hour)
	set(&o.Idle, 5*time.Minute)
	if o.AtOnce <= 0 {
		o.AtOnce = max(2, runtime.NumCPU()/2)
	}
	if o.Bytes <= 0 {
		o.Bytes = 50 << 30
	}
	if o.Most <= 0 {
		o.Most = 2000
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

var (
	errNoRun = errs.Message{
		ID: "job.no_run",
		En: "There is no such run, or you may not see it.",
		Ru: "Такого запуска нет, или он вам не доступен.",
	}
	errStopping = errs.Message{
		ID: "job.stopping",
		En: "The Server is stopping.",
		Ru: "Сервер останавливается.",
	}
)

// NoRun is the answer for a run that is not there, or that the caller may not
// see.
func NoRun() error { return errs.New(errs.NotFound, errNoRun, nil) }

// find returns a run by its id.
func (j *Jobs) find(id string) (*entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e := j.runs[id]; e != nil {
		return e, nil
	}
	return nil, NoRun()
}

// Get tells about a run. errs.NotFound.
func (j *Jobs) Get(id string) (Info, error) {
	e, err := j.find(id)
	if err != nil {
		return Info{}, err
	}
	return e.info(), nil
}

// List tells about runs of the package at a path ("": all), the latest first,
// without their results: those before a run ("": from the latest), at most
// limit, and only those of packages that may says yes to. more: there are more.
func (j *Jobs) List(path, before string, limit int, may func(path string) bool) (out []Info, more bool) {
	j.mu.Lock()
	order := slices.Clone(j.order)
	j.mu.Unlock()
	skip := before != ""
	for _, e := range slices.Backward(order) {
		if skip {
			skip = e.id != before
			continue
		}
		if path != "" && e.path != path || !may(e.path) {
			continue
		}
		if len(out) == limit {
			return out, true
		}
		i := e.info()
		i.Results = nil
		out = append(out, i)
	}
	return out, false
}

// Watch hands the events of a run after a number to send, until the run's last
// or ctx's end, which is no error. Progress that was replaced by later progress
// is left out.
func (j *Jobs) Watch(ctx context.Context, id string, after int64, send func(Event) error) error {
	e, err := j.find(id)
	if err != nil {
		return err
	}
	for {
		events, last, changed := e.since(after)
		for _, ev := range events {
			if err := send(ev); err != nil {
				return err
			}
			after = ev.Number
		}
		if last {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

// Cancel cancels a run: it counts as cancelled at once, and its process ends
// soon after. One that has ended, or is putting its outputs in place, goes its
// way.
func (j *Jobs) Cancel(id string) error {
	e, err := j.find(id)
	if err != nil {
		return err
	}
	if e.cancelled() {
		j.unqueue(e)
		j.save(e)
	}
	return nil
}

// tidy closes idle workers and removes what is old, until Close.
func (j *Jobs) tidy() {
	tick := time.NewTicker(max(j.o.Idle/4, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-j.ctx.Done():
			return
		case now := <-tick.C:
			j.pages.rest(now.Add(-j.o.Idle))
			j.trim()
		}
	}
}

// Drain takes no new runs, gives up those that wait, and returns once those
// that go have ended, or ctx has.
func (j *Jobs) Drain(ctx context.Context) {
	j.refuse()
	j.mu.Lock()
	rested := make(chan struct{})
	if j.going == 0 {
		close(rested)
	} else {
		j.rested = rested
	}
	j.mu.Unlock()
	select {
	case <-rested:
	case <-ctx.Done():
	}
}

// refuse takes no runs any more, and gives up those that wait.
func (j *Jobs) refuse() {
	j.mu.Lock()
	j.done = true
	waiting := j.queue
	j.queue = nil
	j.mu.Unlock()
	for _, e := range waiting {
		e.end(Failed, errs.List{interrupted()}, nil)
		j.save(e)
	}
}

// Close ends all runs: what is under way has failed, since the Server stops.
func (j *Jobs) Close() error {
	j.refuse()
	j.end()
	j.wg.Wait()
	j.pages.close()
	return nil
}
