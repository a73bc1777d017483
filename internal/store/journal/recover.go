package journal

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgDamaged = errs.Message{
		ID: "journal.damaged",
		En: "The journal of changes is damaged at byte {offset}, after change {seq}; later changes are there but not whole. Nothing was changed. Restore a backup, or go on from change {seq}.",
		Ru: "Журнал изменений повреждён на байте {offset}, после изменения {seq}; дальнейшие изменения есть, но не целы. Ничего не тронуто. Восстановите копию или продолжите с изменения {seq}.",
	}
	msgGap = errs.Message{
		ID: "journal.gap",
		En: "Changes are missing in the journal: after {seq} comes {found}. Nothing was changed. Restore a backup, or go on from change {seq}.",
		Ru: "В журнале не хватает изменений: после {seq} идёт {found}. Ничего не тронуто. Восстановите копию или продолжите с изменения {seq}.",
	}
	msgSnapshot = errs.Message{
		ID: "journal.snapshot",
		En: "The snapshot beside the journal is missing or damaged. Nothing was changed. Restore a backup.",
		Ru: "Снимок рядом с журналом отсутствует или повреждён. Ничего не тронуто. Восстановите копию.",
	}
	msgMissing = errs.Message{
		ID: "journal.missing",
		En: "There is a snapshot but no journal: changes after {seq} may be lost. Restore a backup, or go on from change {seq}.",
		Ru: "Снимок есть, а журнала нет: изменения после {seq} могли пропасть. Восстановите копию или продолжите с изменения {seq}.",
	}
)

// State is what a journal held when it was opened.
type State struct {
	SnapshotSeq int64    // number of the last record in Snapshot
	Snapshot    []byte   // nil: there is none yet
	Records     []Record // after the snapshot, in order
	Cut         int64    // bytes of a torn end that were cut and put aside
}

// Seq is the number of the last record.
func (s *State) Seq() int64 {
	if n := len(s.Records); n > 0 {
		return s.Records[n-1].Seq
	}
	return s.SnapshotSeq
}

// found is the journal file as recovery saw it.
type found struct {
	size int64  // of the good part; what follows is torn
	torn []byte // behind it
	last int64
	crc  uint32 // of the last good record
}

// Files are the files that make up a journal. Who copies them in this order,
// while each is still the one of its name at the end, has a journal that opens,
// even if its last file has grown meanwhile.
func Files() []string { return []string{snapshotName, journalName} }

// Read reads what the journal of a folder holds as Open does, and changes
// nothing. errs.Unreadable: the files are damaged.
func Read(fsys FS, dir string) (*State, error) {
	state, _, err := load(fsys, dir)
	if err != nil && errs.KindOf(err) != errs.Unreadable {
		return nil, ioError(err)
	}
	return state, err
}

// load reads the files of a folder and changes nothing. On damage, state
// holds what is good before it.
func load(fsys FS, dir string) (state *State, f found, err error) {
	state = &State{}
	snap, err := readFile(fsys, filepath.Join(dir, snapshotName))
	hasSnapshot := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, f, err
	}
	if hasSnapshot {
		var good bool
		if state.SnapshotSeq, state.Snapshot, good = decodeSnapshot(snap); !good {
			return &State{}, f, errs.New(errs.Unreadable, msgSnapshot, nil)
		}
	}
	b, err := readFile(fsys, filepath.Join(dir, journalName))
	switch {
	case errors.Is(err, fs.ErrNotExist) && hasSnapshot:
		return state, f, errs.New(errs.Unreadable, msgMissing, errs.P{"seq": state.SnapshotSeq})
	case errors.Is(err, fs.ErrNotExist):
		return state, f, nil
	case err != nil:
		return nil, f, err
	}
	f, err = scan(b, state)
	return state, f, err
}

// scan reads the records of a journal file into state.
func scan(b []byte, state *State) (found, error) {
	if len(b) < headerSize {
		return found{}, damaged(0, state)
	}
	base := int64(binary.LittleEndian.Uint64(b[8:]))
	want, crc := header(base)
	if string(want) != string(b[:headerSize]) {
		return found{}, damaged(0, state)
	}
	if base > state.SnapshotSeq {
		if state.Snapshot == nil {
			return found{}, errs.New(errs.Unreadable, msgSnapshot, nil)
		}
		return found{}, errs.New(errs.Unreadable, msgGap, errs.P{"seq": state.SnapshotSeq, "found": base + 1})
	}
	f := found{size: headerSize, last: base, crc: crc}
	for int(f.size) < len(b) {
		rest := b[f.size:]
		r, good := readRecord(rest, f.crc)
		if !good {
			if provesDamage(rest, r, f.last+1) {
				return f, damaged(f.size, state)
			}
			f.torn = rest
			return f, nil
		}
		if r.Seq != f.last+1 {
			return f, errs.New(errs.Unreadable, msgGap, errs.P{"seq": f.last, "found": r.Seq})
		}
		if r.Seq > state.SnapshotSeq {
			state.Records = append(state.Records, r.Record)
		}
		f.size, f.last, f.crc = f.size+int64(r.size), r.Seq, r.crc
	}
	return f, nil
}

func damaged(offset int64, state *State) error {
	return errs.New(errs.Unreadable, msgDamaged, errs.P{"offset": offset, "seq": state.Seq()})
}

// provesDamage looks behind a bad record for a good one that was written when
// the bad one, due to have the number seq, was safe on the disk.
func provesDamage(b []byte, bad read, seq int64) bool {
	for at := 1; at+recordFixed <= len(b); at++ {
		n := int64(binary.LittleEndian.Uint64(b[at+4:]))
		synced := int64(binary.LittleEndian.Uint64(b[at+12:]))
		if n <= seq || n > seq+int64(len(b)) || synced < seq || synced >= n {
			continue
		}
		if at >= 4 {
			if _, good := readRecord(b[at:], binary.LittleEndian.Uint32(b[at-4:])); good {
				return true
			}
		}
		if at == bad.size { // the bad part may be the checksum itself
			if _, good := readRecord(b[at:], bad.crc); good {
				return true
			}
		}
	}
	return false
}

func readFile(fsys FS, name string) ([]byte, error) {
	f, err := fsys.Open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	if e := f.Close(); err == nil {
		err = e
	}
	return b, err
}
