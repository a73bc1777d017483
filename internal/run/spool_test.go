package run

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/weftworks/weft/internal/errs"
)

// texts is a batch of rows that each hold a text of some length.
func texts(rows, length int) arrow.RecordBatch {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	for range rows {
		b.Append(strings.Repeat("x", length))
	}
	column := b.NewArray()
	defer column.Release()
	schema := arrow.NewSchema([]arrow.Field{{Name: "t", Type: arrow.BinaryTypes.String}}, nil)
	return array.NewRecordBatchWithMetadata(schema, []arrow.Array{column}, int64(rows), arrow.Metadata{})
}

func TestSpool(t *testing.T) {
	for name, tt := range map[string]struct{ batches, rows, length int }{
		"in memory": {1, 10, 10}, "no rows": {1, 0, 0}, "in a file": {40, 100, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewSpool(t.TempDir(), 1<<30)
			defer s.Close()
			for range tt.batches {
				b := texts(tt.rows, tt.length)
				if err := s.Take(b); err != nil {
					t.Fatal(err)
				}
				b.Release()
			}
			if err := s.Finish(); err != nil {
				t.Fatal(err)
			}
			for range 2 { // it can be read again
				var all []byte
				err := s.Each(1000, func(piece []byte) error {
					if len(piece) > 1000 {
						t.Errorf("a piece of %d bytes", len(piece))
					}
					all = append(all, piece...)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				r, err := ipc.NewReader(bytes.NewReader(all))
				if err != nil {
					t.Fatal(err)
				}
				rows := int64(0)
				for r.Next() {
					rows += r.RecordBatch().NumRows()
				}
				r.Release()
				if rows != s.Rows() || rows != int64(tt.batches*tt.rows) || r.Err() != nil {
					t.Errorf("%d rows of %d: %v", rows, s.Rows(), r.Err())
				}
			}
		})
	}
}

func TestSpoolIsBounded(t *testing.T) {
	s := NewSpool(t.TempDir(), 1<<20)
	b := texts(1000, 100)
	defer b.Release()
	var err error
	for range 100 {
		if err = s.Take(b); err != nil {
			break
		}
	}
	if errs.KindOf(err) != errs.Exhausted {
		t.Errorf("got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
