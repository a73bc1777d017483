package publish

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/rel"
)

// spelled is a value as the text that a prepared query converts; nil for null.
func spelled(v rel.Value) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		s = strconv.FormatBool(v)
	case int64:
		s = strconv.FormatInt(v, 10)
	case float64:
		s = strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		s = v
	case rel.Dec:
		s = v.String()
	case rel.Day:
		s = v.String()
	case rel.Clock:
		s = v.String()
	case rel.Stamp:
		s = v.String()
	case rel.Instant:
		s = rel.Stamp(v).String() + "+00"
	}
	return &s
}

// validText reports whether a text can stand in the engine.
func validText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Years that every spelling of a day takes without a sign, in days and
// microseconds since 1970: 0001-01-01 to 9999-12-31.
const (
	firstDay, lastDay = -719162, 2932896
	dayMicros         = 24 * 60 * 60 * 1_000_000
)

// inRange reports whether a value has a plain spelling.
func inRange(v rel.Value) bool {
	switch v := v.(type) {
	case rel.Day:
		return v >= firstDay && v <= lastDay
	case rel.Stamp:
		return v >= firstDay*dayMicros && v < (lastDay+1)*dayMicros
	case rel.Instant:
		return v >= firstDay*dayMicros && v < (lastDay+1)*dayMicros
	case rel.Clock:
		return v >= 0 && v < dayMicros
	case float64:
		return v-v == 0 // neither infinite nor no number
	default:
		return true
	}
}
