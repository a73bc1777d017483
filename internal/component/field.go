package component

import "github.com/weftworks/weft/internal/pack"

// FieldKind says what a setting holds, for forms, schemas and reference pages.
type FieldKind string

// The kinds of settings.
const (
	TextField     FieldKind = "text"
	BoolField     FieldKind = "boolean"
	IntField      FieldKind = "integer"
	NumberField   FieldKind = "number"
	EnumField     FieldKind = "enum"
	ColumnField   FieldKind = "column"   // the name of an input's column
	FormulaField  FieldKind = "formula"  // text in the formula language
	PathField     FieldKind = "path"     // a file in the workspace
	TypeField     FieldKind = "type"     // the name of a type
	ConstantField FieldKind = "constant" // any single value
	ListField     FieldKind = "list"     // of Items: one field without a key, or a map's fields
	GroupField    FieldKind = "group"    // a map of Items
	TableField    FieldKind = "table"    // rows of constants
)

// Field describes one setting.
type Field struct {
	Key      string
	Kind     FieldKind
	Required bool
	Default  pack.Value // null: none
	Choices  []string   // of an enum
	Min, Max *float64
	Port     int     // of a column or formula: the input it is of
	Items    []Field // of a list or a group
	When     *When   // the setting matters only then
	Long     bool    // text of several lines
	Write    bool    // a path that is written to
}

// When says that another setting of the same map has one of some values.
type When struct {
	Key string
	In  []string
}

// Option is a further word about a setting.
type Option func(*Field)

// Required says that a setting must be given.
func Required() Option { return func(f *Field) { f.Required = true } }

// Default gives the value that holds where a setting is not written.
func Default(v any) Option {
	return func(f *Field) {
		switch v := v.(type) {
		case bool:
			f.Default = pack.Bool(v)
		case int:
			f.Default = pack.Int(int64(v))
		case int64:
			f.Default = pack.Int(v)
		case float64:
			f.Default = pack.Real(v)
		case string:
			f.Default = pack.Text(v)
		default:
			panic("component: a default must be a plain value")
		}
	}
}

// Min bounds a number from below.
func Min(n float64) Option { return func(f *Field) { f.Min = &n } }

// Max bounds a number from above.
func Max(n float64) Option { return func(f *Field) { f.Max = &n } }

// OfPort says of which input a column or formula speaks; the first unless
// said.
func OfPort(i int) Option { return func(f *Field) { f.Port = i } }

// OnlyWhen says that a setting matters only while another one, of the same
// map, has one of some values. Forms hide it otherwise.
func OnlyWhen(key string, in ...string) Option {
	return func(f *Field) { f.When = &When{Key: key, In: in} }
}

// Long says that a text may have several lines.
func Long() Option { return func(f *Field) { f.Long = true } }

// Written says that a path is written to.
func Written() Option { return func(f *Field) { f.Write = true } }

func field(key string, kind FieldKind, opts []Option) Field {
	f := Field{Key: key, Kind: kind}
	for _, o := range opts {
		o(&f)
	}
	return f
}
