package journal

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

var errFault = errors.New("injected fault")

// disk is a file system in memory that tells what is written from what is
// safe. Its power can be cut at any call, or the call can fail.
type disk struct {
	mu    sync.Mutex
	names map[string]*inode // as programs see them
	safe  map[string]*inode // as they are after a power cut
	moves []func(map[string]*inode)
	calls int
	fail  int           // the call that fails; 0: none
	dead  bool          // all calls after it fail too
	slow  time.Duration // that an fsync takes
}

type inode struct {
	data []byte
	safe int // bytes of data that are on the disk
}

func newDisk() *disk { return &disk{names: map[string]*inode{}, safe: map[string]*inode{}} }

// step counts a call that could fail.
func (d *disk) step() error {
	d.calls++
	if d.calls == d.fail || d.dead && d.fail > 0 && d.calls > d.fail {
		return errFault
	}
	return nil
}

func (d *disk) move(f func(map[string]*inode)) {
	f(d.names)
	d.moves = append(d.moves, f)
}

func (d *disk) Open(name string, flag int) (File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return nil, err
	}
	n := d.names[name]
	switch {
	case n == nil && flag&os.O_CREATE == 0:
		return nil, fs.ErrNotExist
	case n != nil && flag&os.O_EXCL != 0:
		return nil, fs.ErrExist
	case n == nil:
		n = &inode{}
		d.move(func(m map[string]*inode) { m[name] = n })
	}
	return &file{d: d, n: n}, nil
}

func (d *disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	n := d.names[from]
	d.move(func(m map[string]*inode) { delete(m, from); m[to] = n })
	return nil
}

func (d *disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	d.move(func(m map[string]*inode) { delete(m, name) })
	return nil
}

func (d *disk) MakeDir(string) error { return nil }

func (d *disk) SyncDir(string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	d.safe, d.moves = maps.Clone(d.names), nil
	return nil
}

type file struct {
	d  *disk
	n  *inode
	at int
}

func (f *file) Read(b []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if f.at == len(f.n.data) {
		return 0, io.EOF
	}
	n := copy(b, f.n.data[f.at:])
	f.at += n
	return n, nil
}

// Write writes half when it is the call that fails.
func (f *file) Write(b []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	err := f.d.step()
	if err != nil {
		b = b[:len(b)/2]
	}
	f.n.data = append(f.n.data, b...)
	return len(b), err
}

func (f *file) Sync() error {
	time.Sleep(f.d.slow) // of the bubble's time
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.step(); err != nil {
		return err
	}
	f.n.safe = len(f.n.data)
	return nil
}

func (f *file) Close() error { return nil }

// cut is the disk after the power was cut: names and what was not synced are
// there in part, in any order of their blocks.
func (d *disk) cut(r *rand.Rand) *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := maps.Clone(d.safe)
	for _, m := range d.moves[:r.IntN(len(d.moves)+1)] {
		m(names)
	}
	out := newDisk()
	for _, name := range slices.Sorted(maps.Keys(names)) {
		n := &inode{data: names[name].torn(r)}
		n.safe = len(n.data)
		out.names[name], out.safe[name] = n, n
	}
	return out
}

// torn keeps what is safe and loses some blocks of the rest.
func (n *inode) torn(r *rand.Rand) []byte {
	const block = 16
	end := n.safe + r.IntN(len(n.data)-n.safe+1)
	if r.IntN(3) == 0 {
		end = len(n.data)
	}
	out := slices.Clone(n.data[:end])
	if r.IntN(3) == 0 {
		return out
	}
	for at := n.safe; at < end; at += block {
		if r.IntN(3) == 0 {
			clear(out[at:min(at+block, end)])
		}
	}
	return out
}

func (d *disk) journal(dir string) *inode { return d.names[filepath.Join(dir, journalName)] }
