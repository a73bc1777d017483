package component

import (
	"fmt"
	"math"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// codec reads and writes one sort of scalar setting.
type codec[T any] struct {
	want errs.Words
	from func(pack.Value) (T, bool)
	to   func(T) pack.Value
	// seen is told about every value that was given; it may be nil.
	seen func(b *Binder, path string, v T)
	// plain says that zero, false and empty text are values like any other, and
	// so are written.
	plain bool
}

// scalar binds one setting that is not a list or a map.
func scalar[T any](b *Binder, target *T, f Field, c codec[T]) {
	switch b.mode {
	case describing:
		*b.fields = append(*b.fields, f)
	case encoding:
		unset := isUnset
		if c.plain {
			unset = pack.Value.IsZero
		}
		if v := c.to(*target); !v.Equal(f.Default) && !(f.Default.Kind == pack.NullValue && unset(v)) {
			b.out.Map = append(b.out.Map, pack.E(f.Key, v))
		}
	case decoding:
		v, ok := b.take(f.Key)
		path := join(b.path, f.Key)
		if _, bound := b.bound.vars[path]; ok && v.Kind == pack.NullValue && f.Kind == TextField && !bound {
			b.fail(path, errs.New(errs.Invalid, errNullText, errs.P{"setting": f.Key}))
			return
		}
		if !ok || v.Kind == pack.NullValue {
			if f.Required {
				b.fail(path, errs.New(errs.Invalid, errMissing, errs.P{"setting": f.Key}))
			}
			if f.Default.Kind == pack.NullValue {
				return
			}
			v = f.Default
			*target, _ = c.from(v)
			return
		}
		readScalar(b, target, f, c, v, path)
	}
}

func readScalar[T any](b *Binder, target *T, f Field, c codec[T], v pack.Value, path string) {
	x, ok := c.from(v)
	if !ok {
		b.wrongKind(path, v, c.want)
		return
	}
	if f.Required && isEmpty(v) {
		b.fail(path, errs.New(errs.Invalid, errMissing, errs.P{"setting": f.Key}))
		return
	}
	if err := f.inRange(v); err != nil {
		b.fail(path, err)
		return
	}
	*target = x
	if c.seen != nil {
		c.seen(b, path, x)
	}
}

// isEmpty reports whether a value says nothing where a setting is required.
func isEmpty(v pack.Value) bool {
	return v.IsZero() || v.Kind == pack.TextValue && v.Text == ""
}

// isUnset reports whether a value is what a field without a default starts
// with, and so is not written.
func isUnset(v pack.Value) bool {
	return isEmpty(v) || v.Equal(pack.Bool(false)) || v.Equal(pack.Int(0))
}

var errNullText = errs.Message{
	ID: "component.setting_null_text",
	En: "{setting} is null here, which is no text. To mean the word, put it in quotes; otherwise leave the setting out.",
	Ru: "Параметр {setting} здесь null, а это не текст. Если имелось в виду слово, возьмите его в кавычки, иначе уберите параметр.",
}

var errRange = errs.Message{
	ID: "component.setting_range",
	En: "{setting} must be {want}, not {found}.",
	Ru: "Параметр {setting} должен быть {want}, а не {found}.",
}

func (f Field) inRange(v pack.Value) error {
	var n float64
	switch v.Kind {
	case pack.IntValue:
		n = float64(v.Int)
	case pack.RealValue:
		n = v.Real
	default:
		return nil
	}
	var want errs.Words
	switch {
	case f.Min != nil && n < *f.Min:
		want = errs.Words{En: fmt.Sprintf("at least %v", *f.Min), Ru: fmt.Sprintf("не меньше %v", *f.Min)}
	case f.Max != nil && n > *f.Max:
		want = errs.Words{En: fmt.Sprintf("at most %v", *f.Max), Ru: fmt.Sprintf("не больше %v", *f.Max)}
	default:
		return nil
	}
	return errs.New(errs.Invalid, errRange, errs.P{"setting": f.Key, "want": want, "found": n})
}

// Text binds a text. A number or a boolean written without quotes is taken as
// the text that it spells.
func Text(b *Binder, target *string, key string, opts ...Option) {
	scalar(b, target, field(key, TextField, opts), textCodec)
}

var textCodec = codec[string]{
	want: errs.Words{En: "text", Ru: "текст"},
	from: func(v pack.Value) (string, bool) {
		switch v.Kind {
		case pack.TextValue:
			return v.Text, true
		case pack.IntValue:
			return fmt.Sprint(v.Int), true
		default:
			return "", false
		}
	},
	to: pack.Text,
}

// Bool binds a switch.
func Bool(b *Binder, target *bool, key string, opts ...Option) {
	scalar(b, target, field(key, BoolField, opts), codec[bool]{
		want: errs.Words{En: "true or false", Ru: "true или false"},
		from: func(v pack.Value) (bool, bool) { return v.Bool, v.Kind == pack.BoolValue },
		to:   pack.Bool,
	})
}

// Int binds a whole number.
func Int(b *Binder, target *int64, key string, opts ...Option) {
	scalar(b, target, field(key, IntField, opts), codec[int64]{
		want: errs.Words{En: "a whole number", Ru: "целое число"},
		from: func(v pack.Value) (int64, bool) { return v.Int, v.Kind == pack.IntValue },
		to:   pack.Int,
	})
}

// OptionalInt binds a whole number that may be missing: nil. Zero is a number
// like any other.
func OptionalInt(b *Binder, target **int64, key string, opts ...Option) {
	scalar(b, target, field(key, IntField, opts), codec[*int64]{
		want: errs.Words{En: "a whole number", Ru: "целое число"},
		from: func(v pack.Value) (*int64, bool) { return &v.Int, v.Kind == pack.IntValue },
		to: func(n *int64) pack.Value {
			if n == nil {
				return pack.Null()
			}
			return pack.Int(*n)
		},
		plain: true,
	})
}

// Number binds a number with or without a fraction.
func Number(b *Binder, target *float64, key string, opts ...Option) {
	scalar(b, target, field(key, NumberField, opts), codec[float64]{
		want: errs.Words{En: "a number", Ru: "число"},
		from: func(v pack.Value) (float64, bool) {
			if v.Kind == pack.IntValue {
				return float64(v.Int), true
			}
			return v.Real, v.Kind == pack.RealValue
		},
		to: func(f float64) pack.Value {
			if f == math.Trunc(f) && math.Abs(f) < 1e15 {
				return pack.Int(int64(f))
			}
			return pack.Real(f)
		},
	})
}

var errChoice = errs.Message{
	ID: "component.setting_choice",
	En: "{setting} cannot be {found}. It is one of {choices}. {suggest}",
	Ru: "Параметр {setting} не может быть {found}: допустимы {choices}. {suggest}",
}

// Enum binds one of some words. The default holds where nothing is written;
// an empty default makes the setting one that may be missing.
func Enum[T ~string](b *Binder, target *T, key string, def T, choices []T, opts ...Option) {
	f := field(key, EnumField, opts)
	for _, c := range choices {
		f.Choices = append(f.Choices, string(c))
	}
	if def != "" {
		f.Default = pack.Text(string(def))
	}
	text := string(*target)
	if text == "" {
		text = string(def) // settings that were made by hand, not decoded
	}
	scalar(b, &text, f, codec[string]{
		want: textCodec.want, from: textCodec.from, to: textCodec.to,
		seen: func(b *Binder, path, v string) { b.checkChoice(f, path, v) },
	})
	*target = T(text)
}

func (b *Binder) checkChoice(f Field, path, v string) {
	for _, c := range f.Choices {
		if c == v {
			return
		}
	}
	b.fail(path, errs.New(errs.Invalid, errChoice, errs.P{
		"setting": f.Key, "found": v, "choices": listed(f.Choices), "suggest": errs.Suggest(v, f.Choices),
	}))
}

// Column binds the name of a column of an input.
func Column(b *Binder, target *string, key string, opts ...Option) {
	f := field(key, ColumnField, opts)
	scalar(b, target, f, columnCodec(f))
}

func columnCodec(f Field) codec[string] {
	c := textCodec
	c.want = errs.Words{En: "the name of a column", Ru: "имя столбца"}
	c.seen = func(b *Binder, path, v string) {
		b.bound.Columns = append(b.bound.Columns, ColumnUse{Path: path, Port: f.Port, Name: v})
	}
	return c
}

// Columns binds a list of names of columns of an input.
func Columns(b *Binder, target *[]string, key string, opts ...Option) {
	f := field(key, ListField, opts)
	item := Field{Kind: ColumnField, Port: f.Port}
	scalars(b, target, f, item, columnCodec(f))
}

// Texts binds a list of texts.
func Texts(b *Binder, target *[]string, key string, opts ...Option) {
	scalars(b, target, field(key, ListField, opts), Field{Kind: TextField}, textCodec)
}

// Formula binds a text in the formula language.
func Formula(b *Binder, target *string, key string, opts ...Option) {
	c := textCodec
	c.want = errs.Words{En: "a formula", Ru: "формула"}
	c.from = formulaText
	c.seen = func(b *Binder, path, v string) {
		b.bound.Formulas = append(b.bound.Formulas, FormulaUse{Path: path, Text: v})
	}
	scalar(b, target, field(key, FormulaField, opts), c)
}

// formulaText takes plain scalars too: `formula: 1` is the formula 1.
func formulaText(v pack.Value) (string, bool) {
	switch v.Kind {
	case pack.RealValue:
		return rel.FormatReal(v.Real), true
	case pack.BoolValue:
		return fmt.Sprint(v.Bool), true
	default:
		return textCodec.from(v)
	}
}

// Path binds the path of a file in the workspace.
func Path(b *Binder, target *string, key string, opts ...Option) {
	f := field(key, PathField, opts)
	c := textCodec
	c.want = errs.Words{En: "the path of a file", Ru: "путь к файлу"}
	c.seen = func(b *Binder, path, v string) {
		if err := checkPath(v, f.Write); err != nil {
			b.fail(path, err)
			return
		}
		b.bound.Files = append(b.bound.Files, FileUse{Path: path, File: v, Write: f.Write})
	}
	scalar(b, target, f, c)
}

// Type binds the name of a type; Null stands for none.
func Type(b *Binder, target *rel.Type, key string, opts ...Option) {
	scalar(b, target, field(key, TypeField, opts), codec[rel.Type]{
		want: errs.Words{En: "a type: " + listed(rel.TypeNames()), Ru: "тип: " + listed(rel.TypeNames())},
		from: func(v pack.Value) (rel.Type, bool) { return rel.ParseType(v.Text) },
		to: func(t rel.Type) pack.Value {
			if t == rel.Null {
				return pack.Text("")
			}
			return pack.Text(t.String())
		},
	})
}
