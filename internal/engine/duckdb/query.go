package duckdb

import (
	"context"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	bind "github.com/duckdb/duckdb-go-bindings"
)

// Query runs one query and hands its first rows (0: all) to emit, in batches
// of at most 2,048; see worker.Engine. Booleans, the types BIGINT, DOUBLE,
// DECIMAL, VARCHAR, DATE, TIME, TIMESTAMP and TIMESTAMPTZ come as Arrow's
// plain ones: boolean, int64, float64, decimal128, utf8, date32, time64[us],
// timestamp[us], timestamp[us, UTC]. HUGEINT comes as decimal(38, 0), which it
// may exceed: cast it. Other types come as DuckDB maps them.
func (e *Engine) Query(ctx context.Context, sql string, rows int64, emit func(arrow.RecordBatch) error) error {
	return e.explained(ctx, sql, rerun(ctx, rows, emit, func(rows int64, emit func(arrow.RecordBatch) error) error {
		return e.query(ctx, sql, rows, emit)
	}))
}

// rerun runs a query, and once more where it was cut short: what was emitted
// stays, and the query runs again for its error alone.
func rerun(ctx context.Context, rows int64, emit func(arrow.RecordBatch) error, query func(int64, func(arrow.RecordBatch) error) error) error {
	err := query(rows, emit)
	for range otherTries {
		if !cutShort(ctx, err) {
			return err
		}
		err = query(0, func(arrow.RecordBatch) error { return nil })
	}
	return err
}

func (e *Engine) query(ctx context.Context, sql string, rows int64, emit func(arrow.RecordBatch) error) error {
	return e.interruptible(ctx, func() error {
		st, err := e.prepare(sql, queries())
		if err != nil {
			return err
		}
		defer bind.DestroyPrepare(&st)
		res, err := e.execute(st, true)
		if err != nil {
			return err
		}
		defer bind.DestroyResult(&res)
		return e.stream(ctx, &res, rows, emit)
	})
}

// stream hands the batches of a result to emit.
func (e *Engine) stream(ctx context.Context, res *bind.Result, rows int64, emit func(arrow.RecordBatch) error) error {
	options := bind.ResultGetArrowOptions(res)
	defer bind.DestroyArrowOptions(&options)
	schema, err := e.schema(res, options)
	if err != nil {
		return err
	}
	for first, left := true, rows; ; first = false {
		if ctx.Err() != nil {
			return canceled(ctx)
		}
		b, err := e.fetch(*res, options, schema)
		if err != nil {
			return err
		}
		if b == nil {
			if first {
				return emitEmpty(schema, emit)
			}
			return nil
		}
		if rows > 0 && b.NumRows() > left {
			whole := b
			b = whole.NewSlice(0, left)
			whole.Release()
		}
		left -= b.NumRows()
		err = emit(b)
		b.Release()
		if err != nil || (rows > 0 && left <= 0) {
			return err
		}
	}
}

// fetch gets the next batch; nil is the end.
func (e *Engine) fetch(res bind.Result, options bind.ArrowOptions, schema *arrow.Schema) (arrow.RecordBatch, error) {
	var chunk bind.DataChunk
	if bind.StreamFetchChunk(res, &chunk) == bind.StateError {
		if text := bind.ResultError(&res); text != "" {
			return nil, e.tidier.error(text)
		}
		return nil, nil // this is how the C API says that it is at the end
	}
	defer bind.DestroyDataChunk(&chunk)
	if bind.DataChunkGetSize(chunk) == 0 {
		return nil, nil
	}
	b, failure := bind.DataChunkToArrowArray(options, schema, chunk)
	if err := e.failure(failure); err != nil {
		return nil, err
	}
	return b, nil
}

func (e *Engine) schema(res *bind.Result, options bind.ArrowOptions) (*arrow.Schema, error) {
	var names []string
	var types []bind.LogicalType
	for i := range bind.ColumnCount(res) {
		names = append(names, bind.ColumnName(res, i))
		types = append(types, bind.ColumnLogicalType(res, i))
	}
	defer func() {
		for i := range types {
			bind.DestroyLogicalType(&types[i])
		}
	}()
	schema, failure := bind.NewArrowSchema(options, types, names)
	if err := e.failure(failure); err != nil {
		return nil, err
	}
	return schema, nil
}

// failure turns the C API's error object into an error and frees it.
func (e *Engine) failure(f bind.ErrorData) error {
	defer bind.DestroyErrorData(&f)
	if !bind.ErrorDataHasError(f) {
		return nil
	}
	text := bind.ErrorDataMessage(f)
	if text == "" {
		return errors.New("duckdb: an error without text")
	}
	return e.tidier.error(text)
}

func emitEmpty(schema *arrow.Schema, emit func(arrow.RecordBatch) error) error {
	b := array.NewRecordBatchWithMetadata(schema, emptyColumns(schema), 0, arrow.Metadata{})
	defer b.Release()
	return emit(b)
}

func emptyColumns(schema *arrow.Schema) []arrow.Array {
	columns := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		columns[i] = array.MakeArrayOfNull(memory.DefaultAllocator, f.Type, 0)
	}
	return columns
}
