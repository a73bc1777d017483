package document

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
)

// faulty is the machine's disk, until it fails.
type faulty struct {
	journal.OS
	mu    sync.Mutex
	write error
	sync  error
}

func (f *faulty) set(write, sync error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.write, f.sync = write, sync
}

func (f *faulty) Open(name string, flag int) (journal.File, error) {
	file, err := f.OS.Open(name, flag)
	if err != nil {
		return nil, err
	}
	return &faultyFile{file, f}, nil
}

type faultyFile struct {
	journal.File
	fs *faulty
}

func (f *faultyFile) Write(b []byte) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.fs.write != nil {
		return 0, f.fs.write
	}
	return f.File.Write(b)
}

func (f *faultyFile) Sync() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.fs.sync != nil {
		return f.fs.sync
	}
	return f.File.Sync()
}

// TestDiskFails and then works again: nothing is acknowledged meanwhile, it is
// told, and the package goes on by itself.
func TestDiskFails(t *testing.T) {
	for _, c := range []struct {
		name        string
		write, sync error
		kind        errs.Kind
		survives    bool // the command was written, though nobody knew
	}{
		{"full", syscall.ENOSPC, nil, errs.Exhausted, false},
		{"fsync fails", nil, syscall.EIO, errs.Unavailable, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := &faulty{}
			o := quick()
			o.FS = disk
			f := newFixture(t, o)
			d := f.open()
			defer d.Release()
			do(t, d, label("1", "first"))
			disk.set(c.write, c.sync)
			lost := label("1", "lost")
			lost.Client = "c"
			for range 2 {
				if _, err := d.Do(context.Background(), lost); errs.KindOf(err) != c.kind {
					t.Fatal(err)
				}
			}
			if p, n := d.Current(); n != 1 || p.Label != "first" || d.State().Refusal == nil {
				t.Fatal(n, p.Label, d.State().Refusal)
			}
			disk.set(nil, nil)
			until(t, d, func(s State) bool { return s.Refusal == nil })
			if _, n := d.Current(); (n == 2) != c.survives {
				t.Error(n)
			}
			if a := do(t, d, lost); a.Number != 2 {
				t.Error("a repeat is", a)
			}
			if a := do(t, d, label("1", "next")); a.Number != 3 {
				t.Error(a)
			}
		})
	}
}

// TestDiskIsAlmostFull refuses changes, but for repeats of what was written.
func TestDiskIsAlmostFull(t *testing.T) {
	var full atomic.Bool
	o := slow()
	o.Room = func() error {
		if full.Load() {
			return errs.New(errs.Exhausted, msgAhead, nil)
		}
		return nil
	}
	f := newFixture(t, o)
	d := f.open()
	defer d.Release()
	first := label("1", "first")
	first.Client = "c"
	do(t, d, first)
	full.Store(true)
	if _, err := d.Do(context.Background(), label("1", "x")); errs.KindOf(err) != errs.Exhausted {
		t.Error(err)
	}
	if a := do(t, d, first); a.Number != 1 {
		t.Error(a)
	}
	if err := f.Create("user/new.weft", ""); errs.KindOf(err) != errs.Exhausted {
		t.Error("a new package:", err)
	}
	if _, err := d.SaveAs("user/copy.weft", false); errs.KindOf(err) != errs.Exhausted {
		t.Error("a copy:", err)
	}
	if _, err := d.Save(false); err != nil {
		t.Error("what is there is not saved:", err)
	}
	full.Store(false)
	if a := do(t, d, label("1", "x")); a.Number != 2 {
		t.Error(a)
	}
}

// TestFirstChangeFails leaves a package that has no journal yet.
func TestFirstChangeFails(t *testing.T) {
	disk := &faulty{}
	disk.set(syscall.ENOSPC, nil)
	o := quick()
	o.FS = disk
	f := newFixture(t, o)
	d := f.open()
	defer d.Release()
	if _, err := d.Do(context.Background(), label("1", "x")); errs.KindOf(err) != errs.Exhausted {
		t.Error(err)
	}
	disk.set(nil, nil)
	until(t, d, func(s State) bool { return s.Refusal == nil })
	if a := do(t, d, label("1", "x")); a.Number != 1 {
		t.Error(a)
	}
}

// TestDamagedJournal is never gone on with: what is good can be read and saved
// elsewhere.
func TestDamagedJournal(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	for i := range 9 {
		do(t, d, label("1", fmt.Sprint("label ", i)))
	}
	d.Release()
	f.crash(slow(), d)
	file := filepath.Join(f.dir, "journals", d.dir, "journal")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("label 4"))
	b[at] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d = f.open()
	defer d.Release()
	if p, n := d.Current(); n != 4 || p.Label != "label 3" {
		t.Error(n, p.Label)
	}
	if _, err := d.Do(context.Background(), label("1", "x")); errs.KindOf(err) != errs.Unreadable {
		t.Error(err)
	}
	if _, err := d.SaveAs("user/rescued.weft", false); err != nil {
		t.Error(err)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, b) {
		t.Error("the damaged journal was changed", err)
	}
}

// TestPanic closes the document, acknowledges nothing of the group, and leaves
// what the journal has.
func TestPanic(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	do(t, d, label("1", "first"))
	d.turn <- struct{}{} // let a group gather
	var all sync.WaitGroup
	var acked [3]error
	for i, c := range []pack.Command{pack.Rename{Label: "lost"}, nil, pack.Rename{Label: "lost too"}} {
		all.Go(func() { _, acked[i] = d.Do(context.Background(), Request{Account: "1", Command: c}) })
	}
	for d.queue.len() < 3 {
		runtime.Gosched()
	}
	d.leave()
	all.Wait()
	d.Release()
	<-d.closed
	for _, err := range acked {
		if err == nil {
			t.Error("acknowledged, and not written")
		}
	}
	again := f.open()
	defer again.Release()
	if p, n := again.Current(); again == d || n != 1 || p.Label != "first" {
		t.Error(n, p.Label)
	}
}

// TestSnapshots bound the journal, and keep the ids of commands.
func TestSnapshots(t *testing.T) {
	f := newFixture(t, slow())
	d := f.open()
	first := label("1", "first")
	first.Client = "c"
	do(t, d, first)
	text := string(bytes.Repeat([]byte("x"), 500<<10))
	for i := range 40 {
		c := pack.SetSetting{Workflow: "main", Node: "a", Path: pack.Path{{Key: "k"}}, Value: pack.Text(fmt.Sprint(i, text))}
		do(t, d, Request{Account: "1", Command: c})
	}
	info, err := os.Stat(filepath.Join(f.dir, "journals", d.dir, "journal"))
	if err != nil || info.Size() > maxRecordBytes {
		t.Error(info.Size(), err)
	}
	d.Release()
	f.crash(slow(), d)
	d = f.open()
	defer d.Release()
	if _, n := d.Current(); n != 41 {
		t.Error(n)
	}
	if a := do(t, d, first); a.Number != 1 {
		t.Error(a)
	}
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.list)
}
