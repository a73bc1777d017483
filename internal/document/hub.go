package document

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
	"github.com/weftworks/weft/internal/workspace"
)

// Extension ends the name of every package's file.
const Extension = ".weft"

// Options are what a Hub works with. Root and Journals must be given.
type Options struct {
	Root      string          // the folder of all files
	Tree      *workspace.Tree // of that folder; nil: it is opened
	Journals  string          // the folder of the journals
	Log       *slog.Logger    // nil: none
	SaveAfter time.Duration   // the file is written so long after the last command; 0: 2 seconds
	Poll      time.Duration   // how often the file is looked at; 0: 1 second
	Idle      time.Duration   // a document that nobody has is closed after so long; 0: 1 minute
	FS        journal.FS      // of the journals; nil: the machine's
	MaxBytes  int             // of a package's file; 0: pack.MaxBytes
	Ended     func(id string) // hears of a document that was closed; nil: nobody does
	Room      func() error    // says why nothing new is written, since the disk has so little room; nil: it always is
}

// Hub has the documents that are open, one for each file.
type Hub struct {
	options Options
	log     *slog.Logger
	files   *workspace.Tree
	kept    *workspace.Tree // the folder of journals
	broken  error           // why neither can be had
	running sync.WaitGroup
	moving  sync.RWMutex // held for reading while a document is opened

	mu     sync.Mutex
	slots  map[string]*slot // by path
	closed bool
	stop   chan struct{} // closed with the hub
}

// slot is the place of a path's document. While ready is not nil, the document
// is on its way in or out, and ready is closed once it is.
type slot struct {
	doc   *Document
	ready chan struct{}
}

var (
	msgClosed = errs.Message{
		ID: "document.closed",
		En: "The Server is closing. Try again in a moment.",
		Ru: "Сервер завершает работу. Повторите чуть позже.",
	}
	msgNotOpen = errs.Message{
		ID: "document.not_open",
		En: "This package is not open. Open it again.",
		Ru: "Этот пакет не открыт. Откройте его заново.",
	}
	msgExtension = errs.Message{
		ID: "document.extension",
		En: "{path} is no package: the name of a package ends in .weft.",
		Ru: "{path} — не пакет: имя пакета оканчивается на .weft.",
	}
)

// New makes a hub, and its folders where they are missing. What is wrong with
// them is told when a document is opened. The hub must be closed.
func New(o Options) *Hub {
	o.SaveAfter = orDefault(o.SaveAfter, 2*time.Second)
	o.Poll = orDefault(o.Poll, time.Second)
	o.Idle = orDefault(o.Idle, time.Minute)
	if o.FS == nil {
		o.FS = journal.OS{}
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = pack.MaxBytes
	}
	if o.Room == nil {
		o.Room = func() error { return nil }
	}
	if o.Ended == nil {
		o.Ended = func(string) {}
	}
	h := &Hub{options: o, log: o.Log, slots: map[string]*slot{}, stop: make(chan struct{})}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if h.files = o.Tree; h.files == nil {
		h.files, h.broken = workspace.OpenTree(o.Root, workspace.Quota{})
	}
	if h.broken == nil {
		h.kept, h.broken = workspace.OpenTree(o.Journals, workspace.Quota{})
	}
	return h
}

func orDefault(d, def time.Duration) time.Duration {
	if d <= 0 {
		return def
	}
	return d
}

// checkPath says whether a path may be a package's.
func checkPath(path string) error {
	if err := workspace.CheckName(path); err != nil {
		return err
	}
	if !strings.HasSuffix(path, Extension) {
		return errs.New(errs.Invalid, msgExtension, errs.P{"path": path})
	}
	return nil
}

// Open opens the document of a package's file, or joins those who have it
// open. path is from the root, without a leading slash. The document must be
// released. errs.NotFound: there is no such file; errs.Invalid, with line and
// column: it is no package.
func (h *Hub) Open(ctx context.Context, path string) (*Document, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	for {
		d, wait, err := h.join(path)
		switch {
		case err != nil:
			return nil, err
		case d != nil:
			return d, nil
		case wait == nil:
			return h.start(path)
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// join takes the open document of a path. When it is on its way, wait is
// closed once it has arrived or gone; when there is none, its slot is the
// caller's to fill by start.
func (h *Hub) join(path string) (d *Document, wait chan struct{}, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch s := h.slots[path]; {
	case h.broken != nil:
		return nil, nil, h.broken
	case h.closed:
		return nil, nil, errs.New(errs.Unavailable, msgClosed, nil)
	case s == nil:
		h.slots[path] = &slot{ready: make(chan struct{})}
		h.running.Add(1) // until start has ended
		return nil, nil, nil
	case s.ready != nil:
		return nil, s.ready, nil
	default:
		s.doc.refs++
		return s.doc, nil, nil
	}
}

// start loads the document of a path whose slot is the caller's.
func (h *Hub) start(path string) (*Document, error) {
	defer h.running.Done()
	h.moving.RLock()
	d, err := h.load(path)
	h.moving.RUnlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.slots[path]
	close(s.ready)
	s.ready = nil
	if err == nil && h.closed {
		d.shut()
		err = errs.New(errs.Unavailable, msgClosed, nil)
	}
	if err != nil {
		delete(h.slots, path)
		return nil, err
	}
	s.doc = d
	d.refs = 1
	h.running.Go(d.run)
	return d, nil
}

// Get returns an open document by its id. It must be released. errs.NotFound:
// no document of that id is open.
func (h *Hub) Get(id string) (*Document, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.slots {
		if s.ready == nil && s.doc.id == id {
			s.doc.refs++
			return s.doc, nil
		}
	}
	return nil, NotOpen()
}

// NotOpen is the answer for a document that is not open, of kind NotFound.
func NotOpen() error { return errs.New(errs.NotFound, msgNotOpen, nil) }

// Release gives up a reference of Open or Get. A document that nobody has is
// closed after a while.
func (d *Document) Release() {
	d.hub.mu.Lock()
	defer d.hub.mu.Unlock()
	if d.refs--; d.refs == 0 {
		d.idleSince = time.Now()
	}
}

// retire takes a document that nobody needs any more out of the hub; false
// when somebody has it. The caller closes it, and then calls gone.
func (h *Hub) retire(d *Document, always bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !always && (d.refs > 0 || time.Since(d.idleSince) < h.options.Idle) {
		return false
	}
	if s := h.slots[d.Path()]; s != nil && s.doc == d && s.ready == nil {
		s.ready = make(chan struct{})
	}
	return true
}

// gone frees the slot of a retired document.
func (h *Hub) gone(d *Document) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.slots[d.Path()]; s != nil && s.doc == d {
		delete(h.slots, d.Path())
		close(s.ready)
	}
}

// Close writes every document's file and closes it. When ctx ends first, what
// is not in a file is in its journal.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	first := !h.closed
	h.closed = true
	h.mu.Unlock()
	if first {
		close(h.stop)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.running.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if !first || h.broken != nil {
		return nil
	}
	err := h.kept.Close()
	if h.options.Tree == nil {
		err = errors.Join(err, h.files.Close())
	}
	return err
}
