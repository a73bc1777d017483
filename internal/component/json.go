package component

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errJSONType = errs.Message{
		ID: "component.json_type",
		En: "{found} is no {want}.{hint}",
		Ru: "{found} — не {want}.{hint}",
	}
	errJSONText = errs.Message{
		ID: "component.json_text",
		En: "The text holds a NUL character or bytes that are no UTF-8.",
		Ru: "Текст содержит символ NUL или байты не в UTF-8.",
	}
)

// FromJSON reads one JSON value, neither list nor object, as a constant of type
// t, strictly: text is no number and a number no text. Integers are exact; a
// decimal is a number or a text, days and times are text in ISO spelling.
func FromJSON(raw string, t rel.Type) (rel.Value, error) {
	v, err := jsonValue(raw, t)
	if err != nil || v.Kind == pack.NullValue {
		return nil, err
	}
	if out, ok := toConstant(v, t); ok && jsonFits(raw, out, t) {
		return out, nil
	}
	return nil, errs.New(errs.Invalid, errJSONType, errs.P{"found": shortJSON(raw), "want": t, "hint": constHint(t)})
}

// jsonValue is a JSON value as packages hold one; numbers stay texts where the
// type asks for their exact spelling.
func jsonValue(raw string, t rel.Type) (pack.Value, error) {
	raw = strings.TrimSpace(raw)
	switch {
	case raw == "null":
		return pack.Null(), nil
	case raw == "true", raw == "false":
		return pack.Bool(raw == "true"), nil
	case strings.HasPrefix(raw, `"`):
		var s string
		if json.Unmarshal([]byte(raw), &s) != nil || strings.ContainsRune(s, 0) || !utf8.ValidString(raw) {
			return pack.Value{}, errs.New(errs.Invalid, errJSONText, nil)
		}
		return pack.Text(s), nil
	case !json.Valid([]byte(raw)), strings.ContainsAny(raw[:min(1, len(raw))], "[{"):
		return pack.List(), nil // fits no type
	case t.ID == rel.DecimalID:
		return pack.Text(raw), nil
	}
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return pack.Int(n), nil
	}
	if f, err := strconv.ParseFloat(raw, 64); err == nil && t.ID == rel.RealID {
		return pack.Real(f), nil
	}
	return pack.List(), nil
}

// jsonFits refuses what toConstant takes from people: other kinds as text, and
// decimals with too many digits.
func jsonFits(raw string, v rel.Value, t rel.Type) bool {
	switch v := v.(type) {
	case string:
		return strings.HasPrefix(strings.TrimSpace(raw), `"`)
	case rel.Dec:
		return v.Unscaled != nil && len(strings.TrimLeft(v.Unscaled.String(), "-")) <= int(t.Precision)
	case rel.Day, rel.Clock, rel.Stamp, rel.Instant:
		return strings.HasPrefix(strings.TrimSpace(raw), `"`)
	default:
		return true
	}
}

// shortJSON is a value as it stands in messages.
func shortJSON(raw string) string {
	const most = 60
	if len(raw) <= most {
		return raw
	}
	cut := most
	for !utf8.RuneStart(raw[cut]) {
		cut--
	}
	return raw[:cut] + "…"
}
