package function

import (
	"cmp"
	"math"
	"math/big"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var errOverflow = errs.Message{
	ID: "function.overflow",
	En: "The result of {function} does not fit into {type}.",
	Ru: "Результат {function} не помещается в тип {type}.",
}

// overflow is the error of a result beyond its type.
func overflow(function string, t rel.Type) error {
	return errs.New(errs.Invalid, errOverflow, errs.P{"function": function, "type": t})
}

// Compare orders two values of one type that are not null: below, at or above
// zero. Texts are compared by their bytes, which is the order of characters;
// false comes before true.
func Compare(a, b rel.Value) int {
	switch a := a.(type) {
	case bool:
		return cmp.Compare(bit(a), bit(b.(bool)))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case rel.Dec:
		x, y := align(a, b.(rel.Dec))
		return x.Cmp(y)
	case string:
		return strings.Compare(a, b.(string))
	case rel.Day:
		return cmp.Compare(a, b.(rel.Day))
	case rel.Clock:
		return cmp.Compare(a, b.(rel.Clock))
	case rel.Stamp:
		return cmp.Compare(a, b.(rel.Stamp))
	case rel.Instant:
		return cmp.Compare(a, b.(rel.Instant))
	default:
		return 0
	}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// pow10 returns 10^n.
func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// align brings two decimals to one scale and returns their digits.
func align(a, b rel.Dec) (x, y *big.Int) {
	scale := max(a.Scale, b.Scale)
	return rescale(a, scale).Unscaled, rescale(b, scale).Unscaled
}

// rescale gives a decimal another scale, rounding half away from zero.
func rescale(d rel.Dec, scale int) rel.Dec {
	if scale >= d.Scale {
		return rel.Dec{Unscaled: new(big.Int).Mul(d.Unscaled, pow10(scale-d.Scale)), Scale: scale}
	}
	unit := pow10(d.Scale - scale)
	half := new(big.Int).Rsh(unit, 1)
	if d.Unscaled.Sign() < 0 {
		half.Neg(half)
	}
	sum := half.Add(half, d.Unscaled)
	return rel.Dec{Unscaled: sum.Quo(sum, unit), Scale: scale}
}

// toReal returns the real nearest to a decimal.
func toReal(d rel.Dec) float64 {
	f, _ := new(big.Rat).SetFrac(d.Unscaled, pow10(d.Scale)).Float64()
	return f
}

// finite returns null in place of NaN and infinity.
func finite(f float64) rel.Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

// calculate does one step of arithmetic in the family of its arguments.
func calculate(name string, args []rel.Value,
	whole func(z, x, y *big.Int) *big.Int, real func(x, y float64) float64,
) (rel.Value, error) {
	switch a := args[0].(type) {
	case int64:
		z := whole(new(big.Int), big.NewInt(a), big.NewInt(args[1].(int64)))
		if !z.IsInt64() {
			return nil, overflow(name, rel.Integer)
		}
		return z.Int64(), nil
	case rel.Dec:
		b := args[1].(rel.Dec)
		if name == "*" {
			return rel.Dec{Unscaled: whole(new(big.Int), a.Unscaled, b.Unscaled), Scale: a.Scale + b.Scale}, nil
		}
		x, y := align(a, b)
		return rel.Dec{Unscaled: whole(new(big.Int), x, y), Scale: max(a.Scale, b.Scale)}, nil
	default:
		return finite(real(args[0].(float64), args[1].(float64))), nil
	}
}

func add(args []rel.Value) (rel.Value, error) {
	if moment(args[0]) {
		return moveDays(args[0], args[1], 1)
	}
	if moment(args[1]) {
		return moveDays(args[1], args[0], 1)
	}
	return calculate("+", args, (*big.Int).Add, func(x, y float64) float64 { return x + y })
}

func subtract(args []rel.Value) (rel.Value, error) {
	switch {
	case moment(args[0]) && moment(args[1]):
		return daysApart(args[0], args[1])
	case moment(args[0]):
		return moveDays(args[0], args[1], -1)
	default:
		return calculate("-", args, (*big.Int).Sub, func(x, y float64) float64 { return x - y })
	}
}

func multiply(args []rel.Value) (rel.Value, error) {
	return calculate("*", args, (*big.Int).Mul, func(x, y float64) float64 { return x * y })
}

func divide(args []rel.Value) (rel.Value, error) {
	if args[1].(float64) == 0 {
		return nil, nil
	}
	return finite(args[0].(float64) / args[1].(float64)), nil
}

func modulo(args []rel.Value) (rel.Value, error) {
	switch b := args[1].(type) {
	case int64:
		if b == 0 {
			return nil, nil
		}
	case rel.Dec:
		if b.Unscaled.Sign() == 0 {
			return nil, nil
		}
	}
	return calculate("%", args, (*big.Int).Rem, math.Mod)
}

func negate(args []rel.Value) (rel.Value, error) {
	switch x := args[0].(type) {
	case int64:
		if x == math.MinInt64 {
			return nil, overflow("neg", rel.Integer)
		}
		return -x, nil
	case rel.Dec:
		return rel.Dec{Unscaled: new(big.Int).Neg(x.Unscaled), Scale: x.Scale}, nil
	default:
		return -x.(float64), nil
	}
}

func absolute(args []rel.Value) (rel.Value, error) {
	switch x := args[0].(type) {
	case int64:
		if x == math.MinInt64 {
			return nil, overflow("abs", rel.Integer)
		}
		return max(x, -x), nil
	case rel.Dec:
		return rel.Dec{Unscaled: new(big.Int).Abs(x.Unscaled), Scale: x.Scale}, nil
	default:
		return math.Abs(x.(float64)), nil
	}
}

func sign(args []rel.Value) (rel.Value, error) {
	switch x := args[0].(type) {
	case int64:
		return int64(cmp.Compare(x, 0)), nil
	case rel.Dec:
		return int64(x.Unscaled.Sign()), nil
	default:
		return int64(cmp.Compare(x.(float64), 0)), nil
	}
}

func round(args []rel.Value) (rel.Value, error) {
	digits := int64(0)
	if len(args) > 1 {
		digits = args[1].(int64)
	}
	switch x := args[0].(type) {
	case int64:
		if digits >= 0 {
			return x, nil
		}
		if digits < -19 {
			return int64(0), nil
		}
		z := rescale(rel.Dec{Unscaled: big.NewInt(x)}, int(digits)).Unscaled
		if z.Mul(z, pow10(int(-digits))); !z.IsInt64() {
			return nil, overflow("round", rel.Integer)
		}
		return z.Int64(), nil
	case rel.Dec:
		if digits >= int64(x.Scale) {
			return x, nil
		}
		z := rescale(x, int(max(digits, -rel.MaxPrecision-1)))
		return rescale(z, max(int(digits), 0)), nil
	default:
		return roundReal(x.(float64), digits), nil
	}
}

// roundReal scales by a power of ten, rounds and scales back.
func roundReal(x float64, digits int64) rel.Value {
	unit := math.Pow(10, float64(min(max(digits, -400), 400)))
	if digits < 0 {
		unit = math.Pow(10, float64(min(-digits, 400)))
		return zeroIfNot(math.Round(x/unit) * unit)
	}
	if y := math.Round(x*unit) / unit; !math.IsNaN(y) && !math.IsInf(y, 0) {
		return y
	}
	return x
}

func zeroIfNot(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// towards makes floor, ceil and trunc: step is -1, +1 or 0.
func towards(step int, real func(float64) float64) eval {
	return func(args []rel.Value) (rel.Value, error) {
		switch x := args[0].(type) {
		case int64:
			return x, nil
		case rel.Dec:
			q, r := new(big.Int).QuoRem(x.Unscaled, pow10(x.Scale), new(big.Int))
			if r.Sign() == step && step != 0 {
				q.Add(q, big.NewInt(int64(step)))
			}
			return rel.Dec{Unscaled: q}, nil
		default:
			return real(x.(float64)), nil
		}
	}
}

// extreme makes greatest (+1) and least (-1).
func extreme(direction int) eval {
	return func(args []rel.Value) (rel.Value, error) {
		out := args[0]
		for _, a := range args[1:] {
			if Compare(a, out)*direction > 0 {
				out = a
			}
		}
		return out, nil
	}
}

// real1 makes a function of one real, null where it is not finite.
func real1(f func(float64) float64) eval {
	return strict(func(args []rel.Value) (rel.Value, error) { return finite(f(args[0].(float64))), nil })
}

// real2 is likewise for two reals.
func real2(f func(x, y float64) float64) eval {
	return strict(func(args []rel.Value) (rel.Value, error) {
		return finite(f(args[0].(float64), args[1].(float64))), nil
	})
}
