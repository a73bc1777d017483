// Package preview answers what people see of an open document without a run:
// the rows of a port, statistics of its columns, and what is wrong with the
// package. It follows the document and answers anew where a change matters.
//
// A person's panels on one document share two worker processes: one for what
// must be there at once, one for what takes long, so that the long never delays
// the next click. It knows neither the wire nor how documents are kept.
package preview

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// Document is what a preview needs of an open document.
type Document interface {
	ID() string
	// Path is that of the package's file, in the Server's tree of folders.
	Path() string
	// Current is the package as it is now, which nobody changes, and the number
	// of its last event.
	Current() (*pack.Package, int64)
	// Changed is closed once there is an event after a number.
	Changed(after int64) <-chan struct{}
}

// Options say how previews are made. What is zero has a default.
type Options struct {
	Runner *run.Runner
	Tree   string // the Server's tree of folders
	// Guard says what an account may read.
	Guard func(account string) workspace.Guard
	// Kept opens the results that are kept for a package; nil: there are none.
	Kept func(path string) (run.Kept, error)
	// Idle is how long a worker that does nothing is kept; 5 minutes. Where
	// nobody looks at the document any more, it is a fifth of that.
	Idle time.Duration
	// Most is how many documents of how many people have workers at once; 50.
	Most  int
	Times Times
	Log   *slog.Logger
}

// Times bound the work on one answer.
type Times struct {
	First time.Duration // of what must be there at once, before it counts as long; 3 s
	Exact time.Duration // of exact rows and statistics that nobody asked for; 30 s
	Asked time.Duration // of what was asked for, however long it takes; 10 minutes
}

// Previews has the sessions of everybody who looks at something.
type Previews struct {
	o    Options
	mu   sync.Mutex
	open map[key]*session
	done bool
	stop chan struct{}
	wg   sync.WaitGroup
}

// key is whose session it is. A document that was renamed is seen from another
// folder, which is another session.
type key struct{ account, document, path string }

var (
	errTooMany = errs.Message{
		ID: "preview.too_many",
		En: "Too many packages are being looked at just now. Close one, or try again in a minute.",
		Ru: "Сейчас открыто слишком много пакетов. Закройте один из них или повторите через минуту.",
	}
	errClosed = errs.Message{
		ID: "preview.closed",
		En: "The Server is stopping.",
		Ru: "Сервер останавливается.",
	}
)

// New makes previews. They must be closed.
func New(o Options) *Previews {
	o.defaults()
	p := &Previews{o: o, open: map[key]*session{}, stop: make(chan struct{})}
	p.wg.Go(p.tidy)
	return p
}

func (o *Options) defaults() {
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&o.Idle, 5*time.Minute)
	set(&o.Times.First, 3*time.Second)
	set(&o.Times.Exact, 30*time.Second)
	set(&o.Times.Asked, 10*time.Minute)
	if o.Most <= 0 {
		o.Most = 50
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// session returns the caller's session of a document, and what gives it back.
func (p *Previews) session(account string, doc Document) (*session, func(), error) {
	k := key{account, doc.ID(), doc.Path()}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return nil, nil, errs.New(errs.Unavailable, errClosed, nil)
	}
	s := p.open[k]
	if s == nil {
		if !p.room() {
			return nil, nil, errs.New(errs.Exhausted, errTooMany, nil)
		}
		var err error
		if s, err = newSession(&p.o, k); err != nil {
			return nil, nil, err
		}
		p.open[k] = s
	}
	s.users++
	return s, func() { p.leave(s) }, nil
}

func (p *Previews) leave(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.users--
	s.left = time.Now()
}

// room makes room for one more session: the one that was left longest ago
// goes. It is called with the lock held.
func (p *Previews) room() bool {
	if len(p.open) < p.o.Most {
		return true
	}
	var oldest *session
	for _, s := range p.open {
		if s.users == 0 && (oldest == nil || s.left.Before(oldest.left)) {
			oldest = s
		}
	}
	if oldest == nil {
		return false
	}
	p.drop(oldest)
	return true
}

// drop takes a session that nobody uses out, and closes it aside. It is called
// with the lock held.
func (p *Previews) drop(s *session) {
	delete(p.open, s.key)
	p.wg.Go(func() {
		if err := s.close(); err != nil {
			p.o.Log.Warn("previews not closed", "error", err)
		}
	})
}

// tidy closes what is idle, until Close.
func (p *Previews) tidy() {
	tick := time.NewTicker(max(p.o.Idle/10, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case now := <-tick.C:
			p.sweep(now.Add(-p.o.Idle), now.Add(-p.o.Idle/5))
		}
	}
}

// sweep closes workers that were not used since a time, and all of a document
// that nobody has looked at since another.
func (p *Previews) sweep(since, looked time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.open {
		if s.users == 0 && s.left.Before(looked) {
			p.drop(s)
			continue
		}
		s.short.Rest(since)
		s.long.Rest(since)
	}
}

// Forget closes what there is of a document that was closed.
func (p *Previews) Forget(document string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, s := range p.open {
		if k.document == document && s.users == 0 {
			p.drop(s)
		}
	}
}

// Close ends all workers. Nobody may be looking any more.
func (p *Previews) Close() error {
	p.mu.Lock()
	if p.done {
		p.mu.Unlock()
		return nil
	}
	p.done = true
	close(p.stop)
	var found error
	for _, s := range p.open {
		found = errors.Join(found, s.close())
	}
	clear(p.open)
	p.mu.Unlock()
	p.wg.Wait()
	return found
}

// gone reports whether an answer is no longer wanted.
func gone(ctx context.Context) bool { return ctx.Err() != nil }
