package document

import (
	"crypto/rand"
	"os"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
	"github.com/weftworks/weft/internal/workspace"
)

// load makes the document of a path out of its file and its journal.
func (h *Hub) load(path string) (*Document, error) {
	content, file, err := h.files.Read(path, pack.MaxBytes)
	if err != nil {
		return nil, err
	}
	m, begun, err := h.readMeta(folderOf(path))
	if err != nil {
		return nil, err
	}
	if begun && m.Deleted { // the file is another's
		if err := os.RemoveAll(h.journalDir(folderOf(path))); err != nil {
			return nil, err
		}
		begun = false
	}
	if !begun {
		d := newDocument(h, path, newID())
		return d, d.fromFile(content, file)
	}
	d := newDocument(h, path, m.ID)
	if err := d.recover(m, content, file); err != nil {
		d.closeJournal()
		return nil, err
	}
	return d, nil
}

func newID() string { return strings.ToLower(rand.Text()) }

// fromFile makes the document out of the file alone.
func (d *Document) fromFile(content []byte, file workspace.Entry) error {
	p, err := pack.Decode(content, d.path)
	if err != nil {
		return err
	}
	d.doc = pack.NewDocument(p, 0)
	d.seen, d.mark = file, mark{0, hashOf(content)}
	d.first()
	return nil
}

// first fills in what others see of a document that was just made.
func (d *Document) first() {
	d.can = d.steps()
	d.state.Number, d.state.Outline = d.doc.Seq(), d.doc.Outline()
	d.state.File.Saved = d.mark.Number
}

// recover makes the document out of its journal, which wins over the file
// where it is ahead.
func (d *Document) recover(m meta, content []byte, file workspace.Entry) error {
	j, state, err := journal.Open(d.hub.options.FS, d.hub.journalDir(d.dir))
	if err != nil && (state == nil || errs.KindOf(err) != errs.Unreadable) {
		return err
	}
	d.journal, d.begun, d.state.damaged = j, true, err != nil
	if state.Snapshot == nil { // cut before the first change
		d.closeJournal()
		d.begun = false
		return d.withRefusal(d.fromFile(content, file), err)
	}
	if e := d.restore(state.Snapshot, state.SnapshotSeq); e != nil {
		return e
	}
	changes, e := d.replay(state.Records)
	if e != nil && err == nil {
		d.state.damaged, err = true, e
		d.closeJournal()
	}
	for _, c := range changes {
		d.events.add(c)
	}
	if state.Cut > 0 {
		d.log.Warn("cut a torn end off the journal", "bytes", state.Cut)
	}
	return d.withRefusal(d.compare(m, content, file), err)
}

// withRefusal makes a damaged document read-only.
func (d *Document) withRefusal(result, damage error) error {
	if result == nil && damage != nil {
		d.log.Error("journal is damaged", "error", damage)
		d.state.Refusal = errs.New(errs.Unreadable, msgDamaged, errs.P{"number": d.doc.Seq(), "reason": words(damage)}).Because(damage)
	}
	return result
}

// compare finds out how the file stands to the document as the journal has it.
func (d *Document) compare(m meta, content []byte, file workspace.Entry) error {
	number, hash := d.doc.Seq(), hashOf(content)
	d.mark, d.seen = m.Next, file
	if hash == m.Was.Hash && hash != m.Next.Hash {
		d.mark = m.Was
	}
	d.first()
	if hash == d.mark.Hash && d.mark.Number <= number {
		if d.mark.Number < number {
			d.log.Info("the journal is ahead of the file", "path", d.path, "file", d.mark.Number, "journal", number)
		}
		return nil
	}
	if d.mark.Number < number {
		d.clash = errs.New(errs.Conflict, msgBothChanged, nil)
		d.state.File.Conflict = d.clash
		return nil
	}
	d.mark.Number = number // what the journal has lost, the file has
	if d.state.damaged {
		return nil
	}
	if _, err := pack.Decode(content, d.path); err != nil {
		return err
	}
	d.outside(content, file)
	return nil
}
