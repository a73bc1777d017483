package formula

import (
	"errors"
	"maps"
	"slices"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// Env is what a formula may speak of.
type Env struct {
	Functions *rel.Functions
	Schema    rel.Schema
	// Left and Right are the inputs of a join, whose condition says left.name
	// and right.name; Schema is not used then. Outside a join both are nil.
	Left, Right rel.Schema
	// Variables by name, without $.
	Variables map[string]rel.Param
	// NoFold leaves constants uncomputed, for tests of the engines.
	NoFold bool
}

// join reports whether the formula stands between two inputs.
func (e Env) join() bool { return e.Left != nil || e.Right != nil }

// Compile reads a formula, resolves its names, checks and converts its types
// and computes what is constant; variables stay, so that a plan can be lifted
// over their values. All errors of meaning are found in one go: the error is
// one *errs.Error or an errs.List, with Place.Offset and Place.Length in
// characters.
func Compile(src string, env Env) (rel.Expr, error) {
	root, err := Parse(src)
	if err != nil {
		return nil, err
	}
	b := binder{env: env}
	e := b.bind(root)
	if err := b.wrong(); err != nil {
		return nil, err
	}
	if rel.Size(e) > MaxNodes {
		return nil, fail(root.Span, errTooLarge, errs.P{"most": MaxNodes})
	}
	return e, nil
}

// binder turns nodes into expressions. Its methods return nil where an error
// was noted.
type binder struct {
	env  Env
	errs errs.List
}

// fail notes an error at a place; places inside the error win.
func (b *binder) fail(at Span, err error) rel.Expr {
	b.errs.Add(errs.At(err, place(at)))
	return nil
}

// fold computes e where it is constant.
func (b *binder) fold(n *Node, e rel.Expr) rel.Expr {
	if b.env.NoFold {
		return e
	}
	out, err := function.Fold(e)
	if err != nil {
		return b.fail(n.Span, err)
	}
	return out
}

func (b *binder) bind(n *Node) rel.Expr {
	switch n.Kind {
	case Literal:
		if n.Value == nil && n.Text != "" {
			return b.fail(n.Span, errs.New(errs.Invalid, errNumberRange, errs.P{"found": shorten(n.Text)}))
		}
		return rel.Lit(n.Value)
	case Column:
		return b.column(n)
	case Label:
		return b.label(n)
	case Variable:
		return b.variable(n)
	case Call:
		return b.call(n)
	case Case:
		return b.caseOf(n)
	default:
		return b.cast(n)
	}
}

// bindAll binds several nodes; ok is false if any has an error.
func (b *binder) bindAll(nodes []*Node) (out []rel.Expr, ok bool) {
	out, ok = make([]rel.Expr, len(nodes)), true
	for i, a := range nodes {
		out[i] = b.bind(a)
		ok = ok && out[i] != nil
	}
	return out, ok
}

func (b *binder) variable(n *Node) rel.Expr {
	if p, ok := b.env.Variables[n.Text]; ok {
		return &p
	}
	names := slices.Sorted(maps.Keys(b.env.Variables))
	for _, name := range names {
		if rel.Fold(name) == rel.Fold(n.Text) {
			p := b.env.Variables[name]
			return &p
		}
	}
	return b.fail(n.Span, errs.New(errs.Invalid, errNoVariable, errs.P{
		"variable": "$" + n.Text, "suggest": errs.Suggest(n.Text, names),
	}))
}

func (b *binder) call(n *Node) rel.Expr {
	fn, found := b.env.Functions.Lookup(n.Text)
	if !found {
		b.fail(n.Name, b.noFunction(n))
	}
	args, ok := b.bindAll(n.Args)
	if !found || !ok {
		return nil
	}
	if fn.Name == "||" && allBoolean(args) {
		return b.fail(n.Name, errs.New(errs.Invalid, errOrMeant, nil))
	}
	call, err := fn.Call(args...)
	if err != nil {
		at := n.Span
		if a, ok := errors.AsType[*rel.ArgError](err); ok && a.Index < len(n.Args) {
			at = n.Args[a.Index].Span
		}
		return b.fail(at, err)
	}
	for i := range call.Args {
		if call.Args[i] = b.converted(n.Args[i], args[i], call.Args[i]); call.Args[i] == nil {
			return nil
		}
	}
	return b.fold(n, call)
}

// converted folds the conversion that was put around an argument.
func (b *binder) converted(n *Node, before, after rel.Expr) rel.Expr {
	if before == after {
		return after
	}
	return b.fold(n, after)
}

func allBoolean(args []rel.Expr) bool {
	return !slices.ContainsFunc(args, func(e rel.Expr) bool { return e.Type() != rel.Boolean })
}

// caseOf binds case; case x when v becomes case when x = v.
func (b *binder) caseOf(n *Node) rel.Expr {
	parts, ok := b.bindAll(n.Args)
	if !ok {
		return nil
	}
	nodes := n.Args
	var operand rel.Expr
	if n.HasOperand {
		operand, parts, nodes = parts[0], parts[1:], nodes[1:]
	}
	as, ok := b.branchType(n, parts, nodes)
	if !ok {
		return nil
	}
	c := &rel.Case{As: as}
	for i := 0; i+1 < len(parts); i += 2 {
		cond := b.condition(nodes[i], operand, parts[i])
		then := b.converted(nodes[i+1], parts[i+1], rel.Convert(parts[i+1], as))
		if cond == nil || then == nil {
			return nil
		}
		c.Whens = append(c.Whens, rel.When{If: cond, Then: then})
	}
	if n.HasElse {
		end := len(parts) - 1
		if c.Else = b.converted(nodes[end], parts[end], rel.Convert(parts[end], as)); c.Else == nil {
			return nil
		}
	}
	return b.fold(n, c)
}

// branchType is the common type of all then and else.
func (b *binder) branchType(n *Node, parts []rel.Expr, nodes []*Node) (rel.Type, bool) {
	as := rel.Null
	for i, p := range parts {
		if isElse := n.HasElse && i == len(parts)-1; i%2 == 0 && !isElse {
			continue
		}
		t, ok := rel.Common(as, p.Type())
		if !ok {
			b.fail(nodes[i].Span, errs.New(errs.Invalid, errBranches, errs.P{"left": as, "right": p.Type()}))
			return as, false
		}
		as = t
	}
	return as, true
}

// condition is what must be true for a branch.
func (b *binder) condition(n *Node, operand, when rel.Expr) rel.Expr {
	if operand != nil {
		call, err := b.env.Functions.Must("=").Call(operand, when)
		if err != nil {
			return b.fail(n.Span, err)
		}
		if call.Args[0] = b.converted(n, operand, call.Args[0]); call.Args[0] == nil {
			return nil
		}
		if call.Args[1] = b.converted(n, when, call.Args[1]); call.Args[1] == nil {
			return nil
		}
		return b.fold(n, call)
	}
	switch t := when.Type(); t {
	case rel.Boolean:
		return when
	case rel.Null:
		return rel.NullOf(rel.Boolean)
	default:
		return b.fail(n.Span, errs.New(errs.Invalid, errCondition, errs.P{"found": t}))
	}
}

// cast binds a cast. A number that is cast to decimal is read exactly, as it
// was typed, unless it stands in brackets.
func (b *binder) cast(n *Node) rel.Expr {
	x := n.Args[0]
	if x.Kind == Literal && x.Text != "" && !x.bracketed && n.Type.ID == rel.DecimalID {
		v, ok := function.ParseValue(x.Text, n.Type)
		if ok && v != nil {
			return &rel.Literal{Value: v, As: n.Type}
		}
		if !n.Try {
			return b.fail(n.Span, function.Misfit(shorten(x.Text), n.Type))
		}
		return rel.NullOf(n.Type)
	}
	e := b.bind(x)
	if e == nil {
		return nil
	}
	if err := function.CheckCast(e.Type(), n.Type); err != nil {
		return b.fail(n.Span, err)
	}
	if e.Type() == n.Type {
		return e
	}
	if l, ok := e.(*rel.Literal); ok && l.Value == nil {
		return rel.NullOf(n.Type)
	}
	return b.fold(n, &rel.Cast{X: e, To: n.Type, Try: n.Try})
}
