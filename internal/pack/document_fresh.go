package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// fresh takes back one event that nobody has heard of.
type fresh struct {
	seq     int64
	inverse Command
	people  map[string]*person // as they were before, those whom it concerns
	changes []change
	voided  int64 // the event that it made void
	outline *Outline
	behind  [][]string
}

// remember keeps what Rollback needs of how things are before an event.
func (d *Document) remember(ev Event, inverse Command) {
	f := fresh{seq: d.seq, inverse: inverse, people: map[string]*person{}, changes: d.changes, outline: d.outline, behind: slices.Clip(d.behind)}
	for _, who := range []string{ev.Person, Outside} {
		f.people[who] = d.person(who).clone()
	}
	if ev.Action == ActionUndo {
		f.voided = ev.Of
	}
	d.fresh = append(d.fresh, f)
}

// Settle says that all events until now stand: their owner has them in the
// journal. It must be called now and then, since until then all that Rollback
// needs is kept.
func (d *Document) Settle() {
	const some = 1024
	clear(d.fresh)
	d.fresh = d.fresh[:0]
	if len(d.changes) >= d.many {
		d.forget()
		d.many = 2 * max(some, len(d.changes))
	}
}

// Rollback takes back all events since Settle, as if they had never been: they
// could not be written to the journal.
func (d *Document) Rollback() error {
	for _, f := range slices.Backward(d.fresh) {
		if _, err := Apply(d.pkg, f.inverse); err != nil {
			return errs.New(errs.Internal, msgRollback, nil).Because(err)
		}
		for who, p := range f.people {
			d.people[who] = p
		}
		d.seq, d.changes, d.outline, d.behind = f.seq, f.changes, f.outline, f.behind
		if i := d.changed(f.voided); i >= 0 {
			d.changes[i].void = false
		}
	}
	d.fresh = d.fresh[:0]
	return nil
}

// forget drops changes that nobody's undo looks at any more.
func (d *Document) forget() {
	oldest := d.seq
	for _, p := range d.people {
		for _, s := range slices.Concat(p.undo, p.redo) {
			oldest = min(oldest, s.seq)
		}
	}
	d.changes = slices.DeleteFunc(d.changes, func(c change) bool { return c.seq < oldest })
}
