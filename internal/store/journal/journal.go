package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
)

// The files of a journal's folder. Temporary ones end in ".new"; a torn end
// is kept in the last.
const (
	journalName  = "journal"
	snapshotName = "snapshot"
	tornName     = "journal.torn"
	newSuffix    = ".new"
)

var (
	msgFailed = errs.Message{
		ID: "journal.failed",
		En: "The change could not be written to disk and is not saved. The journal takes no more changes until it is opened anew.",
		Ru: "Изменение не удалось записать на диск, оно не сохранено. Журнал больше не принимает изменений, пока его не откроют заново.",
	}
	msgFull = errs.Message{
		ID: "journal.full",
		En: "The disk is full: the change is not saved. Free some space and open the package anew.",
		Ru: "Диск заполнен: изменение не сохранено. Освободите место и откройте пакет заново.",
	}
	msgClosed = errs.Message{
		ID: "journal.closed",
		En: "The journal is closed.",
		Ru: "Журнал закрыт.",
	}
	msgSequence = errs.Message{
		ID: "journal.sequence",
		En: "Change {found} came to the journal where {want} was due.",
		Ru: "В журнал пришло изменение {found}, а ожидалось {want}.",
	}
	msgTooLarge = errs.Message{
		ID: "journal.too_large",
		En: "The change is larger than 256 MiB.",
		Ru: "Изменение больше 256 МиБ.",
	}
)

// Journal takes records. Its methods may be called from several goroutines.
type Journal struct {
	fs   FS
	dir  string
	wake chan struct{} // has one when there is work
	done chan struct{} // closed when the writer has ended

	mu     sync.Mutex
	queue  []*entry // not yet written
	last   int64    // number of the last record that was taken
	err    error    // final
	closed bool

	io     sync.Mutex // held while the files are written
	file   File
	crc    uint32
	synced int64    // number of the last record on the disk
	recent []Record // since the snapshot
}

// entry is the records of one call. A snapshot takes part in the order of
// writing but waits for nothing.
type entry struct {
	records []Record
	done    chan struct{}
	err     error // set before done is closed
}

// Open opens the journal of a folder, making what is not there, and returns
// what it holds. A torn end is cut and kept in the file journal.torn. When
// the files are damaged the journal is nil, the error has kind Unreadable, and
// the state holds what is good before the damage; nothing is changed.
func Open(fsys FS, dir string) (*Journal, *State, error) {
	if err := fsys.MakeDir(dir); err != nil {
		return nil, nil, ioError(err)
	}
	state, f, err := load(fsys, dir)
	if err != nil {
		if errs.KindOf(err) == errs.Unreadable {
			return nil, state, err
		}
		return nil, nil, ioError(err)
	}
	j := &Journal{fs: fsys, dir: dir, wake: make(chan struct{}, 1), done: make(chan struct{}), recent: slices.Clone(state.Records)}
	if err := j.prepare(state, f); err != nil {
		return nil, nil, ioError(err)
	}
	go j.run()
	return j, state, nil
}

// prepare makes the file ready to be appended to.
func (j *Journal) prepare(state *State, f found) error {
	j.last, j.synced = state.Seq(), state.Seq()
	if len(f.torn) > 0 {
		if err := j.replace(tornName, f.torn); err != nil {
			return err
		}
		state.Cut = int64(len(f.torn))
	}
	// The file may hold records that the disk does not know, after an fsync that
	// failed once and says that all is well now. They are handed out, so they are
	// written anew.
	return j.restart(state.SnapshotSeq, state.Records)
}

func (j *Journal) path(name string) string { return filepath.Join(j.dir, name) }

