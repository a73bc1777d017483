package sql

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// leaf is an expression that is spelled already: a column of a FROM clause, or
// the result of an aggregate or a window. It is a rel.Expr, so that rel's own
// tools rewrite what stands around it.
type leaf struct {
	sql    string
	column string // the column's bare name where the leaf is one; else ""
	typ    rel.Type
	null   bool
	cost   int
}

// Type is the type of the column or result.
func (l *leaf) Type() rel.Type { return l.typ }

// Nullable tells whether it may be null.
func (l *leaf) Nullable() bool { return l.null }

// exprs spells expressions whose leaves are constants and leaf values. The
// first error is kept.
type exprs struct {
	d      *Dialect
	places *places // of what comes with each execution; nil: nothing does
	err    error
	lambda int
}

func (x *exprs) fail(err error) {
	if x.err == nil {
		x.err = err
	}
}

// sql spells e. Its value is null or of e's type; a real is finite.
func (x *exprs) sql(e rel.Expr) string {
	if c, ok := e.(*rel.Call); ok && arithmetic(c) {
		return x.d.let(x, x.arith(c), x.d.finite)
	}
	return x.plain(e)
}

// arith spells sums, differences and products of reals without looking
// whether each is finite: what is not stays so up to the root of the
// arithmetic, where sql looks once.
func (x *exprs) arith(e rel.Expr) string {
	c, ok := e.(*rel.Call)
	if !ok || !arithmetic(c) {
		return x.sql(e)
	}
	if c.Func.Name == "neg" {
		return "(-" + x.arith(c.Args[0]) + ")"
	}
	if c.Func.Name == "/" {
		return "(" + x.arith(c.Args[0]) + " / " + x.divisor(c.Args[1]) + ")"
	}
	return "(" + x.arith(c.Args[0]) + " " + c.Func.Name + " " + x.arith(c.Args[1]) + ")"
}

// divisor spells what is divided by: null in place of zero.
func (x *exprs) divisor(e rel.Expr) string {
	if l, ok := e.(*rel.Literal); ok && l.Value != nil && l.Value != 0.0 {
		return x.sql(e)
	}
	return "nullif(" + x.sql(e) + ", 0)"
}

// arithmetic reports whether c is arithmetic of reals.
func arithmetic(c *rel.Call) bool {
	if c.As != rel.Real {
		return false
	}
	for _, a := range c.Args {
		if a.Type() != rel.Real {
			return false
		}
	}
	switch c.Func.Name {
	case "+", "-", "*", "/", "neg":
		return true
	default:
		return false
	}
}

func (x *exprs) plain(e rel.Expr) string {
	switch e := e.(type) {
	case *leaf:
		return e.sql
	case *rel.Literal:
		return x.constant(e.Value, e.As)
	case *rel.Param:
		return x.variable(e)
	case *rel.Cast:
		return x.d.cast(x, e)
	case *rel.Case:
		return x.caseOf(e)
	case *rel.Call:
		return x.call(e)
	default:
		x.fail(errs.New(errs.Internal, errUnresolved, errs.P{"expression": rel.FormatExpr(e)}))
		return "NULL"
	}
}

func (x *exprs) constant(v rel.Value, t rel.Type) string {
	if v == nil {
		if t == rel.Null {
			return "NULL"
		}
		return "CAST(NULL AS " + x.d.typeName(t) + ")"
	}
	if s, ok := v.(string); ok {
		if err := checkText(s); err != nil {
			x.fail(err)
			return "NULL"
		}
	}
	return x.d.literal(v, t)
}

func (x *exprs) caseOf(c *rel.Case) string {
	var b strings.Builder
	b.WriteString("CASE")
	for _, w := range c.Whens {
		b.WriteString(" WHEN " + x.sql(w.If) + " THEN " + x.sql(w.Then))
	}
	if c.Else != nil {
		b.WriteString(" ELSE " + x.sql(c.Else))
	}
	return b.String() + " END"
}

func (x *exprs) call(c *rel.Call) string {
	f, ok := x.d.functions[c.Func.Name]
	if !ok {
		x.fail(errs.New(errs.Invalid, errUnknownFunction, errs.P{"engine": x.d.name, "function": c.Func.Name}))
		return "NULL"
	}
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		args[i] = x.sql(a)
	}
	return f(x, c, args)
}

// name makes a variable that no other of the query has.
func (x *exprs) name() string {
	x.lambda++
	return "v" + strconv.Itoa(x.lambda)
}

// cost estimates what computing e once takes, in plain operations.
func cost(e rel.Expr) int {
	n := 0
	rel.Walk(e, func(e rel.Expr) bool {
		switch e := e.(type) {
		case *leaf:
			n += e.cost
		case *rel.Call, *rel.Case:
			n++
		case *rel.Cast:
			n++
			if e.X.Type() == rel.String || e.To == rel.String {
				n += costly
			}
		}
		return true
	})
	return n
}

// costly is the cost from which an expression is not computed twice.
const costly = 24
