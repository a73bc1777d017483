package function

import (
	"math/big"

	"github.com/weftworks/weft/internal/rel"
)

// Forms of the operators that take several combinations of types.

// shape returns the families of two arguments.
func shape(args []rel.Expr) (a, b rel.TypeID) { return args[0].Type().ID, args[1].Type().ID }

// decimalOf returns the decimal type that an exact argument counts as: that of
// its digits for a constant integer, 19 digits for any other.
func decimalOf(e rel.Expr) rel.Type {
	t := e.Type()
	if t.ID != rel.IntegerID {
		return t
	}
	if l, ok := e.(*rel.Literal); ok && l.Value != nil {
		return rel.TypeOf(rel.Dec{Unscaled: big.NewInt(l.Value.(int64))})
	}
	return rel.Decimal(19, 0)
}

// numbers is the form of two numbers: reals if one is, decimals if one is with
// the result that combine makes of theirs, else integers.
func numbers(args []rel.Expr, combine func(a, b rel.Type) rel.Type) ([]rel.Type, rel.Type, bool) {
	a, b := shape(args)
	switch {
	case !args[0].Type().Numeric() || !args[1].Type().Numeric():
		return nil, rel.Type{}, false
	case a == rel.RealID || b == rel.RealID:
		return []rel.Type{rel.Real, rel.Real}, rel.Real, true
	case a == rel.DecimalID || b == rel.DecimalID:
		x, y := decimalOf(args[0]), decimalOf(args[1])
		return []rel.Type{x, y}, combine(x, y), true
	default:
		return []rel.Type{rel.Integer, rel.Integer}, rel.Integer, true
	}
}

// sumType holds every sum and difference of two decimals, as far as 38 digits
// go.
func sumType(a, b rel.Type) rel.Type {
	scale := max(a.Scale, b.Scale)
	whole := max(a.Precision-a.Scale, b.Precision-b.Scale) + 1
	return rel.Decimal(int(whole)+int(scale), int(scale))
}

// productType holds every product of two decimals, as far as 38 digits go.
func productType(a, b rel.Type) rel.Type {
	return rel.Decimal(int(a.Precision)+int(b.Precision), int(a.Scale)+int(b.Scale))
}

// multiplyForms has none for decimals whose product needs more than 38 digits
// behind the point: it would not be exact.
func multiplyForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	to, result, ok := numbers(args, productType)
	if ok && result.ID == rel.DecimalID && int(to[0].Scale)+int(to[1].Scale) > rel.MaxPrecision {
		return nil, rel.Type{}, false
	}
	return to, result, ok
}

// moduloForms brings decimals to one type: engines turn to reals where the two
// are far apart.
func moduloForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	to, result, ok := numbers(args, func(a, b rel.Type) rel.Type {
		t, _ := rel.Common(a, b)
		return t
	})
	if ok {
		to[0], to[1] = result, result
	}
	return to, result, ok
}

// shift is the form of a moment moved by days: whole days keep a date a date.
func shift(moment rel.Type, days rel.TypeID) (m, d, result rel.Type) {
	if days == rel.IntegerID {
		return moment, rel.Integer, moment
	}
	if moment.ID == rel.DateID {
		moment = rel.Timestamp
	}
	return moment, rel.Real, moment
}

func addForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	a, b := args[0].Type(), args[1].Type()
	switch {
	case a.Temporal() && b.Numeric():
		m, d, result := shift(a, b.ID)
		return []rel.Type{m, d}, result, true
	case a.Numeric() && b.Temporal():
		m, d, result := shift(b, a.ID)
		return []rel.Type{d, m}, result, true
	default:
		return numbers(args, sumType)
	}
}

func subtractForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	a, b := args[0].Type(), args[1].Type()
	switch {
	case a.Temporal() && b.Numeric():
		m, d, result := shift(a, b.ID)
		return []rel.Type{m, d}, result, true
	case a == rel.Date && b == rel.Date:
		return []rel.Type{a, b}, rel.Integer, true
	case a.Temporal() && b.Temporal():
		t, ok := rel.Common(a, b)
		return []rel.Type{t, t}, rel.Real, ok
	default:
		return numbers(args, sumType)
	}
}

// roundForms gives a decimal as many digits as a constant asks for.
func roundForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	t := args[0].Type()
	to := []rel.Type{t}
	digits, known := int64(0), true
	if len(args) > 1 {
		to = append(to, rel.Integer)
		l, ok := args[1].(*rel.Literal)
		if known = ok && l.Value != nil; known {
			digits = l.Value.(int64)
		}
	}
	if t.ID != rel.DecimalID {
		return to, t, true
	}
	scale := int(t.Scale)
	if known {
		scale = int(min(max(digits, 0), int64(t.Scale)))
	}
	return to, rel.Decimal(int(t.Precision-t.Scale)+1+scale, scale), true
}

// wholeForms is for functions that drop a decimal's fraction.
func wholeForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	t := args[0].Type()
	if t.ID == rel.DecimalID {
		return []rel.Type{t}, rel.Decimal(int(t.Precision-t.Scale)+1, 0), true
	}
	return []rel.Type{t}, t, true
}

// unitForms is for functions of a unit and a moment, the last argument: a date
// becomes a timestamp where the unit is shorter than a day.
func unitForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	to := make([]rel.Type, len(args))
	for i, a := range args {
		to[i] = a.Type()
	}
	end := len(to) - 1
	if l, ok := args[0].(*rel.Literal); ok && to[end] == rel.Date && shorterThanDay(l.Value) {
		to[end] = rel.Timestamp
	}
	return to, to[end], true
}

// momentForms brings two moments to one type.
func momentForms(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
	n := len(args)
	t, ok := rel.Common(args[n-2].Type(), args[n-1].Type())
	to := make([]rel.Type, n)
	to[0] = rel.String
	to[n-2], to[n-1] = t, t
	return to, rel.Integer, ok
}

func shorterThanDay(unit rel.Value) bool {
	return unit == "hour" || unit == "minute" || unit == "second"
}
