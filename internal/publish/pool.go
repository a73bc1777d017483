package publish

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// engine is what calls need of a worker.
type engine interface {
	Prepare(ctx context.Context, name, sql string) error
	Execute(ctx context.Context, name string, args []worker.Argument, maxRows int64, each func(arrow.RecordBatch) error) error
	Resident() int64
	Answers(ctx context.Context) bool
}

var errEngine = errors.New("the worker prepares no queries")

// limits say how many workers a package has and when one is replaced.
type limits struct {
	workers  int           // at once
	waiting  int64         // calls that wait for one
	requests int           // after which a worker is replaced
	growth   float64       // of its memory, after which it is replaced
	idle     time.Duration // after which it is ended
}

// pool has the workers of one package.
type pool struct {
	limits  limits
	start   func(ctx context.Context) (*run.Session, error)
	log     *slog.Logger
	free    chan *slot
	waiting atomic.Int64
	wg      sync.WaitGroup
}

// slot is the place of one worker, which is started when it is needed.
type slot struct {
	session  *run.Session // nil: none runs
	engine   engine
	prepared map[string]sql.Prepared // by variant
	requests int
	memory   int64 // what it took once it was warm, in bytes
	used     time.Time
}

func newPool(l limits, log *slog.Logger, start func(ctx context.Context) (*run.Session, error)) *pool {
	p := &pool{limits: l, start: start, log: log, free: make(chan *slot, l.workers)}
	for range l.workers {
		p.free <- &slot{}
	}
	return p
}

// acquire waits for a worker. errs.Exhausted: too many wait already.
func (p *pool) acquire(ctx context.Context) (*slot, error) {
	s, err := p.wait(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx, s); err != nil {
		p.free <- s
		return nil, err
	}
	return s, nil
}

// quiet is how long a worker must have been idle to be asked whether it lives:
// one at work is seen to die.
const quiet = time.Millisecond

// ready makes sure that a slot has a worker which lives, and that there is room
// for what it writes.
func (p *pool) ready(ctx context.Context, s *slot) error {
	if s.session != nil && time.Since(s.used) > quiet && !s.engine.Answers(ctx) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p.end(s)
	}
	if s.session != nil {
		return s.session.Room()
	}
	return p.fill(ctx, s)
}

func (p *pool) wait(ctx context.Context) (*slot, error) {
	select {
	case s := <-p.free:
		return s, nil
	default:
	}
	if p.waiting.Add(1) > p.limits.waiting {
		p.waiting.Add(-1)
		return nil, errs.New(errs.Exhausted, errBusy, nil)
	}
	defer p.waiting.Add(-1)
	select {
	case s := <-p.free:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fill starts the worker of a slot.
func (p *pool) fill(ctx context.Context, s *slot) error {
	session, err := p.start(ctx)
	if err != nil {
		return err
	}
	e, ok := session.Engine().(engine)
	if !ok {
		return errors.Join(errEngine, session.Close())
	}
	*s = slot{session: session, engine: e, prepared: map[string]sql.Prepared{}, used: time.Now()}
	return nil
}

// release gives a worker back. One that is spent, or that a call left in a
// state nobody knows, is ended; the next call starts another.
func (p *pool) release(s *slot, spent bool) {
	s.requests++
	s.used = time.Now()
	if !spent && !p.worn(s) {
		p.free <- s
		return
	}
	p.wg.Go(func() {
		p.end(s)
		p.free <- s
	})
}

// warm is after how many requests a worker's memory is what it needs, and how
// often it is looked at from then on.
const warm = 256

// worn reports whether a worker has served its time.
func (p *pool) worn(s *slot) bool {
	if s.requests >= p.limits.requests || len(s.prepared) > 4*maxVariants {
		return true
	}
	if s.requests%warm != 0 {
		return false
	}
	now := s.engine.Resident()
	if s.memory == 0 {
		s.memory = now
		return false
	}
	return float64(now) > float64(s.memory)*(1+p.limits.growth)
}

func (p *pool) end(s *slot) {
	if s.session == nil {
		return
	}
	if err := s.session.Close(); err != nil {
		p.log.Warn("a service's worker left something behind", "error", err)
	}
	*s = slot{}
}

// rest ends workers that were not used for long.
func (p *pool) rest(now time.Time) {
	for range p.limits.workers {
		select {
		case s := <-p.free:
			if s.session != nil && now.Sub(s.used) > p.limits.idle {
				p.end(s)
			}
			p.free <- s
		default:
			return
		}
	}
}

// close ends all workers once their calls are done.
func (p *pool) close() {
	for range p.limits.workers {
		p.end(<-p.free)
	}
	p.wg.Wait()
}
