package columnar

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/rel"
)

// Each of our types has one of Arrow's, and only the bare null is the caller's
// to say.
func TestType(t *testing.T) {
	for want, typ := range map[string]rel.Type{
		"bool": rel.Boolean, "int64": rel.Integer, "float64": rel.Real, "utf8": rel.String,
		"decimal(9, 2)": {ID: rel.DecimalID, Precision: 9, Scale: 2}, "date32": rel.Date, "time64[us]": rel.Time,
		"timestamp[us]": rel.Timestamp, "timestamp[us, tz=UTC]": rel.TimestampTZ,
	} {
		if got := Type(typ, arrow.PrimitiveTypes.Int32); got.String() != want {
			t.Errorf("%s travels as %s, want %s", typ, got, want)
		}
	}
	for _, null := range []arrow.DataType{arrow.PrimitiveTypes.Int32, arrow.BinaryTypes.String} {
		if got := Type(rel.Null, null); got != null {
			t.Errorf("a bare null travels as %s, want %s", got, null)
		}
	}
}
