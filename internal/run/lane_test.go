package run

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

// idle is an engine that can die and does nothing else.
type idle struct {
	Engine
	dead   bool
	closed *int
}

func (e *idle) Answers(context.Context) bool { return !e.dead }
func (e *idle) Close() error                 { *e.closed++; return nil }

// lane makes a lane over idle engines, the number of which it counts.
func lane(t *testing.T, room ...func() error) (l *Lane, opened, closed *int) {
	t.Helper()
	opened, closed = new(int), new(int)
	r := &Runner{Temp: t.TempDir(), Start: func(context.Context, worker.Config) (Engine, error) {
		*opened++
		return &idle{closed: closed}, nil
	}}
	for _, f := range room {
		r.Room = f
	}
	files, err := workspace.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	l = NewLane(func(ctx context.Context) (*Session, error) { return r.Open(ctx, files, nil) })
	t.Cleanup(func() {
		if err := errors.Join(l.Close(), files.Close()); err != nil {
			t.Error(err)
		}
		if *opened != *closed {
			t.Errorf("%d engines opened, %d closed", *opened, *closed)
		}
	})
	return l, opened, closed
}

func nothing(*Session) error { return nil }

func TestLaneStartsAnewWhatHasDied(t *testing.T) {
	l, opened, closed := lane(t)
	for range 2 {
		if err := l.Do(t.Context(), nothing); err != nil {
			t.Fatal(err)
		}
	}
	if *opened != 1 {
		t.Errorf("%d engines for two calls", *opened)
	}
	kill := func(s *Session) error {
		s.Engine().(*idle).dead = true
		return errs.New(errs.Crashed, errTurn, nil)
	}
	if err := l.Do(t.Context(), kill); errs.KindOf(err) != errs.Crashed {
		t.Errorf("got %v", err)
	}
	if err := l.Do(t.Context(), nothing); err != nil || *opened != 2 || *closed != 1 {
		t.Errorf("after it: %v, %d opened, %d closed", err, *opened, *closed)
	}
}

// A disk without room is told before anything is begun, also to a lane that has
// a worker, which stays.
func TestLaneWithoutRoom(t *testing.T) {
	full := errs.New(errs.Exhausted, errTurn, nil)
	room := full
	l, opened, closed := lane(t, func() error {
		if room == nil {
			return nil
		}
		return room
	})
	if err := l.Do(t.Context(), nothing); errs.KindOf(err) != errs.Exhausted || *opened != 0 {
		t.Errorf("before there is a worker: %v, %d opened", err, *opened)
	}
	room = nil
	if err := l.Do(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	room = full
	if err := l.Do(t.Context(), nothing); errs.KindOf(err) != errs.Exhausted {
		t.Errorf("with a worker: %v", err)
	}
	room = nil
	if err := l.Do(t.Context(), nothing); err != nil || *opened != 1 || *closed != 0 {
		t.Errorf("with room again: %v, %d opened, %d closed", err, *opened, *closed)
	}
}

func TestLaneRests(t *testing.T) {
	l, opened, closed := lane(t)
	if err := l.Do(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	l.Rest(time.Now().Add(-time.Hour))
	if *closed != 0 {
		t.Error("it rests too soon")
	}
	l.Rest(time.Now().Add(time.Hour))
	if *closed != 1 {
		t.Error("it does not rest")
	}
	if err := l.Do(t.Context(), nothing); err != nil || *opened != 2 {
		t.Errorf("after it: %v", err)
	}
}

func TestLaneWaitsNoLongerThanItIsWanted(t *testing.T) {
	l, _, _ := lane(t)
	err := l.Do(t.Context(), func(*Session) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := l.Do(ctx, nothing); errs.KindOf(err) != errs.Canceled {
			t.Errorf("got %v", err)
		}
		l.Rest(time.Now().Add(time.Hour)) // one at work goes on
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
