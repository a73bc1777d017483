package document

import (
	"log/slog"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
	"github.com/weftworks/weft/internal/workspace"
)

// Document is one package that is open. Its methods may be called from
// everywhere.
type Document struct {
	hub *Hub
	id  string
	log *slog.Logger

	refs      int       // guarded by the hub
	idleSince time.Time // guarded by the hub

	// Whoever has put something into turn owns what follows.
	turn    chan struct{}
	doc     *pack.Document
	journal *journal.Journal // nil: not begun, or failed
	begun   bool             // there is a journal on disk; written under mu too
	dir     string           // its folder, relative to that of all journals
	weight  weight           // of its records since the snapshot
	size    size             // of its file
	answers answers

	queue queue

	file  sync.Mutex      // held while the package's file is read or written, before turn
	seen  workspace.Entry // guarded by file: as the file was when it was last looked at
	clash *errs.Error     // guarded by file: why it must not be written; nil: it may
	lost  string          // guarded by file: fingerprint of the file that went, to be looked for elsewhere

	deleted *errs.Error // guarded by file: who has deleted the file through Weft; nil: nobody

	mu       sync.Mutex // guards what others see
	state    State
	path     string
	mark     mark          // what is in the file
	pkg      *pack.Package // as of state.Number; nil until somebody asks
	events   ring
	can      map[string]Steps
	sessions map[string]int // streams by session
	changed  chan struct{}  // closed at the next event
	news     chan struct{}  // closed at the next change of state
	edited   time.Time      // when the last event was
	dirty    time.Time      // when the first event was that the file has not

	quit     chan struct{} // closed when the file is gone for good
	quitOnce sync.Once
	closed   chan struct{} // closed once run has ended
}

// State is what can be seen of a document at one moment. It is not changed.
type State struct {
	Version  int64 // rises with everything that follows
	Number   int64 // of the last event
	Outline  *pack.Outline
	Refusal  *errs.Error // why it takes no changes; nil: it does
	File     FileState
	Presence []Presence  // by session
	Gone     *errs.Error // why it is no longer open; nil: it is

	damaged bool // the journal can't be gone on with
}

// FileState is how the package's file stands to the document.
type FileState struct {
	Saved    int64       // number of the last event that the file has
	Conflict *errs.Error // why it isn't written; nil: it is, soon
}

// Steps is what a person could take back or do again.
type Steps struct{ Undo, Redo bool }

func newDocument(h *Hub, path, id string) *Document {
	return &Document{
		hub: h, id: id, path: path, dir: folderOf(path), log: h.log.With("document", id),
		turn: make(chan struct{}, 1), sessions: map[string]int{},
		changed: make(chan struct{}), news: make(chan struct{}), quit: make(chan struct{}), closed: make(chan struct{}),
	}
}

// ID is the document's id. It stays as long as its journal does.
func (d *Document) ID() string { return d.id }

// Path is where the file is, from the root, without a leading slash.
func (d *Document) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.path
}

// Current returns the package as it is now and the number of its last event.
// The package is shared and must not be changed.
func (d *Document) Current() (*pack.Package, int64) {
	if p, n := d.current(); p != nil {
		return p, n
	}
	d.turn <- struct{}{} // nothing is on its way to the journal now
	defer d.leave()
	if p, n := d.current(); p != nil {
		return p, n
	}
	p := d.doc.Package().Clone()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pkg = p
	return p, d.state.Number
}

func (d *Document) current() (*pack.Package, int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pkg, d.state.Number
}

func (d *Document) leave() { <-d.turn }

// State is what can be seen now.
func (d *Document) State() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state
}

// Since returns the state and the events after a number; false when they are
// no longer known.
func (d *Document) Since(after int64) (State, []Change, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	changes, ok := d.events.after(after, d.state.Number)
	return d.state, changes, ok
}

// Can says which steps an account could take.
func (d *Document) Can(account string) Steps {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.can[account]
	if !ok {
		s.Undo = d.can[pack.Outside].Undo
	}
	return s
}

// Changed returns a channel that is closed once there is an event after a
// number, or the document is gone.
func (d *Document) Changed(after int64) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state.Number > after || d.state.Gone != nil {
		return past()
	}
	return d.changed
}

// News returns a channel that is closed once the state's version is another.
func (d *Document) News(version int64) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state.Version != version {
		return past()
	}
	return d.news
}

func past() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// show changes what others see.
func (d *Document) show(change func(s *State)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.showLocked(change)
}

func (d *Document) showLocked(change func(s *State)) {
	was := d.state.Number
	change(&d.state)
	d.state.Version++
	close(d.news)
	d.news = make(chan struct{})
	if d.state.Number != was || d.state.Gone != nil {
		close(d.changed)
		d.changed = make(chan struct{})
	}
}
