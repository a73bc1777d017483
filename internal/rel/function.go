package rel

import (
	"errors"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// NullRule says when a function gives null.
type NullRule uint8

// The null rules.
const (
	NullIfAny     NullRule = iota // any null argument gives null, and only that
	NullNever                     // never null: is_null, concat
	NullIfAll                     // null only when all arguments are: coalesce
	NullMaybe                     // also null for other reasons: x / 0, ln(0)
	NullNotFinite                 // as NullIfAny, and a real result that would not be finite is null: +, *
	NullSome                      // null only if some argument is, but not always: and, in
)

// Function is one entry of the catalogue, the only source for the formula
// language, its help, completion and every dialect.
type Function struct {
	Name     string   // lower case: round; operators by their sign: +, and, is null
	Aliases  []string // other names it is found under (and accepted as): substr
	Category string   // math, text, date, logic, convert, …
	Rows     []string // ids of rows of the feature list, F-070
	Params   []Parameter
	Variadic bool // the last parameter may repeat
	Nulls    NullRule
	Volatile bool // two calls with the same arguments may differ
	// Result returns the result type for argument types that were checked
	// against Params and converted; nil: the function always gives Returns.
	Result  func(args []Type) Type
	Returns Type
	// Unify asks that all arguments whose parameter is Any are converted to
	// one common type.
	Unify bool
	// Overload chooses among several forms of a function by its arguments,
	// which were checked against Params: it returns the types to convert them
	// to, and the result's. ok is false where no form takes them. It stands in
	// place of Unify, Result and Returns.
	Overload func(args []Expr) (to []Type, result Type, ok bool)
	// Eval computes the function in Go, for folding constants and as a second
	// opinion in tests. args have the types after conversion, none null under
	// NullIfAny and NullNotFinite. nil: the function is not folded;
	// ErrNotFolded: not with these arguments.
	Eval  func(args []Value) (Value, error)
	Help  Help
	Cases []Example
}

// Help is what people read about a function, in both languages.
type Help struct {
	En, Ru string // one or two sentences
}

// Parameter is one parameter of a function.
type Parameter struct {
	Name     string
	Accepts  Accepts
	Optional bool
	Spell    bool     // an argument of any type, cast to string
	Constant bool     // must be a literal
	Words    []string // must be a literal, and one of these; matched without case
	// Check looks at an argument that is a literal and not null.
	Check func(Value) error
}

// ErrNotFolded is returned by an Eval that leaves its arguments to the engine.
var ErrNotFolded = errors.New("rel: not folded")

// Example is an executed case of a function: a formula and the value it must
// have on every engine, spelled as FormatValue does.
type Example struct {
	Formula string
	Want    string
	Hidden  bool // a test case that the help does not show
}

// Accepts is the set of types that a parameter takes, by type family; an
// argument is converted to the first family it fits.
type Accepts []TypeID

// Sets of families that parameters take. Any takes every type as it is.
var (
	Any         = Accepts(nil)
	Number      = Accepts{IntegerID, DecimalID, RealID}
	Reals       = Accepts{RealID}
	Integers    = Accepts{IntegerID}
	Texts       = Accepts{StringID}
	Booleans    = Accepts{BooleanID}
	Days        = Accepts{DateID}
	Moments     = Accepts{DateID, TimestampID, TimestampTZID}
	Stamps      = Accepts{TimestampID}
	ClockOrTime = Accepts{TimeID, TimestampID, TimestampTZID}
)

// Functions is a catalogue of functions.
type Functions struct {
	list   []*Function
	byName map[string]*Function
}

// NewFunctions makes a catalogue. Two functions of one name are a
// programmer's error and panic.
func NewFunctions(list []*Function) *Functions {
	f := &Functions{list: list, byName: make(map[string]*Function, 2*len(list))}
	for _, fn := range list {
		for _, n := range append([]string{fn.Name}, fn.Aliases...) {
			if f.byName[n] != nil {
				panic("rel: two functions are named " + n)
			}
			f.byName[n] = fn
		}
	}
	return f
}

// All lists the functions in their order.
func (f *Functions) All() []*Function { return slices.Clone(f.list) }

// Lookup finds a function by its name or an alias, without regard to case.
func (f *Functions) Lookup(name string) (*Function, bool) {
	fn, ok := f.byName[strings.ToLower(name)]
	return fn, ok
}

// Must returns a function that the caller knows is there.
func (f *Functions) Must(name string) *Function {
	fn, ok := f.Lookup(name)
	if !ok {
		panic("rel: no function " + name)
	}
	return fn
}

var (
	errArgCount = errs.Message{
		ID: "rel.argument_count",
		En: "{function} takes {want} arguments, not {found}: {signature}.",
		Ru: "Функция {function} принимает аргументов: {want}, а не {found}: {signature}.",
	}
	errArgType = errs.Message{
		ID: "rel.argument_type",
		En: "{function}: argument {number} ({name}) must be {want}, but is {found}.",
		Ru: "{function}: аргумент {number} ({name}) должен иметь тип {want}, а имеет тип {found}.",
	}
	errNotConstant = errs.Message{
		ID: "rel.argument_constant",
		En: "{function}: argument {number} ({name}) must be a constant, not something that is computed from rows.",
		Ru: "{function}: аргумент {number} ({name}) должен быть константой, он не может вычисляться по строкам.",
	}
	errNotWord = errs.Message{
		ID: "rel.argument_word",
		En: "{function}: argument {number} ({name}) must be one of {want}, but is {found}. {suggest}",
		Ru: "{function}: аргумент {number} ({name}) должен быть одним из {want}, а он {found}. {suggest}",
	}
	errNoCommon = errs.Message{
		ID: "rel.no_common_type",
		En: "{function}: {left} and {right} do not go together. Convert one of them.",
		Ru: "{function}: типы {left} и {right} не сочетаются. Преобразуйте один из них.",
	}
)

// Call builds a call of fn, checking the arguments' number and types and
// converting them as the parameters ask. An error of one argument is an
// *ArgError around an *errs.Error.
func (fn *Function) Call(args ...Expr) (*Call, error) {
	if err := fn.checkCount(len(args)); err != nil {
		return nil, err
	}
	conv := make([]Expr, len(args))
	var err error
	for i, a := range args {
		p := fn.param(i)
		c, ok := p.convert(a)
		if !ok {
			return nil, argError(i, errs.New(errs.Invalid, errArgType, errs.P{
				"function": fn.Name, "number": i + 1, "name": p.Name, "want": p.Accepts.words(), "found": a.Type(),
			}))
		}
		if conv[i], err = fn.checkLiteral(i, c); err != nil {
			return nil, argError(i, err)
		}
	}
	as, err := fn.resolve(conv)
	if err != nil {
		return nil, err
	}
	return &Call{Func: fn, Args: conv, As: as}, nil
}

// ArgError is an error of one argument of a call; Index counts from 0.
type ArgError struct {
	Index int
	Err   error
}

// Error is the text of the error itself.
func (e *ArgError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *ArgError) Unwrap() error { return e.Err }

func argError(i int, err error) error { return &ArgError{Index: i, Err: err} }

// resolve brings the arguments to the types that the function takes together,
// in place, and returns the result's type.
func (fn *Function) resolve(args []Expr) (Type, error) {
	if fn.Overload != nil {
		to, result, ok := fn.Overload(args)
		if !ok {
			return Type{}, errs.New(errs.Invalid, errNoCommon, errs.P{
				"function": fn.Name, "left": args[0].Type(), "right": args[len(args)-1].Type(),
			})
		}
		for i := range args {
			args[i] = Convert(args[i], to[i])
		}
		return result, nil
	}
	if fn.Unify {
		if err := fn.unify(args); err != nil {
			return Type{}, err
		}
	}
	if fn.Result == nil {
		return fn.Returns, nil
	}
	types := make([]Type, len(args))
	for i := range args {
		types[i] = args[i].Type()
	}
	return fn.Result(types), nil
}

// checkLiteral holds what a parameter asks of the value of its argument.
func (fn *Function) checkLiteral(i int, a Expr) (Expr, error) {
	p := fn.param(i)
	l, ok := a.(*Literal)
	if !ok {
		if p.Constant || p.Words != nil {
			return nil, errs.New(errs.Invalid, errNotConstant, errs.P{"function": fn.Name, "number": i + 1, "name": p.Name})
		}
		return a, nil
	}
	if p.Words != nil {
		word, _ := l.Value.(string)
		if k := slices.IndexFunc(p.Words, func(w string) bool { return strings.EqualFold(w, word) }); k >= 0 {
			return Lit(p.Words[k]), nil
		}
		return nil, errs.New(errs.Invalid, errNotWord, errs.P{
			"function": fn.Name, "number": i + 1, "name": p.Name, "want": enumerate(p.Words),
			"found": FormatValue(l.Value), "suggest": errs.Suggest(word, p.Words),
		})
	}
	if p.Check != nil && l.Value != nil {
		return a, p.Check(l.Value)
	}
	return a, nil
}

func (fn *Function) param(i int) Parameter { return fn.Params[min(i, len(fn.Params)-1)] }

func (fn *Function) checkCount(n int) error {
	least := 0
	for _, p := range fn.Params {
		if !p.Optional {
			least++
		}
	}
	if n >= least && (n <= len(fn.Params) || fn.Variadic && len(fn.Params) > 0) {
		return nil
	}
	return errs.New(errs.Invalid, errArgCount, errs.P{
		"function": fn.Name, "want": fn.arity(least), "found": n, "signature": fn.Signature(),
	})
}

// unify brings the arguments of Any parameters to one type.
func (fn *Function) unify(args []Expr) error {
	t := Null
	for i, a := range args {
		if fn.param(i).Accepts != nil {
			continue
		}
		c, ok := Common(t, a.Type())
		if !ok {
			return errs.New(errs.Invalid, errNoCommon, errs.P{"function": fn.Name, "left": t, "right": a.Type()})
		}
		t = c
	}
	for i, a := range args {
		if fn.param(i).Accepts == nil {
			args[i] = Convert(a, t)
		}
	}
	return nil
}

// convert brings an argument to the first accepted family it fits.
func (p Parameter) convert(a Expr) (Expr, bool) {
	t := a.Type()
	if p.Spell {
		return Convert(a, String), true
	}
	if p.Accepts == nil {
		return a, true
	}
	if slices.Contains(p.Accepts, t.ID) {
		return a, true
	}
	for _, id := range p.Accepts {
		want := Type{ID: id}
		if id == DecimalID {
			want = Decimal(18, 0)
		}
		if c, ok := Common(t, want); ok && c.ID == id {
			return Convert(a, c), true
		}
	}
	return nil, false
}

// Signature spells the function with its parameters' names:
// round(x, [digits]).
func (fn *Function) Signature() string {
	var b strings.Builder
	b.WriteString(fn.Name)
	b.WriteByte('(')
	for i, p := range fn.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		if p.Optional {
			b.WriteString("[" + p.Name + "]")
		} else {
			b.WriteString(p.Name)
		}
	}
	if fn.Variadic {
		b.WriteString(", …")
	}
	b.WriteByte(')')
	return b.String()
}
