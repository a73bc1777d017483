package run

import (
	"context"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Lane is a session that does one thing after another for whoever comes. Its
// worker is started when there is something to do, and anew where it has died:
// whoever it died for is told, nobody else.
type Lane struct {
	open func(ctx context.Context) (*Session, error)
	turn chan struct{} // holds one token: whose it is may use what follows

	session *Session // nil: none
	closed  bool

	mu   sync.Mutex
	used time.Time
}

var (
	errTurn = errs.Message{
		ID: "run.not_wanted",
		En: "It was not wanted any more before its turn came.",
		Ru: "До его очереди дело не дошло: результат больше не нужен.",
	}
	errLaneClosed = errs.Message{
		ID: "run.lane_closed",
		En: "This was closed.",
		Ru: "Это уже закрыто.",
	}
)

// NewLane makes a lane whose sessions open makes.
func NewLane(open func(ctx context.Context) (*Session, error)) *Lane {
	return &Lane{open: open, turn: make(chan struct{}, 1)}
}

// Do waits for its turn and lets f use the session. When ctx ends, what the
// worker does is interrupted, and the worker killed where that does not help
// at once.
func (l *Lane) Do(ctx context.Context, f func(*Session) error) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return errs.New(errs.Canceled, errTurn, nil).Because(context.Cause(ctx))
	}
	if l.closed {
		return errs.New(errs.Unavailable, errLaneClosed, nil)
	}
	if err := l.ready(ctx); err != nil {
		return err
	}
	defer l.touch()
	return f(l.session)
}

// ready makes sure that there is a worker which lives.
func (l *Lane) ready(ctx context.Context) (err error) {
	if l.session != nil && !l.session.answers(ctx) {
		if ctx.Err() != nil {
			return errs.New(errs.Canceled, errTurn, nil).Because(context.Cause(ctx))
		}
		_ = l.shut() // it is dead; only its folder can be left
	}
	if l.session != nil {
		return l.session.Room()
	}
	l.session, err = l.open(ctx)
	return err
}

// answers asks engines that can tell: a worker may have been killed since it
// was last used, by somebody or for want of memory.
func (s *Session) answers(ctx context.Context) bool {
	e, ok := s.engine.(interface{ Answers(context.Context) bool })
	return !ok || e.Answers(ctx)
}

func (l *Lane) shut() (err error) {
	if l.session != nil {
		err = l.session.Close()
		l.session = nil
	}
	return err
}

func (l *Lane) touch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used = time.Now()
}

// Used is when the lane was last used.
func (l *Lane) Used() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used
}

// Rest ends the worker when it was not used since a time; one at work goes on.
func (l *Lane) Rest(since time.Time) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	default:
		return
	}
	if l.Used().Before(since) {
		_ = l.shut() // what is left of its folder goes with the next one made
	}
}

// Close ends the worker, once what it does is done.
func (l *Lane) Close() error {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	l.closed = true
	return l.shut()
}
