package worker

import (
	"errors"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/weftworks/weft/internal/errs"
)

// A frame of data holds about so many bytes, and waits at most so long for
// more when rows come slowly.
const (
	dataFrame = 256 << 10
	dataDelay = 50 * time.Millisecond
)

// batchWriter writes batches as an Arrow IPC stream in frames of data. Since
// the pipe holds little, it waits where the parent is slow.
type batchWriter struct {
	frames interface {
		sendBytes(frameType, []byte) error
	}
	row  int64 // bytes that a row may have; 0: maxBody
	ipc  *ipc.Writer
	buf  []byte
	sent time.Time // of the last frame
}

// rowLimit is what a row may have in bytes, as it is configured.
func rowLimit(configured int64) int64 {
	if configured <= 0 || configured > maxBody {
		return maxBody
	}
	return max(configured, maxBatch)
}

// write sends a batch, cut in pieces of about maxBatch bytes at most.
func (w *batchWriter) write(b arrow.RecordBatch) error {
	if w.ipc == nil {
		w.ipc = ipc.NewWriter(w, ipc.WithSchema(b.Schema()))
	}
	size := sliceSize(b)
	if size <= maxBatch {
		return w.writeWhole(b)
	}
	if b.NumRows() <= 1 {
		if most := rowLimit(w.row); size > most {
			return errs.New(errs.Exhausted, msgRowTooLarge, errs.P{"limit": most >> 20})
		}
		return w.writeWhole(b)
	}
	half := b.NumRows() / 2
	for _, cut := range [][2]int64{{0, half}, {half, b.NumRows()}} {
		part := b.NewSlice(cut[0], cut[1])
		err := w.write(part)
		part.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *batchWriter) writeWhole(b arrow.RecordBatch) error {
	if err := w.ipc.Write(b); err != nil {
		return err
	}
	if time.Since(w.sent) > dataDelay {
		return w.flush()
	}
	return nil
}

// Write takes bytes of the IPC stream.
func (w *batchWriter) Write(b []byte) (int, error) {
	n := len(b)
	for len(w.buf)+len(b) >= dataFrame {
		room := dataFrame - len(w.buf)
		w.buf = append(w.buf, b[:room]...)
		b = b[room:]
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	w.buf = append(w.buf, b...)
	return n, nil
}

func (w *batchWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	err := w.frames.sendBytes(frameData, w.buf)
	w.buf, w.sent = w.buf[:0], time.Now()
	return err
}

// close ends the stream.
func (w *batchWriter) close() error {
	if w.ipc == nil {
		return errors.New("the engine gave no batch")
	}
	if err := w.ipc.Close(); err != nil {
		return err
	}
	return w.flush()
}

// sliceSize is about what b takes on the wire, in bytes. Of text it counts what
// the slice covers, of nested values all that the slice was cut from.
func sliceSize(b arrow.RecordBatch) int64 {
	var n int64
	for _, col := range b.Columns() {
		n += 16 * int64(col.Len())
		if v, ok := col.(interface{ ValueBytes() []byte }); ok {
			n += int64(len(v.ValueBytes()))
		} else if len(col.Data().Children()) > 0 {
			n += int64(col.Data().SizeInBytes())
		}
	}
	return n
}
