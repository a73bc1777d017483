package function

import (
	"errors"
	"math"
	"slices"

	"github.com/weftworks/weft/internal/rel"
)

// Fold computes e where all it is made of is constant, and returns e itself
// where that is not so, or where the work is the engine's. It looks at e and
// its direct parts alone: fold the parts first. A value that cannot be
// computed (an overflow, a cast that fails) is an *errs.Error.
func Fold(e rel.Expr) (rel.Expr, error) {
	switch x := e.(type) {
	case *rel.Call:
		return foldCall(x)
	case *rel.Cast:
		return foldCast(x)
	case *rel.Case:
		return foldCase(x), nil
	default:
		return e, nil
	}
}

func foldCall(c *rel.Call) (rel.Expr, error) {
	if c.Func.Volatile || c.Func.Eval == nil {
		return c, nil
	}
	args := make([]rel.Value, len(c.Args))
	for i, a := range c.Args {
		l, ok := a.(*rel.Literal)
		if !ok {
			return c, nil
		}
		args[i] = l.Value
	}
	v, err := Apply(c.Func, args)
	if err == nil {
		v, err = fit(c.Func.Name, v, c.As)
	}
	return literal(c, v, err)
}

// Apply computes a function of values that have the types of its parameters.
func Apply(f *rel.Function, args []rel.Value) (rel.Value, error) {
	if (f.Nulls == rel.NullIfAny || f.Nulls == rel.NullNotFinite) && slices.Contains(args, nil) {
		return nil, nil
	}
	return f.Eval(args)
}

// literal puts a computed value in the place of e.
func literal(e rel.Expr, v rel.Value, err error) (rel.Expr, error) {
	switch {
	case errors.Is(err, rel.ErrNotFolded):
		return e, nil
	case err != nil:
		return nil, err
	default:
		return &rel.Literal{Value: v, As: e.Type()}, nil
	}
}

// fit brings a computed value to the scale of its type, and holds the ranges.
func fit(name string, v rel.Value, t rel.Type) (rel.Value, error) {
	switch x := v.(type) {
	case rel.Dec:
		d := rescale(x, int(t.Scale))
		if !holds(t, d) {
			return nil, overflow(name, t)
		}
		return d, nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, nil
		}
	}
	return v, nil
}

// holds reports whether a decimal of the type's scale has no more digits than
// the type.
func holds(t rel.Type, d rel.Dec) bool {
	return d.Unscaled.CmpAbs(pow10(int(t.Precision))) < 0
}

func foldCast(c *rel.Cast) (rel.Expr, error) {
	l, ok := c.X.(*rel.Literal)
	if !ok || c.How != nil {
		return c, nil
	}
	v, err := CastValue(l.Value, c.To)
	if c.Try && err != nil && !errors.Is(err, rel.ErrNotFolded) {
		v, err = nil, nil
	}
	return literal(c, v, err)
}

// foldCase drops branches that cannot be and ends at one that must be.
func foldCase(c *rel.Case) rel.Expr {
	kept := make([]rel.When, 0, len(c.Whens))
	otherwise := c.Else
	for _, w := range c.Whens {
		l, ok := w.If.(*rel.Literal)
		if !ok {
			kept = append(kept, w)
			continue
		}
		if l.Value == true {
			otherwise = w.Then
			break
		}
	}
	switch {
	case len(kept) == len(c.Whens):
		return c
	case len(kept) > 0:
		return &rel.Case{Whens: kept, Else: otherwise, As: c.As}
	case otherwise == nil:
		return rel.NullOf(c.As)
	default:
		return otherwise
	}
}
