package integrator

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/weftworks/weft/internal/rel"
)

// answer turns a stream of Arrow IPC into the body of an answer:
// {"rows":[{…},…]}.
func answer(stream []byte) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil { // the library panics at some bad batches
			err = fmt.Errorf("a Server's answer: %v", p)
		}
	}()
	r, err := ipc.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil, fmt.Errorf("a Server's answer: %w", err)
	}
	defer r.Release()
	keys := keysOf(r.Schema())
	out = append(make([]byte, 0, len(stream)), `{"rows":[`...)
	first := true
	for r.Next() {
		b := r.RecordBatch()
		for i := range int(b.NumRows()) {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = appendRow(out, keys, b, i)
		}
	}
	if r.Err() != nil {
		return nil, fmt.Errorf("a Server's answer: %w", r.Err())
	}
	return append(out, "]}\n"...), nil
}

// keysOf are the keys of a row's object, each as it stands before its value.
func keysOf(s *arrow.Schema) [][]byte {
	out := make([][]byte, s.NumFields())
	for i, f := range s.Fields() {
		key, _ := json.Marshal(f.Name) // names are text
		out[i] = append([]byte{','}, append(key, ':')...)
		if i == 0 {
			out[i][0] = '{'
		}
	}
	return out
}

func appendRow(dst []byte, keys [][]byte, b arrow.RecordBatch, i int) []byte {
	if len(keys) == 0 {
		return append(dst, "{}"...)
	}
	for c, column := range b.Columns() {
		dst = append(dst, keys[c]...)
		dst = appendCell(dst, column, i)
	}
	return append(dst, '}')
}

func appendCell(dst []byte, column arrow.Array, i int) []byte {
	if column.IsNull(i) {
		return append(dst, "null"...)
	}
	switch a := column.(type) {
	case *array.Boolean:
		return rel.AppendJSON(dst, a.Value(i))
	case *array.Int64:
		return rel.AppendJSON(dst, a.Value(i))
	case *array.Int32:
		return rel.AppendJSON(dst, int64(a.Value(i)))
	case *array.Float64:
		return rel.AppendJSON(dst, a.Value(i))
	case *array.String:
		return rel.AppendJSON(dst, a.Value(i))
	case *array.Date32:
		return rel.AppendJSON(dst, rel.Day(a.Value(i)))
	case *array.Time64:
		return rel.AppendJSON(dst, rel.Clock(a.Value(i)))
	case *array.Timestamp:
		if t, ok := a.DataType().(*arrow.TimestampType); ok && t.TimeZone != "" {
			return rel.AppendJSON(dst, rel.Instant(a.Value(i)))
		}
		return rel.AppendJSON(dst, rel.Stamp(a.Value(i)))
	case *array.Decimal128:
		t, _ := a.DataType().(arrow.DecimalType)
		return rel.AppendJSON(dst, rel.Dec{Unscaled: a.Value(i).BigInt(), Scale: int(t.GetScale())})
	default:
		return rel.AppendJSON(dst, column.ValueStr(i))
	}
}
