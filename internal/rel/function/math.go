package function

import (
	"math"

	"github.com/weftworks/weft/internal/rel"
)

// realFunction makes a function of one real that may have no value.
func realFunction(name, en, ru, row string, f func(float64) float64, examples []rel.Example) *rel.Function {
	fn := &rel.Function{
		Name: name, Params: params(p("x", rel.Reals)), Returns: rel.Real, Nulls: rel.NullMaybe,
		Eval: real1(f), Help: help(en, ru), Cases: examples,
	}
	if row != "" {
		fn.Rows = []string{row}
	}
	return fn
}

func mathematics() []*rel.Function {
	return append(rounding(), []*rel.Function{
		realFunction("sqrt", "Square root; null of a negative number.", "Квадратный корень; от отрицательного числа — null.", "F-079",
			math.Sqrt, cases("sqrt(9)", "3.0", "sqrt(-1)", "null", "sqrt(null)", "null")),
		realFunction("exp", "The number e to the power of x; null where it is too large.", "Экспонента, e в степени x; слишком большое значение — null.", "F-075",
			math.Exp, cases("exp(0)", "1.0", "exp(1000)", "null", "exp(null)", "null")),
		realFunction("ln", "Natural logarithm; null unless x is positive.", "Натуральный логарифм; если x не положителен — null.", "F-076",
			math.Log, cases("ln(1)", "0.0", "ln(0)", "null", "ln(-1)", "null", "ln(null)", "null")),
		realFunction("log10", "Logarithm to base 10; null unless x is positive.", "Десятичный логарифм; если x не положителен — null.", "F-077",
			math.Log10, cases("log10(1000)", "3.0", "log10(0)", "null", "log10(null)", "null")),
		realFunction("log2", "Logarithm to base 2; null unless x is positive.", "Двоичный логарифм; если x не положителен — null.", "F-077",
			math.Log2, cases("log2(8)", "3.0", "log2(-8)", "null", "log2(null)", "null")),
		{
			Name: "log", Params: params(p("base", rel.Reals), p("x", rel.Reals)), Returns: rel.Real, Nulls: rel.NullMaybe,
			Eval: real2(logarithm), Rows: []string{"F-077"},
			Help: help("Logarithm of x to a base; null unless both are positive and the base is not 1.",
				"Логарифм x по основанию; null, если числа не положительны или основание равно 1."),
			Cases: append(cases("round(log(3, 81), 9)", "4.0", "log(1, 5)", "null", "log(10, 0)", "null", "log(null, 5)", "null"),
				hidden("log(-2, 4)", "null", "log(2, 1)", "0.0")...),
		},
		{
			Name: "power", Aliases: []string{"pow"}, Params: params(p("x", rel.Reals), p("exponent", rel.Reals)),
			Returns: rel.Real, Nulls: rel.NullMaybe, Eval: real2(math.Pow), Rows: []string{"F-078"},
			Help: help("x to the power of exponent; null where there is no finite value.",
				"x в степени exponent; null, если конечного значения нет."),
			Cases: append(cases("power(2, 10)", "1024.0", "power(10, 400)", "null", "power(-8, 0.5)", "null", "power(2, null)", "null"),
				hidden("power(0, -1)", "null", "power(0, 0)", "1.0", "power(4, -0.5)", "0.5")...),
		},
		realFunction("sin", "Sine of an angle in radians.", "Синус угла в радианах.", "F-074", math.Sin,
			cases("sin(0)", "0.0", "round(sin(pi() / 2), 9)", "1.0", "sin(null)", "null")),
		realFunction("cos", "Cosine of an angle in radians.", "Косинус угла в радианах.", "F-074", math.Cos,
			cases("cos(0)", "1.0", "round(cos(pi()), 9)", "-1.0", "cos(null)", "null")),
		realFunction("tan", "Tangent of an angle in radians.", "Тангенс угла в радианах.", "F-074", math.Tan,
			cases("tan(0)", "0.0", "round(tan(pi() / 4), 9)", "1.0", "tan(null)", "null")),
		realFunction("asin", "Arc sine in radians; null outside -1 to 1.", "Арксинус в радианах; вне отрезка от -1 до 1 — null.", "F-073", math.Asin,
			cases("asin(0)", "0.0", "asin(2)", "null", "asin(null)", "null")),
		realFunction("acos", "Arc cosine in radians; null outside -1 to 1.", "Арккосинус в радианах; вне отрезка от -1 до 1 — null.", "F-073", math.Acos,
			cases("acos(1)", "0.0", "acos(-1.5)", "null", "acos(null)", "null")),
		realFunction("atan", "Arc tangent in radians.", "Арктангенс в радианах.", "F-073", math.Atan,
			cases("atan(0)", "0.0", "round(atan(1) * 4 - pi(), 9)", "0.0", "atan(null)", "null")),
		{
			Name: "atan2", Params: params(p("y", rel.Reals), p("x", rel.Reals)), Returns: rel.Real, Nulls: rel.NullMaybe,
			Eval: real2(math.Atan2), Rows: []string{"F-073"},
			Help:  help("Angle of the point (x, y) in radians, -pi to pi.", "Угол точки (x, y) в радианах, от -pi до pi."),
			Cases: cases("atan2(0, 1)", "0.0", "round(atan2(1, 0) * 2 - pi(), 9)", "0.0", "atan2(null, 1)", "null"),
		},
		realFunction("degrees", "Radians as degrees.", "Перевод радианов в градусы.", "", func(x float64) float64 { return x * (180 / math.Pi) },
			cases("round(degrees(pi()), 9)", "180.0", "degrees(null)", "null")),
		realFunction("radians", "Degrees as radians.", "Перевод градусов в радианы.", "", func(x float64) float64 { return x * (math.Pi / 180) },
			cases("round(radians(180) - pi(), 9)", "0.0", "radians(null)", "null")),
		{
			Name: "pi", Returns: rel.Real, Nulls: rel.NullNever, Rows: []string{"F-086"},
			Eval:  func([]rel.Value) (rel.Value, error) { return math.Pi, nil },
			Help:  help("The number pi.", "Число пи."),
			Cases: cases("pi()", "3.141592653589793", "round(pi(), 2)", "3.14"),
		},
		{
			Name: "greatest", Params: params(p("x", rel.Any)), Variadic: true, Unify: true, Result: first,
			Eval: extreme(1), Rows: []string{"F-101"},
			Help: help("The greatest of the values; null if any of them is null.",
				"Наибольшее из значений; null, если среди них есть null."),
			Cases: append(cases("greatest(1, 3, 2)", "3", "greatest('a', 'b')", "'b'", "greatest(1, null)", "null"),
				hidden("greatest(1, 2.5)", "2.5", "greatest(date '2020-01-01', date '2019-01-01')", "date '2020-01-01'", "greatest(7)", "7")...),
		},
		{
			Name: "least", Params: params(p("x", rel.Any)), Variadic: true, Unify: true, Result: first,
			Eval: extreme(-1), Rows: []string{"F-101"},
			Help: help("The least of the values; null if any of them is null.",
				"Наименьшее из значений; null, если среди них есть null."),
			Cases: append(cases("least(2, 1, 3)", "1", "least('b', 'a')", "'a'", "least(null, 1)", "null"),
				hidden("least(1, 0.5)", "0.5")...),
		},
	}...)
}

