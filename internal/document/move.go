package document

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

var msgRemoved = errs.Message{
	ID: "document.removed",
	En: "The package {path} was removed.",
	Ru: "Пакет {path} удалён.",
}

// under reports whether a path is a file or folder, or lies in it.
func under(file, at string) bool { return at == "" || file == at || strings.HasPrefix(file, at+"/") }

// Flush writes the files of the open documents at a path or below it. It is
// for whoever is about to move or copy them.
func (h *Hub) Flush(ctx context.Context, at string) error {
	var all []error
	docs, err := h.below(ctx, at)
	if err != nil {
		return err
	}
	for _, d := range docs {
		_, err := d.Save(false)
		all = append(all, err)
		d.Release()
	}
	return errors.Join(all...)
}

// Moved lets documents and journals follow a file or folder that was renamed.
// Whoever renames calls Flush before, and Moved or Removed after, else a new
// file of the old name would meet the old one's journal.
func (h *Hub) Moved(ctx context.Context, from, to string) error {
	if h.broken != nil {
		return h.broken
	}
	h.moving.Lock()
	defer h.moving.Unlock()
	docs, err := h.below(ctx, from)
	if err != nil {
		return err
	}
	var all []error
	for _, d := range docs {
		all = append(all, h.moveOpen(d, to+strings.TrimPrefix(d.Path(), from)))
		d.Release()
	}
	all = append(all, h.eachJournal(from, func(dir string, m meta) error {
		m.Path = to + strings.TrimPrefix(m.Path, from)
		return h.moveJournal(dir, folderOf(m.Path), m)
	}))
	return errors.Join(all...)
}

// Removed says that somebody, by his name, has deleted a file or folder. Its
// journals go, and its documents are closed; but those that people have open
// stay so, without a file, until it is saved again or nobody has them any more.
func (h *Hub) Removed(ctx context.Context, at, by string) error {
	if h.broken != nil {
		return h.broken
	}
	docs, err := h.below(ctx, at)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, d := range docs {
		if dir, open, err := d.orphan(by); open {
			kept[dir] = true
			d.Release()
			if err != nil {
				d.log.Warn("note that the file was deleted", "error", err)
			}
			continue
		}
		d.show(func(s *State) { s.Gone = errs.New(errs.NotFound, msgRemoved, errs.P{"path": d.path}) })
		d.quitOnce.Do(func() { close(d.quit) })
		d.Release()
		<-d.closed
	}
	return h.eachJournal(at, func(dir string, _ meta) error {
		if kept[dir] {
			return nil
		}
		return os.RemoveAll(h.journalDir(dir))
	})
}

// below references the open documents at a path or below it, and waits for
// those that are on their way out.
func (h *Hub) below(ctx context.Context, at string) ([]*Document, error) {
	for {
		list, wait := h.openBelow(at)
		if wait == nil {
			return list, nil
		}
		for _, d := range list {
			d.Release()
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (h *Hub) openBelow(at string) (list []*Document, wait chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for file, s := range h.slots {
		switch {
		case !under(file, at):
		case s.ready == nil:
			s.doc.refs++
			list = append(list, s.doc)
		case s.doc != nil: // on its way in, there is none yet
			wait = s.ready
		}
	}
	return list, wait
}

// eachJournal goes through the journals of files at a path or below it.
func (h *Hub) eachJournal(at string, do func(dir string, m meta) error) error {
	entries, err := os.ReadDir(h.options.Journals)
	all := []error{err}
	for _, e := range entries {
		if m, there, err := h.readMeta(e.Name()); err == nil && there && under(m.Path, at) {
			all = append(all, do(e.Name(), m))
		}
	}
	return errors.Join(all...)
}

// moveJournal gives a journal its new place. What is there is of a file that
// is gone.
func (h *Hub) moveJournal(from, to string, m meta) error {
	if from != to {
		if err := os.RemoveAll(h.journalDir(to)); err != nil {
			return err
		}
		if err := os.Rename(h.journalDir(from), h.journalDir(to)); err != nil {
			return err
		}
	}
	return h.writeMeta(to, m)
}

// moveOpen lets an open document follow its file.
func (h *Hub) moveOpen(d *Document, to string) error {
	d.file.Lock()
	defer d.file.Unlock()
	d.turn <- struct{}{}
	defer d.leave()
	from, dir := d.Path(), d.dir
	d.closeJournal()
	h.rekey(d, from, to)
	d.dir = folderOf(to)
	if !d.begun {
		return os.RemoveAll(h.journalDir(d.dir))
	}
	m, _, err := h.readMeta(dir)
	if err == nil {
		m.Path = to
		err = h.moveJournal(dir, d.dir, m)
	}
	if err == nil && !d.State().damaged {
		d.journal, _, err = journal.Open(h.options.FS, h.journalDir(d.dir))
	}
	if err != nil {
		d.fail(err)
	}
	return err
}

func (h *Hub) rekey(d *Document, from, to string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slots[from] != nil {
		h.slots[to] = h.slots[from]
		delete(h.slots, from)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.path = to
	d.showLocked(func(*State) {})
}
