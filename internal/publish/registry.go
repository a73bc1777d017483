package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// Options are what a registry is made with. Zero numbers have their defaults.
type Options struct {
	Root   string      // folder of the workspace tree
	Runner *run.Runner // workers of services run one query on one thread
	// Guard says what the package at a path may read; nil: all of its workspace.
	Guard    func(path string) workspace.Guard
	Every    time.Duration // between looks at the tree; 0: a second
	Timeout  time.Duration // of a call; 0: 30 seconds
	MaxRows  int64         // of an answer; 0: 1,000,000
	Workers  int           // of a package; 0: as many as cores
	Waiting  int           // calls of a package that wait for a worker; 0: 1,000
	Requests int           // after which a worker is replaced; 0: 10,000
	Log      *slog.Logger
}

// loadTime bounds how long a package may take to be declared, and loads how
// many are declared at once.
const (
	loadTime = time.Minute
	loads    = 2
)

// Registry knows what is published. Its methods may be called at once from
// everywhere.
type Registry struct {
	o      Options
	runner run.Runner
	root   *os.Root
	state  atomic.Pointer[State]
	loads  chan struct{}
	wg     sync.WaitGroup // loads and closings under way
	ctx    context.Context
	stop   context.CancelFunc

	mu      sync.Mutex
	seen    map[string]stamp // of each package as it was last looked at
	loading map[string]bool
	units   map[string]*unit
	owner   map[string]string // path by service
}

// New makes a registry; nothing is published before Look or Run.
func New(o Options) (*Registry, error) {
	o = o.filled()
	root, err := os.OpenRoot(o.Root)
	if err != nil {
		return nil, fmt.Errorf("open the workspace tree: %w", err)
	}
	r := &Registry{
		o: o, runner: *o.Runner, root: root, loads: make(chan struct{}, loads),
		seen: map[string]stamp{}, loading: map[string]bool{}, units: map[string]*unit{}, owner: map[string]string{},
	}
	r.runner.Worker.Threads = 1
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.state.Store(&State{changed: make(chan struct{}), Hash: hashOf(nil, nil)})
	return r, nil
}

func (o Options) filled() Options {
	o.Every = cmp.Or(o.Every, time.Second)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.MaxRows = cmp.Or(o.MaxRows, 1_000_000)
	o.Workers = cmp.Or(o.Workers, runtime.NumCPU())
	o.Waiting = cmp.Or(o.Waiting, 1000)
	o.Requests = cmp.Or(o.Requests, 10_000)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// State is what is published now.
func (r *Registry) State() *State { return r.state.Load() }

// Run looks at the tree again and again until ctx ends. Looks that take long
// come less often.
func (r *Registry) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	told := "" // what is wrong is told when it begins, and when it is over
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		begun := time.Now()
		told = r.tell(ctx, told, r.look())
		r.rest()
		timer.Reset(max(r.o.Every, 20*time.Since(begun)))
	}
}

// tell logs how a look ended where that is another than what was told last, and
// returns what is told now.
func (r *Registry) tell(ctx context.Context, told string, err error) string {
	switch {
	case err == nil && told == "":
		return ""
	case err == nil:
		r.o.Log.InfoContext(ctx, "the workspace tree is looked at again")
		return ""
	case err.Error() != told:
		r.o.Log.WarnContext(ctx, "the workspace tree was not looked at", "error", err)
	}
	return err.Error()
}

// Look looks at the tree once and waits until what changed is published.
func (r *Registry) Look() error {
	err := r.look()
	r.wg.Wait()
	return err
}

// Close ends all workers once their calls are done.
func (r *Registry) Close() error {
	r.stop()
	r.wg.Wait()
	r.mu.Lock()
	units := slices.Collect(maps.Values(r.units))
	clear(r.units)
	r.mu.Unlock()
	for _, u := range units {
		u.close()
	}
	return r.root.Close()
}

// rest ends workers that nobody needs.
func (r *Registry) rest() {
	r.mu.Lock()
	units := slices.Collect(maps.Values(r.units))
	r.mu.Unlock()
	for _, u := range units {
		if u.pool != nil {
			u.pool.rest(time.Now())
		}
	}
}

// replace puts a unit in the place of the one that its path had; nil: the
// package declares no services any more.
func (r *Registry) replace(path string, u *unit) {
	r.mu.Lock()
	old := r.units[path]
	if u == nil {
		delete(r.units, path)
	} else {
		r.units[path] = u
	}
	r.publish()
	r.mu.Unlock()
	if old != nil {
		r.wg.Go(old.close)
	}
}

// publish makes the state anew. A service that two packages declare stays with
// the one that had it, at first with the one whose path comes first.
func (r *Registry) publish() {
	paths := slices.Sorted(maps.Keys(r.units))
	for service, path := range r.owner {
		if u := r.units[path]; u == nil || !slices.Contains(u.services(), service) {
			delete(r.owner, service)
		}
	}
	var ops []*Operation
	var problems []Problem
	for _, path := range paths {
		u := r.units[path]
		for _, service := range u.services() {
			if _, taken := r.owner[service]; !taken {
				r.owner[service] = path
			}
			if other := r.owner[service]; other != path {
				err := errs.New(errs.Conflict, errTaken, errs.P{"service": service, "other": other})
				problems = append(problems, Problem{Path: path, Service: service, Errors: errs.List{err}})
			}
		}
		for _, o := range u.ops {
			if r.owner[o.Service] == path {
				ops = append(ops, o)
			}
		}
		problems = append(problems, u.problems...)
	}
	slices.SortStableFunc(ops, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation))
	})
	next := &State{Operations: ops, Problems: problems, Hash: hashOf(ops, problems), changed: make(chan struct{})}
	old := r.state.Swap(next)
	close(old.changed)
}

// hashOf names what is declared.
func hashOf(ops []*Operation, problems []Problem) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, o := range ops {
		_ = e.Encode(o) // plain data into a hash: neither fails
	}
	for _, p := range problems {
		fmt.Fprintln(h, p.Path, p.Service, p.Operation, p.Errors.Error())
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
