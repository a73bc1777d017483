package preview

import (
	"context"
	"errors"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// outcome is one thing that was computed of a port.
type outcome[T any] struct {
	value T
	err   error
}

// follower keeps one port of a document in somebody's sight: it computes, and
// computes anew when the document changes so that the port does.
type follower[T any] struct {
	previews *Previews
	session  *session
	doc      Document
	port     Port
	// compute hands on what it finds by tell, which is false once nobody wants
	// it any more, and returns when there is no more to come.
	compute func(ctx context.Context, g *plan.Graph, t plan.Target, tell func(T, error) bool)
	// send hands on what holds as of a number.
	send func(number int64, value T, err error) error
	// drop frees what was found and is not wanted any more.
	drop func(T)

	seen     string    // fingerprint of what is shown
	number   int64     // of the document, that it is as of
	began    time.Time // when the work on it did
	answered bool      // something of it was sent
	work     chan outcome[T]
	stop     func() // ends the work and waits for it
}

// errMoved says that the package's file has another path, from which it sees
// other files: another session is to go on.
var errMoved = errors.New("the package was moved")

var errDocumentGone = errs.Message{
	ID: "preview.document_gone",
	En: "The package is no longer open.",
	Ru: "Пакет больше не открыт.",
}

// follow runs a follower in the account's session of the document, and in
// another where the document is moved.
func follow[T any](ctx context.Context, p *Previews, account string, doc Document, start func(*session) *follower[T]) (err error) {
	defer run.Recovered(p.o.Log, &err)
	for {
		s, release, err := p.session(account, doc)
		if err != nil {
			return err
		}
		f := start(s)
		f.previews, f.session, f.doc = p, s, doc
		err = func() error {
			defer release()
			return f.run(ctx)
		}()
		if !errors.Is(err, errMoved) {
			return err
		}
	}
}

// run follows the document until ctx ends, which is no error.
func (f *follower[T]) run(ctx context.Context) error {
	f.stop = func() {}
	defer func() { f.stop() }()
	for last := int64(-1); !gone(ctx); {
		if err := f.settle(ctx); err != nil {
			return err
		}
		p, number := f.doc.Current()
		if number == last {
			return errs.New(errs.NotFound, errDocumentGone, nil) // it changed, but not by an event
		}
		last = number
		if f.doc.Path() != f.session.key.path {
			return errMoved
		}
		changed := f.doc.Changed(number)
		g, err := f.session.compile(ctx, p, number, f.port.Workflow)
		if gone(ctx) {
			return nil
		}
		f.number = number
		f.update(ctx, g, err)
		if err := f.until(ctx, changed); err != nil {
			return err
		}
	}
	return nil
}

// nearly is how long the first answer has although the document has changed
// again: else somebody who types without a pause would see nothing.
const nearly = 300 * time.Millisecond

// settle lets a first answer come that has been begun just now.
func (f *follower[T]) settle(ctx context.Context) error {
	left := nearly - time.Since(f.began)
	if f.work == nil || f.answered || left <= 0 {
		return nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-timer.C:
		return nil
	case o, ok := <-f.work:
		return f.took(o, ok)
	}
}

// took sends what has come of the work.
func (f *follower[T]) took(o outcome[T], ok bool) error {
	if !ok {
		f.work = nil // nothing comes of it any more
		return nil
	}
	f.answered = true
	return f.send(f.number, o.value, o.err)
}

// update begins the work anew where what is seen of the port has changed.
func (f *follower[T]) update(ctx context.Context, g *plan.Graph, err error) {
	var t plan.Target
	if err == nil {
		t, err = f.port.find(g)
	}
	seen := fingerprint(f.session.o.Runner, g, t, err)
	if seen == f.seen {
		return
	}
	f.stop()
	f.seen, f.began, f.answered = seen, time.Now(), false
	inner, cancel := context.WithCancel(ctx)
	work := make(chan outcome[T])
	f.work = work
	f.stop = func() {
		cancel()
		for o := range work { // until it is closed
			f.drop(o.value)
		}
	}
	tell := func(v T, err error) bool {
		select {
		case work <- outcome[T]{v, err}:
			return true
		case <-inner.Done():
			f.drop(v)
			return false
		}
	}
	f.previews.wg.Go(func() {
		defer close(work)
		if err == nil {
			err = f.computed(inner, g, t, tell)
		}
		if err != nil {
			var none T
			tell(none, err)
		}
	})
}

// computed is compute, of which a panic is an error.
func (f *follower[T]) computed(ctx context.Context, g *plan.Graph, t plan.Target, tell func(T, error) bool) (err error) {
	defer run.Recovered(f.previews.o.Log, &err)
	f.compute(ctx, g, t, tell)
	return nil
}

// until sends what comes until the document changes.
func (f *follower[T]) until(ctx context.Context, changed <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
			return nil
		case o, ok := <-f.work:
			if err := f.took(o, ok); err != nil {
				return err
			}
		}
	}
}
