package rel

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// AppendJSON appends a constant as JSON. Integers are numbers, however large;
// decimals are texts, so that no reader rounds them; days and times are texts
// in ISO spelling: 2026-01-31, 13:45:00, 2026-01-31T13:45:00, and with Z behind
// for an instant. A real that JSON does not have is null.
func AppendJSON(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return appendReal(dst, v)
	case string:
		return appendText(dst, v)
	case Dec:
		return appendText(dst, v.String())
	case Day:
		return appendText(dst, v.String())
	case Clock:
		return appendText(dst, v.String())
	case Stamp:
		return appendText(dst, strings.Replace(v.String(), " ", "T", 1))
	case Instant:
		return appendText(dst, strings.Replace(v.String(), " ", "T", 1))
	default:
		return append(dst, "null"...)
	}
}

func appendReal(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

func appendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' {
			return appendEscaped(dst, s)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

func appendEscaped(dst []byte, s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // texts encode without fail
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
