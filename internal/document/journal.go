package document

import (
	"context"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

// weight is how much a replay would have to do.
type weight struct{ records, bytes int }

// A journal that is heavier gets a snapshot.
const (
	maxRecords     = 2000
	maxRecordBytes = 16 << 20
)

func (w *weight) add(r journal.Record) {
	w.records++
	w.bytes += len(r.Payload)
}

var (
	msgNotSaved = errs.Message{
		ID: "document.not_saved",
		En: "The change is not saved: {reason} Until that is over, the package can only be read.",
		Ru: "Изменение не сохранено. {reason} Пока причина не устранена, пакет можно только читать.",
	}
	msgDamaged = errs.Message{
		ID: "document.damaged",
		En: "The package can only be read, as it was after change {number}. {reason}",
		Ru: "Пакет можно только читать, каким он был после изменения {number}. {reason}",
	}
)

// words is an error as a part of a message.
func words(err error) errs.Words {
	e := errs.All(err)[0]
	return errs.Words{En: e.Text("en"), Ru: e.Text("ru")}
}

// begin makes the journal at the first change, with a snapshot of what is
// changed. The caller has the turn.
func (d *Document) begin() error {
	if d.journal != nil {
		return nil
	}
	if err := d.hub.options.FS.MakeDir(d.hub.journalDir(d.dir)); err != nil {
		return err
	}
	m := d.marked()
	if err := d.hub.writeMeta(d.dir, meta{ID: d.id, Path: d.Path(), Was: m, Next: m}); err != nil {
		return err
	}
	j, state, err := journal.Open(d.hub.options.FS, d.hub.journalDir(d.dir))
	if err != nil {
		return err
	}
	b, err := d.snapshot()
	if err == nil && state.Seq() != d.doc.Seq() {
		err = errs.New(errs.Internal, msgDamaged, errs.P{"number": d.doc.Seq(), "reason": ""})
	}
	if err == nil {
		err = j.Snapshot(context.Background(), d.doc.Seq(), b)
	}
	if err != nil {
		_ = j.Close() // it has failed, and nothing is in it
		return err
	}
	d.journal = j
	d.mu.Lock()
	d.begun = true
	now := d.mark
	d.mu.Unlock()
	if now != m { // the file was looked at meanwhile
		return d.note(now, now)
	}
	return nil
}

// write puts records on the disk.
func (d *Document) write(records []journal.Record) error {
	if err := d.journal.Append(context.Background(), records...); err != nil {
		return err
	}
	for _, r := range records {
		d.weight.add(r)
	}
	return nil
}

// shorten puts a snapshot in the place of many records.
func (d *Document) shorten() {
	if d.weight.records < maxRecords && d.weight.bytes < maxRecordBytes {
		return
	}
	b, err := d.snapshot()
	if err == nil {
		err = d.journal.Snapshot(context.Background(), d.doc.Seq(), b)
	}
	if err != nil {
		d.fail(err)
		return
	}
	d.weight = weight{}
}

// fail makes the document read-only, as it was before what could not be
// written. The caller has the turn.
func (d *Document) fail(err error) {
	d.log.Error("journal failed", "error", err)
	if e := d.doc.Rollback(); e != nil {
		d.log.Error("roll back", "error", e)
		d.spoil()
	}
	kind := errs.KindOf(err)
	if kind == errs.Internal {
		kind = errs.Unavailable
	}
	refusal := errs.New(kind, msgNotSaved, errs.P{"reason": words(err)}).Because(err)
	d.show(func(s *State) { s.Refusal = refusal })
}

// spoil says that the journal can't be gone on with.
func (d *Document) spoil() { d.show(func(s *State) { s.damaged = true }) }

// revive opens a journal that has failed anew. What was written to it but
// never acknowledged may be there now: it becomes an event like any other.
func (d *Document) revive() {
	d.turn <- struct{}{}
	defer d.leave()
	if d.State().Refusal == nil || d.State().damaged {
		return
	}
	if d.journal != nil {
		_ = d.journal.Close() // it has failed, and was told
		d.journal = nil
	}
	changes, err := d.reopen()
	if err != nil {
		d.log.Debug("journal still fails", "error", err)
		return
	}
	d.log.Info("journal works again", "changes", len(changes))
	if len(changes) > 0 {
		d.publish(changes)
	}
	d.show(func(s *State) { s.Refusal = nil })
}

func (d *Document) reopen() ([]Change, error) {
	if !d.begun {
		return nil, d.begin()
	}
	j, state, err := journal.Open(d.hub.options.FS, d.hub.journalDir(d.dir))
	if err != nil {
		if errs.KindOf(err) == errs.Unreadable {
			d.spoil()
		}
		return nil, err
	}
	missing := d.doc.Seq() - state.Seq()
	if missing > 0 {
		d.spoil()
		_ = j.Close()
		return nil, errs.New(errs.Unreadable, msgDamaged, errs.P{"number": state.Seq(), "reason": ""})
	}
	changes, err := d.replay(state.Records[int64(len(state.Records))+missing:])
	if err != nil {
		d.spoil()
		_ = j.Close()
		return nil, err
	}
	d.journal = j
	return changes, nil
}

// closeJournal ends writing for good. The caller has the turn.
func (d *Document) closeJournal() {
	if d.journal == nil {
		return
	}
	if err := d.journal.Close(); err != nil {
		d.log.Warn("close journal", "error", err)
	}
	d.journal = nil
}