// replace writes a file so that a crash leaves the old or the new one, whole.
func (j *Journal) replace(name string, content []byte) error {
	temp := j.path(name + newSuffix)
	if err := j.fs.Remove(temp); err != nil {
		return err
	}
	file, err := j.fs.Open(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := j.fs.Rename(temp, j.path(name)); err != nil {
		return err
	}
	return j.fs.SyncDir(j.dir)
}

// restart begins the journal file anew with the records after base.
func (j *Journal) restart(base int64, records []Record) error {
	b, crc := header(base)
	for _, r := range records {
		b, crc = appendRecord(b, crc, r, r.Seq-1) // all before it are safe once the file has its name
	}
	if err := j.replace(journalName, b); err != nil {
		return err
	}
	file, err := j.fs.Open(j.path(journalName), os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return err
	}
	if j.file != nil {
		err = j.file.Close()
	}
	j.file, j.crc = file, crc
	return err
}

// Append writes records and returns once they are on the disk. Their numbers
// must follow the last one's. When ctx ends first, they may still be written.
func (j *Journal) Append(ctx context.Context, records ...Record) error {
	wait, err := j.Write(records...)
	if err != nil {
		return err
	}
	return wait(ctx)
}

// Write takes records in the order of the calls, and returns at once; wait
// returns when they are on the disk. It is for a caller who numbers records
// under a lock and waits outside it. The payloads must not be changed after.
func (j *Journal) Write(records ...Record) (wait func(context.Context) error, err error) {
	for _, r := range records {
		if len(r.Payload) > MaxPayload {
			return nil, errs.New(errs.Invalid, msgTooLarge, nil)
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.refusal(); err != nil {
		return nil, err
	}
	for i, r := range records {
		if want := j.last + int64(i) + 1; r.Seq != want {
			return nil, errs.New(errs.Internal, msgSequence, errs.P{"found": r.Seq, "want": want})
		}
	}
	j.last += int64(len(records))
	e := &entry{records: records, done: make(chan struct{})}
	j.queue = append(j.queue, e)
	j.signal()
	return e.wait, nil
}

func (e *entry) wait(ctx context.Context) error {
	select {
	case <-e.done:
		return e.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// refusal says why nothing is taken any more. j.mu is held.
func (j *Journal) refusal() error {
	if j.err != nil {
		return j.err
	}
	if j.closed {
		return errs.New(errs.Unavailable, msgClosed, nil)
	}
	return nil
}

func (j *Journal) signal() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// run writes what is queued, all of it at a time, until Close.
func (j *Journal) run() {
	defer close(j.done)
	for range j.wake {
		j.flush()
		j.mu.Lock()
		end := j.closed && len(j.queue) == 0
		j.mu.Unlock()
		if end {
			return
		}
	}
}

// flush writes what is queued by one write and one fsync.
func (j *Journal) flush() {
	j.io.Lock()
	defer j.io.Unlock()
	j.mu.Lock()
	group, err := j.queue, j.err
	j.queue = nil
	j.mu.Unlock()
	if err == nil && len(group) > 0 {
		if err = j.writeGroup(group); err != nil {
			err = j.fail(err)
		}
	}
	for _, e := range group {
		e.err = err
		close(e.done)
	}
}

func (j *Journal) writeGroup(group []*entry) error {
	var b []byte
	crc, last := j.crc, j.synced
	var records []Record
	for _, e := range group {
		for _, r := range e.records {
			b, crc = appendRecord(b, crc, r, j.synced)
			last = r.Seq
		}
		records = append(records, e.records...)
	}
	if len(b) == 0 {
		return nil
	}
	if _, err := j.file.Write(b); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.crc, j.synced = crc, last
	j.recent = append(j.recent, records...)
	return nil
}

// fail ends the journal for good: after a failed write or fsync nobody knows
// what is on the disk, and a second fsync would say that all is well.
func (j *Journal) fail(err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = ioError(err)
	}
	return j.err
}

func ioError(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return errs.New(errs.Exhausted, msgFull, nil).Because(err)
	}
	return errs.New(errs.Unavailable, msgFailed, nil).Because(err)
}

// Err is why the journal takes nothing more; nil while it does.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// Snapshot puts state, which has all records up to seq in it, in the place of
// them, and begins the journal file anew with those after seq. seq must have
// been acknowledged. A failure is final as one of Append is, and loses nothing.
func (j *Journal) Snapshot(ctx context.Context, seq int64, state []byte) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	j.io.Lock()
	defer j.io.Unlock()
	j.mu.Lock()
	err := j.refusal()
	j.mu.Unlock()
	if err != nil {
		return err
	}
	if seq > j.synced || seq < j.synced-int64(len(j.recent)) {
		return errs.New(errs.Internal, msgSequence, errs.P{"found": seq, "want": j.synced})
	}
	later := slices.Clone(j.recent[len(j.recent)-int(j.synced-seq):])
	if err := j.replace(snapshotName, encodeSnapshot(seq, state)); err != nil {
		return j.fail(err)
	}
	if err := j.restart(seq, later); err != nil {
		return j.fail(err)
	}
	j.recent = later
	return nil
}

// Close writes what is queued and closes the file. It must be called once.
func (j *Journal) Close() error {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.signal()
	<-j.done
	return j.file.Close()
}
