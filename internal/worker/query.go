package worker

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Limits of one message of the Arrow stream, in bytes. The worker cuts its
// batches to maxBatch; only a single row may be larger, up to maxBody.
const (
	maxMetadata = 16 << 20
	maxBody     = 256 << 20
	maxBatch    = 8 << 20
)

// Query runs one query and hands its rows in order to each, in batches whose
// size the engine chooses; maxRows 0 is all of them. each is called from this
// goroutine at least once (with a batch without rows if there are none), and
// has the batch until it returns, unless it retains it. While each works, the
// worker waits. An error of each ends the query and is returned as it is.
func (c *Client) Query(ctx context.Context, sql string, maxRows int64, each func(arrow.RecordBatch) error) error {
	return c.rows(ctx, request{Op: opQuery, SQL: sql, Rows: maxRows}, each)
}

// rows carries out a call that gives rows.
func (c *Client) rows(ctx context.Context, req request, each func(arrow.RecordBatch) error) error {
	return c.begin(ctx, req, func(ctx context.Context, k *call) error {
		s := &stream{ctx: ctx, client: c, call: k}
		err := s.deliver(req.Rows, each)
		if own, ok := errors.AsType[calleeError](err); ok {
			return own.error
		}
		if err != nil && s.err == nil { // not because the stream broke off
			return c.broken(err)
		}
		a, aerr := s.wait()
		if aerr != nil {
			return aerr
		}
		if err := c.outcome(a); err != nil {
			return err
		}
		if err != nil {
			return c.broken(err)
		}
		return nil
	})
}

// calleeError marks what the caller's function returned.
type calleeError struct{ error }

// stream is the Arrow bytes of a call as a reader.
type stream struct {
	ctx    context.Context
	client *Client
	call   *call
	rest   []byte
	answer *answer
	err    error
}

func (s *stream) Read(b []byte) (int, error) {
	for len(s.rest) == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// next waits for what comes: io.EOF is the answer.
func (s *stream) next() error {
	if s.err != nil {
		return s.err
	}
	select {
	case f := <-s.call.data:
		if f.kind == frameData {
			s.rest = f.payload
		}
		return nil
	case a := <-s.call.answer:
		s.answer, s.err = &a, io.EOF
	case <-s.ctx.Done():
		s.err = contextError(s.ctx)
	case <-s.client.ended:
		s.err = s.client.fate
	}
	return s.err
}

// wait skips what is left and returns the answer.
func (s *stream) wait() (answer, error) {
	for s.answer == nil {
		if err := s.next(); err != nil && !errors.Is(err, io.EOF) {
			return answer{}, err
		}
	}
	return *s.answer, nil
}

// deliver decodes the stream.
func (s *stream) deliver(maxRows int64, each func(arrow.RecordBatch) error) error {
	var rows int64
	batches := 0
	// Of a batch of many rows it is the worker who estimates the size.
	err := decode(s, 2*rowLimit(s.client.setup.Row), func(b arrow.RecordBatch) error {
		batches++
		rows += b.NumRows()
		if maxRows > 0 && rows > maxRows {
			return fmt.Errorf("more than the %d rows asked for", maxRows)
		}
		if err := each(b); err != nil {
			return calleeError{err}
		}
		return nil
	})
	if err == nil && batches == 0 {
		return errors.New("a result without a batch")
	}
	return err
}

// Decode reads a stream of Arrow IPC and trusts nothing in it: sizes are
// bounded, and every batch is validated before each sees it, who has it until
// it returns. A stream may have no batch.
func Decode(r io.Reader, each func(arrow.RecordBatch) error) error {
	return decode(r, maxBody, each)
}

// decode is Decode with messages of at most about limit bytes.
func decode(r io.Reader, limit int64, each func(arrow.RecordBatch) error) error {
	limit = min(limit, maxBody)
	options := []ipc.Option{
		ipc.WithAllocator(boundedAllocator{memory.DefaultAllocator, int(limit)}),
		ipc.WithMetadataSizeLimit(maxMetadata), ipc.WithBodySizeLimit(limit),
	}
	// ipc.NewReader would ignore the limits.
	in, err := ipc.NewReaderFromMessageReader(ipc.NewMessageReader(r, options...), options...)
	if err != nil {
		return err
	}
	defer in.Release()
	for in.Next() {
		b := in.RecordBatch()
		if err := validate(b); err != nil {
			return err
		}
		if err := each(b); err != nil {
			return err
		}
	}
	return in.Err()
}

// validate finds what would make reading b panic. The library's own check
// panics at some of it, as at an offset behind the end of the text.
func validate(b arrow.RecordBatch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("invalid column: %v", p)
		}
	}()
	for i, col := range b.Columns() {
		if int64(col.Len()) != b.NumRows() {
			return fmt.Errorf("column %d has %d rows, not %d", i, col.Len(), b.NumRows())
		}
		if err := array.ValidateFull(col); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

// boundedAllocator refuses blocks larger than a message may be, so that a
// compressed body cannot ask for more. The reader turns the panic into an
// error.
type boundedAllocator struct {
	memory.Allocator
	most int // bytes
}

func (a boundedAllocator) Allocate(size int) []byte {
	return a.Allocator.Allocate(a.bounded(size))
}

func (a boundedAllocator) Reallocate(size int, b []byte) []byte {
	return a.Allocator.Reallocate(a.bounded(size), b)
}

func (a boundedAllocator) bounded(size int) int {
	if size > a.most+4096 {
		panic(fmt.Sprintf("a block of %d bytes", size))
	}
	return size
}
