package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// ValueKind tells the shapes of a Value apart. The numbers stand in journals:
// add only at the end.
type ValueKind uint8

// The kinds of values that a package file can hold.
const (
	NullValue ValueKind = iota
	BoolValue
	IntValue
	RealValue
	TextValue
	ListValue
	MapValue
)

// Value is one value of a package file: a setting, a cell of a given table,
// a default. Pos and the comments are where and what people wrote; they take
// no part in Equal.
type Value struct {
	Kind  ValueKind
	Bool  bool
	Int   int64
	Real  float64
	Text  string
	List  []Value
	Map   []Entry // in the file's order; keys are unique
	Pos   Pos
	Notes Comments
}

// Entry is one key of a map with its value.
type Entry struct {
	Key   string
	Pos   Pos // of the key
	Value Value
}

// Pos is a place in a package file; both count from 1, zero is unknown.
type Pos struct{ Line, Column int }

// Comments are the comments of people that stand at an item: on the lines
// above it, and behind it on its own line, each with its leading '#'.
type Comments struct {
	Above  []string
	Behind string
}

// Place turns the position into a place of an error.
func (p Pos) Place() errs.Place { return errs.Place{Line: p.Line, Column: p.Column} }

// Null, Bool, Int, Real, Text, List and Map make values without a position.

// Null is the null value.
func Null() Value { return Value{} }

// Bool makes a boolean.
func Bool(b bool) Value { return Value{Kind: BoolValue, Bool: b} }

// Int makes an integer.
func Int(i int64) Value { return Value{Kind: IntValue, Int: i} }

// Real makes a number with a fraction.
func Real(f float64) Value { return Value{Kind: RealValue, Real: f} }

// Text makes a string.
func Text(s string) Value { return Value{Kind: TextValue, Text: s} }

// List makes a list.
func List(v ...Value) Value { return Value{Kind: ListValue, List: v} }

// Map makes a map from entries.
func Map(e ...Entry) Value { return Value{Kind: MapValue, Map: e} }

// E makes an entry of a map.
func E(key string, v Value) Entry { return Entry{Key: key, Value: v} }

// IsZero reports whether v is null, or a map or list without content.
func (v Value) IsZero() bool {
	switch v.Kind {
	case NullValue:
		return true
	case ListValue:
		return len(v.List) == 0
	case MapValue:
		return len(v.Map) == 0
	default:
		return false
	}
}

// Get returns the value of a key of a map.
func (v Value) Get(key string) (Value, bool) {
	if i := v.index(key); i >= 0 {
		return v.Map[i].Value, true
	}
	return Value{}, false
}

func (v Value) index(key string) int {
	if v.Kind != MapValue {
		return -1
	}
	return slices.IndexFunc(v.Map, func(e Entry) bool { return e.Key == key })
}

// Equal reports whether two values mean the same. Positions and comments do
// not count; neither does the order of a map's keys.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case BoolValue:
		return v.Bool == w.Bool
	case IntValue:
		return v.Int == w.Int
	case RealValue:
		return v.Real == w.Real
	case TextValue:
		return v.Text == w.Text
	case ListValue:
		return slices.EqualFunc(v.List, w.List, Value.Equal)
	case MapValue:
		if len(v.Map) != len(w.Map) {
			return false
		}
		for _, e := range v.Map {
			o, ok := w.Get(e.Key)
			if !ok || !e.Value.Equal(o) {
				return false
			}
		}
	}
	return true
}

// Clone returns a deep copy.
func (v Value) Clone() Value {
	v.Notes.Above = slices.Clone(v.Notes.Above)
	if v.List != nil {
		l := make([]Value, len(v.List))
		for i := range v.List {
			l[i] = v.List[i].Clone()
		}
		v.List = l
	}
	if v.Map != nil {
		m := make([]Entry, len(v.Map))
		for i, e := range v.Map {
			m[i] = Entry{Key: e.Key, Pos: e.Pos, Value: e.Value.Clone()}
		}
		v.Map = m
	}
	return v
}

// Scalar is the value as Go's JSON takes it; nil for none, a list or a map.
func (v Value) Scalar() any {
	switch v.Kind {
	case BoolValue:
		return v.Bool
	case IntValue:
		return v.Int
	case RealValue:
		return v.Real
	case TextValue:
		return v.Text
	}
	return nil
}

// VarRef returns the variable's name when v stands for one: {var: name}, in
// the place of any setting.
func (v Value) VarRef() (string, bool) {
	if v.Kind != MapValue || len(v.Map) != 1 || v.Map[0].Key != "var" || v.Map[0].Value.Kind != TextValue {
		return "", false
	}
	return v.Map[0].Value.Text, true
}

// KindName is the kind's name as users meet it in errors.
func (v Value) KindName() errs.Words {
	switch v.Kind {
	case BoolValue:
		return errs.Words{En: "true or false", Ru: "true или false"}
	case IntValue:
		return errs.Words{En: "a whole number", Ru: "целое число"}
	case RealValue:
		return errs.Words{En: "a number", Ru: "число"}
	case TextValue:
		return errs.Words{En: "text", Ru: "текст"}
	case ListValue:
		return errs.Words{En: "a list", Ru: "список"}
	case MapValue:
		return errs.Words{En: "a map", Ru: "набор ключей"}
	default:
		return errs.Words{En: "nothing", Ru: "пусто"}
	}
}
