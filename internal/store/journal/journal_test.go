package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/pack"
)

func TestMain(m *testing.M) { leak.Main(m) }

const dir = "d"

func record(seq int64) Record {
	return Record{Seq: seq, Type: byte(seq), Payload: bytes.Repeat([]byte{byte(seq)}, int(seq*7%40))}
}

func records(from, to int64) []Record {
	var out []Record
	for s := from; s <= to; s++ {
		out = append(out, record(s))
	}
	return out
}

// script is what a caller does; acked is the last number that was acknowledged.
func script(d FS) (acked int64, err error) {
	ctx := context.Background()
	for range 2 { // opened anew in between
		j, state, err := Open(d, dir)
		if err != nil {
			return acked, err
		}
		next := state.Seq() + 1
		for i := range int64(5) {
			waits := make([]func(context.Context) error, 0, 2)
			for range 2 { // two callers, often one fsync
				w, err := j.Write(records(next, next+i%3)...)
				if err != nil {
					return acked, errors.Join(err, j.Close())
				}
				next += i%3 + 1
				waits = append(waits, w)
			}
			for _, w := range waits {
				if err := w(ctx); err != nil {
					after := j.Append(ctx, record(next))
					if after == nil {
						panic("acknowledged after a failure")
					}
					return acked, errors.Join(err, j.Close())
				}
			}
			acked = next - 1
			if i%2 == 1 {
				if err := j.Snapshot(ctx, acked-i%4, snapshot(acked-i%4)); err != nil {
					return acked, errors.Join(err, j.Close())
				}
			}
		}
		if err := j.Close(); err != nil {
			return acked, err
		}
	}
	return acked, nil
}

func snapshot(seq int64) []byte { return fmt.Appendf(nil, "all up to %d", seq) }

// holds checks that a disk opens with all that was acknowledged, and nothing
// that never was; and that it can be written to again.
func holds(t *testing.T, d FS, acked int64) {
	t.Helper()
	j, state, err := Open(d, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if state.Seq() < acked {
		t.Fatalf("%d were acknowledged, %d are there", acked, state.Seq())
	}
	if state.Snapshot != nil && !bytes.Equal(state.Snapshot, snapshot(state.SnapshotSeq)) {
		t.Fatalf("snapshot %d is %q", state.SnapshotSeq, state.Snapshot)
	}
	for i, r := range state.Records {
		if want := record(state.SnapshotSeq + int64(i) + 1); r.Seq != want.Seq || r.Type != want.Type || !bytes.Equal(r.Payload, want.Payload) {
			t.Fatalf("record %d is %v", want.Seq, r)
		}
	}
	if err := j.Append(context.Background(), record(state.Seq()+1)); err != nil {
		t.Fatal(err)
	}
}

// TestPowerCutAtEveryCall cuts the power at each call in turn, leaves each
// time many different pieces of what was not safe, and opens what is left.
func TestPowerCutAtEveryCall(t *testing.T) {
	whole := newDisk()
	if _, err := script(whole); err != nil {
		t.Fatal(err)
	}
	states := 0
	for call := 1; call <= whole.calls+1; call++ {
		for seed := range uint64(120) {
			d := newDisk()
			d.fail, d.dead = call, true
			acked, _ := script(d)
			holds(t, d.cut(rand.New(rand.NewPCG(seed, uint64(call)))), acked)
			states++
		}
	}
	if states < 10_000 {
		t.Errorf("only %d states", states)
	}
}

// TestErrorAtEveryCall lets each call in turn fail, once; all later ones work.
func TestErrorAtEveryCall(t *testing.T) {
	for call := 1; ; call++ {
		d := newDisk()
		d.fail = call
		acked, err := script(d)
		if d.calls < call { // all calls have failed once; how many there are depends on whose records share a sync
			if err != nil || call < 50 {
				t.Errorf("after %d calls: %v", d.calls, err)
			}
			return
		}
		if err == nil {
			t.Errorf("call %d failed and nobody said so", call)
		}
		d.fail = 0
		for seed := range uint64(20) {
			holds(t, d.cut(rand.New(rand.NewPCG(seed, uint64(call)))), acked)
		}
		holds(t, d, acked)
	}
}

// TestFlippedBits damages one bit. It is noticed, or lies in the last write,
// which cannot be told from a torn one.
func TestFlippedBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDisk()
		j, _, err := Open(d, dir)
		if err != nil {
			t.Fatal(err)
		}
		last := int64(rapid.IntRange(2, 12).Draw(t, "records"))
		for s := int64(1); s <= last; s++ {
			if err := j.Append(context.Background(), record(s)); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		n := d.journal(dir)
		bit := rapid.IntRange(0, 8*len(n.data)-1).Draw(t, "bit")
		n.data[bit/8] ^= 1 << (bit % 8)
		tail := len(n.data) - recordFixed - len(record(last).Payload)
		j, state, err := Open(d, dir)
		if err == nil {
			defer j.Close()
		}
		if bit/8 < tail {
			if errs.KindOf(err) != errs.Unreadable || j != nil {
				t.Fatalf("damage at byte %d of %d was not noticed: %v", bit/8, len(n.data), err)
			}
		} else if err != nil || state.Seq() != last-1 || state.Cut == 0 {
			t.Fatalf("a torn end at byte %d was not cut: %v", bit/8, err)
		}
		for i, r := range state.Records {
			if want := record(int64(i) + 1); r.Seq != want.Seq || !bytes.Equal(r.Payload, want.Payload) {
				t.Fatal("a wrong record", r)
			}
		}
	})
}

