package rel

// Expr is a scalar expression over the columns of one operator's input. It is
// one of *Ref, *Literal, *Param, *Call, *Case and *Cast.
type Expr interface {
	// Type is the type of every value of the expression.
	Type() Type
	// Nullable is false only when no value can be null.
	Nullable() bool
}

// Side says which input of a join a reference means.
type Side uint8

// The sides. Outside the condition of a join every reference is to Only.
const (
	Only Side = iota
	Left
	Right
)

// Ref is the value of an input column.
type Ref struct {
	Side   Side
	Column Column // as the input's schema has it
}

// Literal is a constant.
type Literal struct {
	Value Value
	As    Type // the type it stands for; a null has the type its place asks for
}

// Param is a variable of the package with the value it has in this plan.
// Keeping its name lets a service lift the plan over many values.
type Param struct {
	Name  string
	Value Value
	As    Type
}

// Call is a function of the catalogue with its arguments.
type Call struct {
	Func *Function
	Args []Expr
	As   Type
}

// When is one branch of a Case.
type When struct{ If, Then Expr }

// Case is the first branch whose condition is true, else Else, else null.
type Case struct {
	Whens []When
	Else  Expr // may be nil
	As    Type
}

// Cast converts a value to another type.
type Cast struct {
	X   Expr
	To  Type
	Try bool        // a value that does not convert is null; otherwise it fails the run
	How *TextFormat // how texts are read or written; nil: the ISO spellings
}

// TextFormat says how numbers, dates and booleans are spelled in text. Empty
// fields mean the plain spelling.
type TextFormat struct {
	Decimal   string   // decimal separator: "." or ","
	Thousands string   // thousands separator, "" for none
	Dates     []string // strptime patterns of dates and timestamps, tried in order
	True      []string // words for true, compared without case
	False     []string
}

// Type is the column's type.
func (r *Ref) Type() Type { return r.Column.Type }

// Nullable is the column's.
func (r *Ref) Nullable() bool { return r.Column.Nullable }

// Type is the type the literal stands for.
func (l *Literal) Type() Type { return l.As }

// Nullable reports whether the literal is null.
func (l *Literal) Nullable() bool { return l.Value == nil }

// Type is the variable's declared type.
func (p *Param) Type() Type { return p.As }

// Nullable is true: a caller may give null.
func (p *Param) Nullable() bool { return true }

// Type is the call's result type.
func (c *Call) Type() Type { return c.As }

// Nullable follows the function's null rule.
func (c *Call) Nullable() bool {
	switch c.Func.Nulls {
	case NullNever:
		return false
	case NullIfAny, NullSome:
		return anyNullable(c.Args)
	case NullNotFinite:
		return c.As.ID == RealID || anyNullable(c.Args)
	case NullIfAll:
		for _, a := range c.Args {
			if !a.Nullable() {
				return false
			}
		}
		return true
	default:
		return true
	}
}

// Type is the common type of the branches.
func (c *Case) Type() Type { return c.As }

// Nullable is false when an else is there and no branch can be null.
func (c *Case) Nullable() bool {
	if c.Else == nil || c.Else.Nullable() {
		return true
	}
	for _, w := range c.Whens {
		if w.Then.Nullable() {
			return true
		}
	}
	return false
}

// Type is the type converted to.
func (c *Cast) Type() Type { return c.To }

// Nullable is true for a Try that may miss.
func (c *Cast) Nullable() bool {
	return c.X.Nullable() || c.Try && !infallible(c.X.Type(), c.To)
}

// infallible reports whether every value of one type converts to the other.
func infallible(from, to Type) bool {
	if from == to || to.ID == StringID {
		return true
	}
	switch from.ID {
	case BooleanID:
		return to.ID == IntegerID || to.ID == RealID
	case IntegerID:
		return to.ID == RealID || to.ID == DecimalID && to.Precision-to.Scale >= 19
	case DecimalID:
		return to.ID == RealID
	case DateID:
		return to.ID == TimestampID
	case TimestampID:
		return to.ID == DateID
	default:
		return false
	}
}

func anyNullable(x []Expr) bool {
	for _, e := range x {
		if e.Nullable() {
			return true
		}
	}
	return false
}

// Col makes a reference to a column of a schema that has it.
func Col(c Column) *Ref { return &Ref{Column: c} }

// Lit makes a literal with the value's own type.
func Lit(v Value) *Literal { return &Literal{Value: v, As: TypeOf(v)} }

// NullOf makes a null of a type.
func NullOf(t Type) *Literal { return &Literal{As: t} }

// Convert returns e as type t: e itself when it has that type, a literal's
// null retyped, a Cast otherwise. It is for the conversions of Common.
func Convert(e Expr, t Type) Expr {
	if e.Type() == t {
		return e
	}
	if l, ok := e.(*Literal); ok && l.Value == nil {
		return NullOf(t)
	}
	return &Cast{X: e, To: t}
}

// Operands returns the direct parts of an expression, in order.
func Operands(e Expr) []Expr {
	switch e := e.(type) {
	case *Call:
		return e.Args
	case *Cast:
		return []Expr{e.X}
	case *Case:
		out := make([]Expr, 0, 2*len(e.Whens)+1)
		for _, w := range e.Whens {
			out = append(out, w.If, w.Then)
		}
		if e.Else != nil {
			out = append(out, e.Else)
		}
		return out
	default:
		return nil
	}
}

// WithOperands returns e with other parts, given in the order of Operands.
func WithOperands(e Expr, parts []Expr) Expr {
	switch e := e.(type) {
	case *Call:
		return &Call{Func: e.Func, Args: parts, As: e.As}
	case *Cast:
		return &Cast{X: parts[0], To: e.To, Try: e.Try, How: e.How}
	case *Case:
		c := &Case{As: e.As, Whens: make([]When, len(e.Whens))}
		for i := range e.Whens {
			c.Whens[i] = When{If: parts[2*i], Then: parts[2*i+1]}
		}
		if e.Else != nil {
			c.Else = parts[len(parts)-1]
		}
		return c
	default:
		return e
	}
}

// Walk calls f for e and everything in it, parents first; f returns whether to
// go into the parts.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	for _, o := range Operands(e) {
		Walk(o, f)
	}
}

// Rewrite rebuilds e from its leaves up: f gets each expression with its parts
// already rewritten and returns what stands in its place.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	parts := Operands(e)
	var changed []Expr
	for i, o := range parts {
		if n := Rewrite(o, f); n != o {
			if changed == nil {
				changed = append([]Expr(nil), parts...)
			}
			changed[i] = n
		}
	}
	if changed != nil {
		e = WithOperands(e, changed)
	}
	return f(e)
}

// Refs returns how often each column is referred to, by name.
func Refs(e Expr) map[string]int {
	out := map[string]int{}
	Walk(e, func(x Expr) bool {
		if r, ok := x.(*Ref); ok {
			out[r.Column.Name]++
		}
		return true
	})
	return out
}

// Volatile reports whether two evaluations of e over the same row may differ.
func Volatile(e Expr) bool {
	found := false
	Walk(e, func(x Expr) bool {
		if c, ok := x.(*Call); ok && c.Func.Volatile {
			found = true
		}
		return !found
	})
	return found
}

// Size counts the expressions in e.
func Size(e Expr) int {
	n := 0
	Walk(e, func(Expr) bool { n++; return true })
	return n
}
