package app

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"

	"github.com/weftworks/weft/internal/errs"
)

// How little room makes work wait: the smaller of a share of the disk and a
// number of bytes. docs/decisions/0023 tells why the smaller one.
const (
	fewShare, fewBytes = 20, 1 << 30    // 5 %, 1 GiB: no run begins
	noShare, noBytes   = 100, 256 << 20 // 1 %, 256 MiB: nothing new is written
	// reserveBytes are kept in a file, and given up when changes must wait, so
	// that what is under way can still be written and closed.
	reserveBytes = 16 << 20
)

var msgFewRoom = errs.Message{
	ID: "app.few_room",
	En: "The Server's disk is almost full: {free} MiB are left, and runs begin only from {need} MiB on. Remove files that nobody needs, or ask the administrator for more room.",
	Ru: "На диске Сервера почти нет места: свободно {free} МиБ, а запуски начинаются, только если есть {need} МиБ. Удалите ненужные файлы или попросите администратора добавить места.",
}

var msgNoRoom = errs.Message{
	ID: "app.no_room",
	En: "The Server's disk is almost full, so nothing new is begun: no changes, files or calculations. What is there is safe. It goes on once there is room.",
	Ru: "На диске Сервера почти нет места, поэтому ничего нового не начинается: ни изменения, ни загрузка файлов, ни вычисления. Всё, что уже есть, в сохранности. Как только место появится, работа продолжится.",
}

// space is what is free for us on the disk of a folder, and how large the disk
// is, in bytes.
type space func(dir string) (free, size uint64)

// disk watches the room for a data folder.
type disk struct {
	dir     string
	reserve string // the file that is given up
	space   space
	log     *slog.Logger
	held    atomic.Bool // the reserve is there
}

// newDisk watches the disk of a data folder. The reserve is made at the first
// look.
func newDisk(f *folder, s space, log *slog.Logger) *disk {
	d := &disk{dir: f.dir, reserve: f.path("reserve"), space: s, log: log}
	info, err := os.Stat(d.reserve)
	d.held.Store(err == nil && info.Size() == reserveBytes)
	return d
}

// room is what is free, but for the reserve where that was given up: it is
// nobody's to use.
func (d *disk) room() (free, size uint64) {
	free, size = d.space(d.dir)
	if !d.held.Load() {
		free -= min(free, reserveBytes)
	}
	return free, size
}

// full tells whether changes must wait.
func (d *disk) full() bool {
	free, size := d.room()
	return free < min(noBytes, size/noShare)
}

// anything says why nothing is begun that writes to the disk: no change, file,
// folder, preview or call; nil: all that is. Reading, saving and removing go on.
func (d *disk) anything() error {
	if d.full() {
		return errs.New(errs.Exhausted, msgNoRoom, nil)
	}
	return nil
}

// runs says why no run begins; nil: they do.
func (d *disk) runs() error {
	free, size := d.room()
	if need := min(fewBytes, size/fewShare); free < need {
		return errs.New(errs.Exhausted, msgFewRoom, errs.P{"free": free >> 20, "need": need >> 20})
	}
	return nil
}

// leastSpill is what a worker may spill in any case, in bytes.
const leastSpill = 64 << 20

// spill is how much a worker that starts now may spill: half of what may be
// taken before changes must wait. One alone never makes everybody wait.
func (d *disk) spill() int64 {
	free, size := d.room()
	no := min(noBytes, size/noShare)
	return max(leastSpill, int64((free-min(free, no))/2)) //nolint:gosec // half of an uint64
}

// look gives the reserve up when the disk is full, and takes it again when
// there is room for it.
func (d *disk) look() {
	full := d.full()
	switch {
	case d.held.Load() && full:
		d.held.Store(false)
		if err := os.Remove(d.reserve); err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.log.Error("the reserve was not given up", "error", err)
			return
		}
		d.log.Warn("the disk is almost full: its reserve is given up, changes wait", "folder", d.dir)
	case !d.held.Load() && !full:
		if err := d.keep(); err != nil {
			d.log.Warn("no reserve could be kept on the disk", "error", err)
		}
	}
}

// keep makes the reserve.
func (d *disk) keep() (err error) {
	f, err := os.OpenFile(d.reserve, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(d.reserve) // the next look tries again
		}
	}()
	zeros := make([]byte, 1<<20)
	for range reserveBytes / len(zeros) {
		if _, err := f.Write(zeros); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	d.held.Store(true)
	return nil
}
