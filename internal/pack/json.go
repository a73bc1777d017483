package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var msgBadJSON = errs.Message{
	ID: "pack.bad_json",
	En: "The command is not valid JSON: {problem}.",
	Ru: "Команда — не правильный JSON: {problem}.",
}

// appendJSON spells a value as JSON. Keys keep their order, numbers with a
// fraction always have a point, comments are left out.
func appendJSON(b []byte, v *Value) []byte {
	switch v.Kind {
	case TextValue:
		return appendJSONText(b, v.Text)
	case ListValue:
		b = append(b, '[')
		for i := range v.List {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, &v.List[i])
		}
		return append(b, ']')
	case MapValue:
		b = append(b, '{')
		for i := range v.Map {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSONText(b, v.Map[i].Key), ':')
			b = appendJSON(b, &v.Map[i].Value)
		}
		return append(b, '}')
	default:
		return append(b, scalarText(*v, false)...)
	}
}

func appendJSONText(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // a string always can
	return append(b, text...)
}

// parseJSON reads one JSON value strictly: no key twice, whole numbers exact,
// nothing behind it.
func parseJSON(src []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	v, err := jsonValue(d, 0)
	if err == nil {
		if _, e := d.Token(); !errors.Is(e, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		return Value{}, errs.New(errs.Invalid, msgBadJSON, errs.P{"problem": err.Error()}).Because(err)
	}
	return v, nil
}

// maxJSONDepth leaves room for batches in batches around the deepest setting.
const maxJSONDepth = MaxDepth + 64

func jsonValue(d *json.Decoder, depth int) (Value, error) {
	if depth > maxJSONDepth {
		return Value{}, errors.New("nested too deep")
	}
	t, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return jsonList(d, depth)
		}
		return jsonMap(d, depth)
	case string:
		return Text(t), nil
	case bool:
		return Bool(t), nil
	case json.Number:
		return jsonNumber(t.String())
	}
	return Null(), nil
}

func jsonNumber(s string) (Value, error) {
	if strings.ContainsAny(s, ".eE") {
		f, err := strconv.ParseFloat(s, 64)
		return Real(f), err
	}
	i, err := strconv.ParseInt(s, 10, 64)
	return Int(i), err
}

func jsonList(d *json.Decoder, depth int) (Value, error) {
	v := List()
	for d.More() {
		item, err := jsonValue(d, depth+1)
		if err != nil {
			return Value{}, err
		}
		v.List = append(v.List, item)
	}
	_, err := d.Token()
	return v, err
}

func jsonMap(d *json.Decoder, depth int) (Value, error) {
	v := Map()
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return Value{}, err
		}
		key, _ := t.(string)
		if seen[key] {
			return Value{}, fmt.Errorf("the key %s stands twice", key)
		}
		seen[key] = true
		item, err := jsonValue(d, depth+1)
		if err != nil {
			return Value{}, err
		}
		v.Map = append(v.Map, E(key, item))
	}
	_, err := d.Token()
	return v, err
}

// ParseJSON reads one value from outside, as a caller gives a variable's:
// strictly, with no key twice, whole numbers exact and nothing behind it.
func ParseJSON(src []byte) (Value, error) { return parseJSON(src) }