// logarithm has a value where both are positive and the base is not 1.
func logarithm(base, x float64) float64 {
	if base <= 0 || x <= 0 || base == 1 {
		return math.NaN()
	}
	return math.Log(x) / math.Log(base)
}

func rounding() []*rel.Function {
	return []*rel.Function{
		{
			Name: "abs", Params: params(p("x", rel.Number)), Result: first, Eval: absolute, Rows: []string{"F-070"},
			Help: help("The number without its sign.", "Модуль числа."),
			Cases: append(cases("abs(-3)", "3", "abs(-2.5)", "2.5", "abs(null)", "null"),
				hidden("abs(cast(-1.50 as decimal(5,2)))", "1.50", "abs(-9223372036854775807)", "9223372036854775807")...),
		},
		{
			Name: "round", Params: params(p("x", rel.Number), opt("digits", rel.Integers)), Overload: roundForms,
			Eval: round, Rows: []string{"F-084"},
			Help: help("Rounded to so many digits after the point (0 if left out; negative: to tens, hundreds), halves away from zero.",
				"Округление до заданного числа знаков после запятой (по умолчанию 0, отрицательное — до десятков, сотен), половины — от нуля."),
			Cases: append(cases("round(2.5)", "3.0", "round(-2.5)", "-3.0", "round(3.14159, 2)", "3.14", "round(1250, -2)", "1300", "round(null)", "null"),
				hidden("round(-1250, -2)", "-1300", "round(7)", "7", "round(1.5, null)", "null",
					"round(cast(2.345 as decimal(10,3)), 2)", "2.35", "round(cast(-2.345 as decimal(10,3)), 2)", "-2.35",
					"round(cast(9.99 as decimal(3,2)), 1)", "10.0", "round(cast(9.99 as decimal(3,2)))", "10",
					"round(cast(155 as decimal(3,0)), -1)", "160", "round(1234.5, -2)", "1200.0", "round(5.5, 400)", "5.5",
					"round(1e300, 300)", "1e+300", "round(5, -30)", "0", "round(9223372036854775807, -13)", "9223370000000000000", "round(1.25, 5)", "1.25")...),
		},
		{
			Name: "floor", Params: params(p("x", rel.Number)), Overload: wholeForms, Eval: towards(-1, math.Floor),
			Help: help("The greatest whole number that is not above x.", "Наибольшее целое, не превосходящее x."),
			Cases: append(cases("floor(2.7)", "2.0", "floor(-2.1)", "-3.0", "floor(null)", "null"),
				hidden("floor(5)", "5", "floor(cast(-2.1 as decimal(5,1)))", "-3", "floor(cast(2.9 as decimal(5,1)))", "2")...),
		},
		{
			Name: "ceil", Aliases: []string{"ceiling"}, Params: params(p("x", rel.Number)), Overload: wholeForms, Eval: towards(1, math.Ceil),
			Help: help("The least whole number that is not below x.", "Наименьшее целое, не меньшее x."),
			Cases: append(cases("ceil(2.1)", "3.0", "ceil(-2.7)", "-2.0", "ceil(null)", "null"),
				hidden("ceil(5)", "5", "ceil(cast(9.1 as decimal(2,1)))", "10")...),
		},
		{
			Name: "trunc", Params: params(p("x", rel.Number)), Overload: wholeForms, Eval: towards(0, math.Trunc), Rows: []string{"F-081"},
			Help: help("The number without its fraction.", "Целая часть числа: дробная отбрасывается."),
			Cases: append(cases("trunc(2.7)", "2.0", "trunc(-2.7)", "-2.0", "trunc(null)", "null"),
				hidden("trunc(cast(-2.7 as decimal(5,1)))", "-2", "trunc(5)", "5")...),
		},
		{
			Name: "sign", Params: params(p("x", rel.Number)), Returns: rel.Integer, Eval: sign, Rows: []string{"F-085"},
			Help:  help("-1 for a negative number, 0 for zero, 1 for a positive one.", "-1 для отрицательного числа, 0 для нуля, 1 для положительного."),
			Cases: append(cases("sign(-5)", "-1", "sign(0.0)", "0", "sign(null)", "null"), hidden("sign(cast(0.01 as decimal(5,2)))", "1")...),
		},
	}
}