func TestDamageIsTold(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		damage func(string) error
		id     string
	}{
		{"journal gone", func(d string) error { return os.Remove(filepath.Join(d, journalName)) }, "journal.missing"},
		{"snapshot gone", func(d string) error { return os.Remove(filepath.Join(d, snapshotName)) }, "journal.snapshot"},
		{"snapshot cut", func(d string) error { return os.Truncate(filepath.Join(d, snapshotName), 20) }, "journal.snapshot"},
		{"an older snapshot", func(d string) error {
			return os.WriteFile(filepath.Join(d, snapshotName), encodeSnapshot(1, nil), 0o600)
		}, "journal.gap"},
		{"numbers missing", func(d string) error {
			b, crc := header(3)
			b, crc = appendRecord(b, crc, record(4), 3)
			b, _ = appendRecord(b, crc, record(6), 4)
			return os.WriteFile(filepath.Join(d, journalName), b, 0o600)
		}, "journal.gap"},
		{"another file", func(d string) error { return os.WriteFile(filepath.Join(d, journalName), []byte("hello"), 0o600) }, "journal.damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := filepath.Join(t.TempDir(), "a", "b")
			j, _, err := Open(OS{}, d)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(j.Append(ctx, records(1, 5)...), j.Snapshot(ctx, 3, snapshot(3)), j.Close()); err != nil {
				t.Fatal(err)
			}
			if err := c.damage(d); err != nil {
				t.Fatal(err)
			}
			j, state, err := Open(OS{}, d)
			if e := errs.All(err); j != nil || len(e) != 1 || e[0].Message.ID != c.id || e[0].Kind != errs.Unreadable || state == nil {
				t.Fatal(err)
			}
		})
	}
}

// TestManyCallersShareAnFsync runs many callers at once: while one fsync is
// under way, all others queue, and the next one is for all of them.
func TestManyCallersShareAnFsync(t *testing.T) { synctest.Test(t, manyCallers) }

func manyCallers(t *testing.T) {
	const callers, each = 32, 20
	d := newDisk()
	j, _, err := Open(d, dir)
	if err != nil {
		t.Fatal(err)
	}
	d.slow = time.Millisecond
	before := d.calls
	var mu sync.Mutex
	var next int64
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				mu.Lock()
				next++
				wait, err := j.Write(record(next))
				mu.Unlock()
				if err == nil {
					err = wait(context.Background())
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if calls := d.calls - before; calls > 4*each {
		t.Errorf("%d calls for %d records: too little was shared", calls, callers*each)
	}
	holds(t, d.cut(rand.New(rand.NewPCG(1, 1))), callers*each)
}

func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		j, _, err := Open(newDisk(), dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range [][]Record{{record(2)}, {record(1), record(3)}, {record(0)}} {
			if err := j.Append(ctx, r...); err == nil {
				t.Error("taken out of order", r)
			}
		}
		if err := j.Append(ctx, records(1, 3)...); err != nil {
			t.Fatal(err)
		}
		for _, seq := range []int64{4, -1} {
			if err := j.Snapshot(ctx, seq, nil); err == nil {
				t.Error("snapshot", seq)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if err := j.Append(ctx, record(4)); errs.KindOf(err) != errs.Unavailable {
			t.Error(err)
		}
	})
}

// fullDisk has no room for anything that is written.
type fullDisk struct{ *disk }

type fullFile struct{ File }

func (d fullDisk) Open(name string, flag int) (File, error) {
	f, err := d.disk.Open(name, flag)
	if flag&os.O_APPEND != 0 {
		return fullFile{f}, err
	}
	return f, err
}

func (fullFile) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "p", Err: syscall.ENOSPC}
}

func TestFullDiskIsSaidSo(t *testing.T) {
	j, _, err := Open(fullDisk{newDisk()}, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for range 2 {
		if err := j.Append(context.Background(), record(1)); errs.KindOf(err) != errs.Exhausted {
			t.Fatal(err)
		}
	}
	if j.Err() == nil {
		t.Error("not final")
	}
}

// TestReplayOfADocument takes a document's events through a journal with a
// snapshot in between.
func TestReplayOfADocument(t *testing.T) {
	ctx := context.Background()
	path := t.TempDir()
	j, _, err := Open(OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	d := pack.NewDocument(&pack.Package{Weft: 1, Workflows: []pack.Workflow{{ID: "main"}}}, 0)
	for i, c := range []pack.Command{
		pack.AddNode{Workflow: "main", Node: pack.Node{ID: "a", Component: "x"}},
		pack.Rename{Label: "one"},
		pack.AddNode{Workflow: "main", Node: pack.Node{ID: "b", Component: "x", Inputs: []pack.Link{{From: pack.Ref{Node: "a"}}}}},
		pack.RemoveNodes{Workflow: "main", Nodes: []string{"a"}},
		nil, // undo
	} {
		var e pack.Event
		if c == nil {
			e, err = d.Undo(pack.Author{Person: "ann"})
		} else {
			e, err = d.Do(pack.Author{Person: "ann"}, c)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(ctx, Record{Seq: e.Seq, Payload: pack.EncodeEvent(e)}); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			if err := j.Snapshot(ctx, e.Seq, pack.Encode(d.Package())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, state, err := Open(OS{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	p, err := pack.Decode(state.Snapshot, "")
	if err != nil {
		t.Fatal(err)
	}
	got := pack.NewDocument(p, state.SnapshotSeq)
	for _, r := range state.Records {
		e, err := pack.DecodeEvent(r.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := got.Replay(e); err != nil {
			t.Fatal(err)
		}
	}
	if string(pack.Encode(got.Package())) != string(pack.Encode(d.Package())) || got.Seq() != d.Seq() {
		t.Errorf("%s", pack.Encode(got.Package()))
	}
}
