// Package columnar says how our types travel as Arrow's between the processes
// and the programs of a Weft. It knows nothing of plans, engines or the wire.
package columnar

import (
	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/rel"
)

// Type is Arrow's type of the values of ours. A bare null is of every type, so
// null says of which it is here: a caller who sends text and an engine that
// answers with numbers differ in that.
func Type(t rel.Type, null arrow.DataType) arrow.DataType {
	switch t.ID {
	case rel.BooleanID:
		return arrow.FixedWidthTypes.Boolean
	case rel.IntegerID:
		return arrow.PrimitiveTypes.Int64
	case rel.RealID:
		return arrow.PrimitiveTypes.Float64
	case rel.DecimalID:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}
	case rel.StringID:
		return arrow.BinaryTypes.String
	case rel.DateID:
		return arrow.FixedWidthTypes.Date32
	case rel.TimeID:
		return arrow.FixedWidthTypes.Time64us
	case rel.TimestampID:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case rel.TimestampTZID:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	default:
		return null
	}
}
