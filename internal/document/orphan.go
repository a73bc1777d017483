package document

import (
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

// orphan lets a document go on without its file, which somebody has deleted;
// false when nobody has it open. dir is its journal's.
func (d *Document) orphan(by string) (dir string, open bool, err error) {
	d.file.Lock()
	defer d.file.Unlock()
	d.mu.Lock()
	open = len(d.sessions) > 0
	d.mu.Unlock()
	if !open {
		return "", false, nil
	}
	d.deleted = errs.New(errs.NotFound, msgDeleted, errs.P{"path": d.Path(), "name": by})
	d.look()
	d.lost = "" // it is nowhere else
	d.tell(d.clash)
	m, there, err := d.hub.readMeta(d.dir)
	if there {
		m.Deleted = true
		err = d.hub.writeMeta(d.dir, m)
	}
	return d.dir, true, err
}

func (d *Document) isDeleted() bool {
	d.file.Lock()
	defer d.file.Unlock()
	return d.deleted != nil
}

// follow looks once for a file that went, and goes on with it where somebody
// has moved or renamed it outside Weft.
func (d *Document) follow() {
	d.file.Lock()
	if _, err := d.hub.files.Stat(d.Path()); errs.KindOf(err) == errs.NotFound {
		d.look()
	}
	lost := d.lost
	d.lost = ""
	d.file.Unlock()
	if lost == "" {
		return
	}
	to, found := d.hub.files.Find(lost, Extension)
	if !found {
		return
	}
	if content, _, err := d.hub.files.Read(to.Path, pack.MaxBytes); err != nil || hashOf(content) != d.marked().Hash {
		return // it was written to as well: nobody knows that it is the same
	}
	if err := d.hub.movedAway(d, to.Path); err != nil {
		d.log.Warn("follow a file that was moved", "error", err)
	}
}

// movedAway lets an open document follow its file to a place where no other
// document is.
func (h *Hub) movedAway(d *Document, to string) error {
	h.moving.Lock()
	defer h.moving.Unlock()
	h.mu.Lock()
	taken := h.slots[to] != nil || h.closed
	h.mu.Unlock()
	if taken {
		return nil
	}
	d.log.Info("the file was moved outside Weft", "from", d.Path(), "to", to)
	return h.moveOpen(d, to)
}

// PathOf finds where the file of a document is by its id, also of one that is
// not open but has a journal. False: no such document is known.
func (h *Hub) PathOf(id string) (string, bool) {
	if d, err := h.Get(id); err == nil {
		defer d.Release()
		return d.Path(), true
	}
	found := ""
	_ = h.eachJournal("", func(_ string, m meta) error { // what can't be read is not found
		if m.ID == id && !m.Deleted {
			found = m.Path
		}
		return nil
	})
	return found, found != ""
}
