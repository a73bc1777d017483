package component

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Binder carries the settings of a component past its Bind method: to fill
// them from a package's values, to write them as values, or to describe them.
// Components use it only through Text, Int, List and the like.
type Binder struct {
	mode   mode
	path   string // of the map that is being bound: "" or measures[1]
	in     pack.Value
	out    *pack.Value // encoding: the map being built
	fields *[]Field    // describing: the fields of this map
	known  *[]string   // decoding: the keys that this map may have
	bound  *Bound
	vars   Variables
	errors *errs.List
}

type mode uint8

const (
	decoding mode = iota
	encoding
	describing
)

// Variables are a package's variables by name, which settings may be bound to.
type Variables map[string]*rel.Param

// Bound is a node's settings after decoding, with what the kit must know of
// them: which columns and formulas they name, and where each setting stands.
type Bound struct {
	Settings Settings
	Columns  []ColumnUse
	Formulas []FormulaUse
	Files    []FileUse
	places   map[string]pack.Pos
	vars     map[string]string // setting path -> variable it is bound to
	opened   map[string]bool   // of those, where the variable stays open in the plan
}

// ColumnUse is a setting that names a column of an input.
type ColumnUse struct {
	Path string // of the setting
	Port int    // index of the input port
	Name string
}

// FormulaUse is a setting that holds a formula.
type FormulaUse struct {
	Path string
	Text string
}

// FileUse is a setting that holds a file's path.
type FileUse struct {
	Path  string
	File  string
	Write bool
}

// Place returns where a setting stands in the package file; a setting that is
// not written there stands where the map around it stands.
func (b *Bound) Place(path string) errs.Place {
	for p := path; ; {
		if pos, ok := b.places[p]; ok {
			place := pos.Place()
			place.Setting = path
			return place
		}
		if p == "" {
			return errs.Place{Setting: path}
		}
		i := strings.LastIndexAny(p, ".[")
		p = p[:max(i, 0)]
	}
}

// Variable returns the name of the variable that a setting is bound to.
func (b *Bound) Variable(path string) (string, bool) {
	name, ok := b.vars[path]
	return name, ok
}

// Shaping returns the settings that a variable's value goes into while the plan
// is made, by path, each with the variable's name: another value makes another
// plan. The variables of formulas and of single values stay open in the plan.
func (b *Bound) Shaping() map[string]string {
	out := map[string]string{}
	for path, name := range b.vars {
		if !b.opened[path] {
			out[path] = name
		}
	}
	return out
}

// open notes that a variable at a setting stays open in the plan.
func (b *Bound) open(path string) {
	if b.opened == nil {
		b.opened = map[string]bool{}
	}
	b.opened[path] = true
}

var (
	errUnknownSetting = errs.Message{
		ID: "component.unknown_setting",
		En: "There is no setting {setting} here. {suggest}",
		Ru: "Параметра {setting} здесь нет. {suggest}",
	}
	errMissing = errs.Message{
		ID: "component.setting_missing",
		En: "The setting {setting} is missing.",
		Ru: "Не задан параметр {setting}.",
	}
	errKind = errs.Message{
		ID: "component.setting_kind",
		En: "{setting} must be {want}, but is {found}.",
		Ru: "Параметр {setting}: нужно {want}, а здесь {found}.",
	}
	errNoVariable = errs.Message{
		ID: "component.no_variable",
		En: "The package has no variable {variable}. {suggest}",
		Ru: "В пакете нет переменной {variable}. {suggest}",
	}
)

// decode fills fresh settings from a value, collecting every error.
func decode(s Settings, v pack.Value, vars Variables) (*Bound, error) {
	bound := &Bound{Settings: s, places: map[string]pack.Pos{"": v.Pos}, vars: map[string]string{}}
	b := &Binder{mode: decoding, bound: bound, vars: vars, errors: &errs.List{}}
	b.bindMap(v, "", s.Bind)
	return bound, b.errors.Err()
}

// Encode writes settings as a value; settings that have their default are
// left out.
func Encode(s Settings) pack.Value {
	out := pack.Map()
	s.Bind(&Binder{mode: encoding, out: &out})
	return out
}

// Describe lists a component's settings.
func Describe(s Settings) []Field {
	var out []Field
	s.Bind(&Binder{mode: describing, fields: &out})
	return out
}

var mapWords = errs.Words{En: "a map of settings", Ru: "набор параметров"}

// bindMap decodes one map: bind takes the keys it knows, what is left over is
// an error.
func (b *Binder) bindMap(v pack.Value, path string, bind func(*Binder)) {
	if v.Kind != pack.MapValue && v.Kind != pack.NullValue {
		b.wrongKind(path, v, mapWords)
		return
	}
	var known []string
	inner := &Binder{mode: decoding, path: path, in: v, bound: b.bound, vars: b.vars, errors: b.errors, known: &known}
	bind(inner)
	for _, e := range v.Map {
		if !slices.Contains(known, e.Key) {
			place := e.Pos.Place()
			place.Setting = join(path, e.Key)
			b.errors.Add(errs.New(errs.Invalid, errUnknownSetting, errs.P{
				"setting": e.Key, "suggest": errs.Suggest(e.Key, known),
			}).At(place))
		}
	}
}

// take returns the value of a key, with a variable that stands for it already
// looked up; ok is false when the key is not there.
func (b *Binder) take(key string) (v pack.Value, ok bool) {
	*b.known = append(*b.known, key)
	path := join(b.path, key)
	for _, e := range b.in.Map {
		if e.Key != key {
			continue
		}
		b.bound.places[path] = e.Value.Pos
		if e.Value.Pos == (pack.Pos{}) {
			b.bound.places[path] = e.Pos
		}
		name, isVar := e.Value.VarRef()
		if !isVar {
			return e.Value, true
		}
		return b.variable(path, name, e.Value.Pos)
	}
	return pack.Value{}, false
}

func (b *Binder) variable(path, name string, pos pack.Pos) (pack.Value, bool) {
	p, ok := b.vars[name]
	if !ok {
		near := errs.Suggest(name, slices.Sorted(maps.Keys(b.vars)))
		b.fail(path, errs.New(errs.Invalid, errNoVariable, errs.P{"variable": name, "suggest": near}))
		return pack.Value{}, false
	}
	b.bound.vars[path] = name
	v := FromValue(p.Value)
	v.Pos = pos
	return v, true
}

// fail puts an error at a setting.
func (b *Binder) fail(path string, err error) {
	b.errors.Add(errs.At(err, b.bound.Place(path)))
}

func (b *Binder) wrongKind(path string, v pack.Value, want errs.Words) {
	b.fail(path, errs.New(errs.Invalid, errKind, errs.P{"setting": leaf(path), "want": want, "found": v.KindName()}))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// leaf is the last part of a setting's path.
func leaf(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// FromValue writes a constant as a value of a package file.
func FromValue(v rel.Value) pack.Value {
	switch v := v.(type) {
	case nil:
		return pack.Null()
	case bool:
		return pack.Bool(v)
	case int64:
		return pack.Int(v)
	case float64:
		return pack.Real(v)
	case string:
		return pack.Text(v)
	default:
		return pack.Text(fmt.Sprint(v))
	}
}
