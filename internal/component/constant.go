package component

import (
	"math/big"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Const is a single value in a setting: a number, text, a day in ISO spelling,
// or nothing. It takes the type of what it is compared with.
type Const struct {
	Value pack.Value
	Param *rel.Param // the variable that the setting is bound to; nil: none
}

// Constant binds a single value of any type.
func Constant(b *Binder, target *Const, key string, opts ...Option) {
	f := field(key, ConstantField, opts)
	scalar(b, target, f, constCodec)
	if b.mode == decoding {
		if name, ok := b.bound.vars[join(b.path, key)]; ok {
			target.Param = b.vars[name]
			b.bound.open(join(b.path, key))
		}
	}
}

// Constants binds a list of single values.
func Constants(b *Binder, target *[]Const, key string, opts ...Option) {
	scalars(b, target, field(key, ListField, opts), Field{Kind: ConstantField}, constCodec)
}

var constCodec = codec[Const]{
	want: errs.Words{En: "a single value", Ru: "одно значение"},
	from: func(v pack.Value) (Const, bool) {
		return Const{Value: v}, v.Kind != pack.ListValue && v.Kind != pack.MapValue
	},
	to: func(c Const) pack.Value {
		if c.Param != nil {
			return pack.Map(pack.E("var", pack.Text(c.Param.Name)))
		}
		return c.Value
	},
	plain: true,
}

var errConstant = errs.Message{
	ID: "component.constant_type",
	En: "{found} is no {want}.{hint}",
	Ru: "{found} — не {want}.{hint}",
}

// As returns the constant as an expression of type t.
func (c Const) As(t rel.Type) (rel.Expr, error) {
	if c.Param != nil {
		return rel.Convert(c.Param, t), nil
	}
	v, err := ToConstant(c.Value, t)
	if err != nil {
		return nil, err
	}
	return &rel.Literal{Value: v, As: t}, nil
}

// ToConstant reads a value of a package file as a constant of type t. Days
// and times are text in ISO spelling.
func ToConstant(v pack.Value, t rel.Type) (rel.Value, error) {
	if v.Kind == pack.NullValue {
		return nil, nil
	}
	if out, ok := toConstant(v, t); ok {
		return out, nil
	}
	return nil, errs.New(errs.Invalid, errConstant, errs.P{"found": spell(v), "want": t, "hint": constHint(t)}).At(v.Pos.Place())
}

func toConstant(v pack.Value, t rel.Type) (rel.Value, bool) {
	text := spell(v)
	switch t.ID {
	case rel.BooleanID:
		return v.Bool, v.Kind == pack.BoolValue
	case rel.IntegerID:
		return v.Int, v.Kind == pack.IntValue
	case rel.RealID:
		if v.Kind == pack.IntValue {
			return float64(v.Int), true
		}
		return v.Real, v.Kind == pack.RealValue
	case rel.DecimalID:
		return parseDecimal(text, int(t.Scale))
	case rel.StringID:
		return text, true
	case rel.DateID:
		d, err := time.Parse("2006-01-02", text)
		return rel.Day(d.Unix() / 86400), err == nil
	case rel.TimeID:
		m, ok := parseTime(text, "15:04:05.999999", "15:04")
		return rel.Clock(m.UnixMicro() - m.Truncate(24*time.Hour).UnixMicro()), ok
	case rel.TimestampID:
		m, ok := parseTime(text, "2006-01-02 15:04:05.999999", "2006-01-02T15:04:05.999999", "2006-01-02 15:04", "2006-01-02")
		return rel.Stamp(m.UnixMicro()), ok
	case rel.TimestampTZID:
		m, ok := parseTime(text, "2006-01-02T15:04:05.999999Z07:00", "2006-01-02 15:04:05.999999Z07:00")
		return rel.Instant(m.UnixMicro()), ok
	default:
		return nil, false
	}
}

func parseTime(s string, layouts ...string) (time.Time, bool) {
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func parseDecimal(s string, scale int) (rel.Value, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) > scale {
		return nil, false
	}
	n, ok := new(big.Int).SetString(whole+frac+strings.Repeat("0", scale-len(frac)), 10)
	return rel.Dec{Unscaled: n, Scale: scale}, ok
}

// spell writes a scalar as the text that stands in the file.
func spell(v pack.Value) string {
	switch v.Kind {
	case pack.TextValue:
		return v.Text
	case pack.RealValue:
		return strings.TrimSuffix(rel.FormatReal(v.Real), ".0")
	case pack.IntValue:
		return rel.FormatValue(v.Int)
	case pack.BoolValue:
		return rel.FormatValue(v.Bool)
	default:
		return v.KindName().En
	}
}

func constHint(t rel.Type) errs.Words {
	spelling := map[rel.TypeID]string{
		rel.DateID: "2026-01-31", rel.TimeID: "13:45:00", rel.TimestampID: "2026-01-31 13:45:00",
		rel.TimestampTZID: "2026-01-31T13:45:00Z",
	}[t.ID]
	if spelling == "" {
		return errs.Words{}
	}
	return errs.Words{En: " Write it as '" + spelling + "'.", Ru: " Пишите так: '" + spelling + "'."}
}
