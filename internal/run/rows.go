package run

import (
	"math/big"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/weftworks/weft/internal/rel"
)

// Rows turns a batch into constants, row by row. It is for tables that people
// read and for tests; bulk data stay in Arrow.
func Rows(b arrow.RecordBatch) [][]rel.Value {
	out := make([][]rel.Value, b.NumRows())
	cells := make([]rel.Value, b.NumRows()*b.NumCols())
	width := int(b.NumCols())
	for i := range out {
		out[i] = cells[i*width : (i+1)*width : (i+1)*width]
	}
	for c, column := range b.Columns() {
		for i := range out {
			out[i][c] = Cell(column, i)
		}
	}
	return out
}

// Cell returns one value of an Arrow column as a constant; types that no plan
// gives come as their text.
func Cell(column arrow.Array, i int) rel.Value {
	if column.IsNull(i) {
		return nil
	}
	switch a := column.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int64:
		return a.Value(i)
	case *array.Int32:
		return int64(a.Value(i))
	case *array.Float64:
		return a.Value(i)
	case *array.Decimal128:
		return decimal(a.Value(i).BigInt(), a.DataType())
	case *array.Decimal64:
		return decimal(big.NewInt(int64(a.Value(i))), a.DataType())
	case *array.Decimal32:
		return decimal(big.NewInt(int64(a.Value(i))), a.DataType())
	case *array.String:
		// The text outlives the batch.
		return string(append([]byte(nil), a.Value(i)...))
	case *array.Date32:
		return rel.Day(a.Value(i))
	case *array.Time64:
		return rel.Clock(a.Value(i))
	case *array.Timestamp:
		t, _ := a.DataType().(*arrow.TimestampType)
		if t != nil && t.TimeZone != "" {
			return rel.Instant(a.Value(i))
		}
		return rel.Stamp(a.Value(i))
	default:
		return column.ValueStr(i)
	}
}

func decimal(unscaled *big.Int, t arrow.DataType) rel.Value {
	d, ok := t.(arrow.DecimalType)
	if !ok {
		return unscaled.String()
	}
	return rel.Dec{Unscaled: unscaled, Scale: int(d.GetScale())}
}
