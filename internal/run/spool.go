package run

import (
	"errors"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/weftworks/weft/internal/errs"
)

// Spool is rows as one stream of Arrow IPC, taken from a worker as fast as it
// gives them and handed on as slowly as somebody takes them, so that a slow
// reader holds neither the worker nor memory: what is more than a little goes
// to a file that has no name any more. It is used by one goroutine at a time.
type Spool struct {
	dir  string
	most int64 // bytes
	ipc  *ipc.Writer
	mem  []byte
	file *os.File
	size int64
	rows int64
}

// spoolMemory is how much of a spool stays in memory, in bytes.
const spoolMemory = 256 << 10

var errSpool = errs.Message{
	ID: "run.too_many_bytes",
	En: "These rows take more than {limit} MiB. Ask for fewer rows or columns.",
	Ru: "Эти строки занимают больше {limit} МиБ. Запросите меньше строк или столбцов.",
}

// NewSpool makes a spool whose file is made in dir ("": the system's folder for
// temporary files). One that would grow over most bytes is refused. It must be
// closed.
func NewSpool(dir string, most int64) *Spool { return &Spool{dir: dir, most: most} }

// Take adds a batch. The first one tells the columns.
func (s *Spool) Take(b arrow.RecordBatch) error {
	if s.ipc == nil {
		s.ipc = ipc.NewWriter(s, ipc.WithSchema(b.Schema()))
	}
	s.rows += b.NumRows()
	return s.ipc.Write(b)
}

// Finish ends the stream. Nothing can be added after it.
func (s *Spool) Finish() error {
	if s.ipc == nil {
		return errors.New("a spool without a batch")
	}
	return s.ipc.Close()
}

// Write takes bytes of the stream.
func (s *Spool) Write(b []byte) (int, error) {
	if s.size += int64(len(b)); s.size > s.most {
		return 0, errs.New(errs.Exhausted, errSpool, errs.P{"limit": s.most >> 20})
	}
	if s.file == nil && len(s.mem)+len(b) <= spoolMemory {
		s.mem = append(s.mem, b...)
		return len(b), nil
	}
	if s.file == nil {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	return s.file.Write(b)
}

// spill makes the file, which is gone when it is closed, even by a crash.
func (s *Spool) spill() (err error) {
	if s.file, err = os.CreateTemp(s.dir, ".spool-"); err != nil {
		return err
	}
	// Where a file that is open cannot be removed, Close does it.
	_ = os.Remove(s.file.Name())
	_, err = s.file.Write(s.mem)
	s.mem = nil
	return err
}

// Rows is how many rows were added.
func (s *Spool) Rows() int64 { return s.rows }

// Each hands the stream to f in pieces of at most size bytes. It may be called
// again. A piece is f's until it returns.
func (s *Spool) Each(size int, f func(piece []byte) error) error {
	if s.file == nil {
		for b := s.mem; len(b) > 0; {
			n := min(size, len(b))
			if err := f(b[:n]); err != nil {
				return err
			}
			b = b[n:]
		}
		return nil
	}
	from := io.NewSectionReader(s.file, 0, s.size)
	piece := make([]byte, size)
	for {
		n, err := io.ReadFull(from, piece)
		if n > 0 {
			if err := f(piece[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Close frees what the spool holds. It may be called again.
func (s *Spool) Close() error {
	s.mem = nil
	if s.file == nil {
		return nil
	}
	name, err := s.file.Name(), s.file.Close()
	_ = os.Remove(name) // it is gone already where the system allows that
	s.file = nil
	return err
}
