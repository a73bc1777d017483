package document

import (
	"os"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// run looks after the document until nobody needs it or the hub is closed.
func (d *Document) run() {
	defer close(d.closed)
	timer := time.NewTimer(d.next())
	defer timer.Stop()
	for {
		select {
		case <-d.hub.stop:
			d.hub.retire(d, true)
			d.end(true)
			return
		case <-d.quit:
			d.hub.retire(d, true)
			d.end(false)
			return
		case <-timer.C:
		}
		d.tick()
		if d.hub.retire(d, false) {
			d.end(true)
			return
		}
		timer.Reset(d.next())
	}
}

// maxUnsaved is how long the file may stay behind while people edit on, in
// pauses that would let it be written.
const maxUnsaved = 10

// due is how long it is until the file is to be written; false when it has
// all, or must not be.
func (d *Document) due() (time.Duration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state.Number == d.mark.Number || d.state.damaged {
		return 0, false
	}
	after := d.hub.options.SaveAfter
	return min(after-time.Since(d.edited), maxUnsaved*after-time.Since(d.dirty)), true
}

func (d *Document) next() time.Duration {
	if due, ok := d.due(); ok {
		return min(max(due, 0)+time.Millisecond, d.hub.options.Poll)
	}
	return d.hub.options.Poll
}

func (d *Document) tick() {
	if d.State().Refusal != nil {
		d.revive()
	}
	d.follow()
	d.file.Lock()
	defer d.file.Unlock()
	if due, ok := d.due(); ok && due <= 0 {
		_ = d.checkpoint(false) // what fails is shown
		return
	}
	d.look()
	d.tell(d.clash)
}

// end closes the document, with the file written or not.
func (d *Document) end(save bool) {
	if save {
		d.file.Lock()
		if _, behind := d.due(); behind {
			if err := d.checkpoint(false); err != nil {
				d.log.Warn("closed without writing the file; the journal has it", "path", d.Path(), "error", err)
			}
		}
		d.file.Unlock()
	}
	d.shut()
	if d.isDeleted() {
		_ = os.RemoveAll(d.hub.journalDir(d.dir)) // what is left of it is dropped with the next file of the name
	}
	d.hub.options.Ended(d.id)
	d.hub.gone(d)
}

// shut takes nothing more, and tells.
func (d *Document) shut() {
	d.turn <- struct{}{}
	defer d.leave()
	d.closeJournal()
	d.show(func(s *State) {
		if s.Gone == nil {
			s.Gone = errs.New(errs.Unavailable, msgClosed, nil)
		}
		s.Refusal = s.Gone
	})
}
