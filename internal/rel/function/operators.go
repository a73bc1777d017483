package function

import "github.com/weftworks/weft/internal/rel"

// addable is what + and - take.
func addable() rel.Accepts {
	return rel.Accepts{rel.IntegerID, rel.DecimalID, rel.RealID, rel.DateID, rel.TimestampID, rel.TimestampTZID}
}

func arithmetic() []*rel.Function {
	return []*rel.Function{
		{
			Name: "+", Params: params(p("a", addable()), p("b", addable())), Nulls: rel.NullNotFinite,
			Overload: addForms, Eval: add, Rows: []string{"F-004"},
			Help: help("Sum of two numbers. A date plus a number is the date that many days later.",
				"Сумма двух чисел. Дата плюс число — дата на столько дней позже."),
			Cases: append(cases("1 + 2", "3", "date '2020-02-28' + 2", "date '2020-03-01'", "1 + null", "null",
				"0.5 + 1", "1.5"),
				hidden("9223372036854775806 + 1", "9223372036854775807",
					"cast(1.50 as decimal(10,2)) + 1", "2.50",
					"cast(1.5 as decimal(10,1)) + cast(0.25 as decimal(10,2))", "1.75",
					"1e308 + 1e308", "null",
					"2 + date '2020-02-28'", "date '2020-03-01'",
					"date '2020-01-01' + 0.5", "timestamp '2020-01-01 12:00:00'",
					"timestamp '2020-01-01 12:00:00' + 1.25", "timestamp '2020-01-02 18:00:00'",
					"timestamp '2020-01-01 12:00:00' + 1", "timestamp '2020-01-02 12:00:00'",
					"date '2020-01-01' + null", "null")...),
		},
		{
			Name: "-", Params: params(p("a", addable()), p("b", addable())), Nulls: rel.NullNotFinite,
			Overload: subtractForms, Eval: subtract, Rows: []string{"F-004"},
			Help: help("Difference of two numbers. A date minus a date is a number of days; of timestamps, with the fraction of a day.",
				"Разность двух чисел. Дата минус дата — число дней; для отметок времени — с долей дня."),
			Cases: append(cases("5 - 7", "-2", "date '2020-03-01' - date '2020-02-28'", "2",
				"date '2020-03-01' - 1", "date '2020-02-29'", "null - 1", "null"),
				hidden("timestamp '2020-01-02 12:00:00' - timestamp '2020-01-01 00:00:00'", "1.5",
					"timestamp '2020-01-02 12:00:00' - date '2020-01-01'", "1.5",
					"timestamp '2020-01-02 12:00:00' - 0.5", "timestamp '2020-01-02 00:00:00'",
					"-9223372036854775807 - 1", "-9223372036854775808",
					"cast(1 as decimal(5,2)) - cast(0.125 as decimal(5,3))", "0.875")...),
		},
		{
			Name: "*", Params: params(p("a", rel.Number), p("b", rel.Number)), Nulls: rel.NullNotFinite,
			Overload: multiplyForms, Eval: multiply, Rows: []string{"F-004"},
			Help: help("Product of two numbers.", "Произведение двух чисел."),
			Cases: append(cases("6 * 7", "42", "1.5 * 2", "3.0", "2 * null", "null"),
				hidden("cast(1.10 as decimal(10,2)) * cast(1.1 as decimal(10,1))", "1.210", "1e200 * 1e200", "null",
					"-3037000500 * 3037000499", "-9223372033963249500",
					"cast(0.10 as decimal(10,2)) * 3", "0.30")...),
		},
		{
			Name: "/", Params: params(p("a", rel.Reals), p("b", rel.Reals)), Nulls: rel.NullMaybe,
			Returns: rel.Real, Eval: strict(divide), Rows: []string{"F-004"},
			Help: help("Quotient of two numbers, always real. Division by zero gives null.",
				"Частное двух чисел, всегда вещественное. Деление на ноль даёт null."),
			Cases: append(cases("7 / 2", "3.5", "1 / 0", "null", "null / 2", "null"),
				hidden("0 / 0", "null", "1e300 / 1e-300", "null", "cast(1 as decimal(5,2)) / 4", "0.25", "-6 / 3", "-2.0")...),
		},
		{
			Name: "%", Aliases: []string{"mod"}, Params: params(p("a", rel.Number), p("b", rel.Number)), Nulls: rel.NullMaybe,
			Overload: moduloForms, Eval: strict(modulo), Rows: []string{"F-083"},
			Help: help("Remainder of a division, with the sign of the first number. By zero: null.",
				"Остаток от деления, со знаком первого числа. При делении на ноль — null."),
			Cases: append(cases("7 % 3", "1", "-7 % 3", "-1", "7 % 0", "null", "mod(7, null)", "null"),
				hidden("7.5 % 2", "1.5", "7.5 % 0", "null", "cast(7.5 as decimal(3,1)) % 2", "1.5",
					"-9223372036854775808 % -1", "0", "7 % -3", "1")...),
		},
		{
			Name: "neg", Params: params(p("x", rel.Number)), Result: first, Eval: negate, Rows: []string{"F-004"},
			Help: help("The number with the other sign; written -x.", "Число с обратным знаком; записывается -x."),
			Cases: append(cases("-(3)", "-3", "-(null)", "null"),
				hidden("neg(1.5)", "-1.5", "neg(cast(1.50 as decimal(5,2)))", "-1.50", "neg(9223372036854775807)", "-9223372036854775807")...),
		},
		{
			Name: "||", Params: params(rel.Parameter{Name: "a", Spell: true}, rel.Parameter{Name: "b", Spell: true}),
			Variadic: true, Returns: rel.String, Eval: joinTexts, Rows: []string{"F-121"},
			Help: help("Texts one after the other; other types are spelled as text. Null if any part is null.",
				"Соединяет тексты; значения других типов записываются текстом. Если часть — null, результат — null."),
			Cases: append(cases("'a' || 'b'", "'ab'", "'n' || 1", "'n1'", "'a' || null", "null"),
				hidden("'' || ''", "''", "'a' || 'б' || true || date '2020-01-31'", "'aбtrue2020-01-31'", "1.5 || ''", "'1.5'")...),
		},
	}
}

// compareHelp words one comparison.
func compare(name, en, ru string, eval eval, examples []rel.Example) *rel.Function {
	return &rel.Function{
		Name: name, Params: params(p("a", rel.Any), p("b", rel.Any)), Unify: true, Returns: rel.Boolean,
		Eval: eval, Rows: []string{"F-005"}, Help: help(en, ru), Cases: examples,
	}
}

func comparison() []*rel.Function {
	return []*rel.Function{
		compare("=", "True if both are equal. Null equals nothing, not even null: use is null.",
			"Истина, если значения равны. Null ничему не равен, даже null: используйте is null.",
			ordered(func(c int) bool { return c == 0 }),
			append(cases("1 = 1.0", "true", "'a' = 'A'", "false", "null = null", "null"),
				hidden("date '2020-01-01' = timestamp '2020-01-01 00:00:00'", "true", "0.0 = -0.0", "true",
					"cast(1.50 as decimal(5,2)) = 1.5", "true", "true = false", "false", "'é' = 'e'", "false")...)),
		compare("<>", "True if the two differ.", "Истина, если значения различны.",
			ordered(func(c int) bool { return c != 0 }), cases("1 <> 2", "true", "'a' <> null", "null", "'' <> ' '", "true")),
		compare("<", "True if the first is less. Texts are compared character by character.",
			"Истина, если первое меньше. Тексты сравниваются посимвольно.",
			ordered(func(c int) bool { return c < 0 }),
			append(cases("1 < 2", "true", "'B' < 'a'", "true", "null < 1", "null"),
				hidden("'a' < 'ab'", "true", "'z' < 'é'", "true", "'я' < '😀'", "true", "false < true", "true",
					"time '10:00:00' < time '09:00:00'", "false", "cast(1.5 as decimal(5,1)) < cast(1.25 as decimal(5,2))", "false")...)),
		compare("<=", "True if the first is less or equal.", "Истина, если первое меньше или равно.",
			ordered(func(c int) bool { return c <= 0 }), cases("2 <= 2", "true", "2.5 <= 2", "false", "null <= 1", "null")),
		compare(">", "True if the first is greater.", "Истина, если первое больше.",
			ordered(func(c int) bool { return c > 0 }), cases("date '2020-01-02' > date '2020-01-01'", "true", "1 > null", "null", "1 > 1", "false")),
		compare(">=", "True if the first is greater or equal.", "Истина, если первое больше или равно.",
			ordered(func(c int) bool { return c >= 0 }), cases("2 >= 2", "true", "'a' >= 'b'", "false", "null >= null", "null")),
		{
			Name: "between", Params: params(p("x", rel.Any), p("low", rel.Any), p("high", rel.Any)), Unify: true,
			Returns: rel.Boolean, Nulls: rel.NullSome, Eval: between, Rows: []string{"F-005"},
			Help: help("True if x lies between two values, both included; written x between low and high.",
				"Истина, если x лежит между двумя значениями, включая их; записывается x between low and high."),
			Cases: append(cases("2 between 1 and 3", "true", "3 between 1 and 2.5", "false", "null between 1 and 2", "null"),
				hidden("1 between 1 and 1", "true", "5 between null and 3", "false", "2 between null and 3", "null",
					"2 not between 1 and 3", "false", "'b' between 'a' and 'c'", "true")...),
		},
		{
			Name: "in", Params: params(p("x", rel.Any), p("item", rel.Any)), Variadic: true, Unify: true,
			Returns: rel.Boolean, Nulls: rel.NullSome, Eval: in, Rows: []string{"F-052"},
			Help: help("True if x equals one of the items; written x in (a, b).",
				"Истина, если x равен одному из значений; записывается x in (a, b)."),
			Cases: append(cases("2 in (1, 2, 3)", "true", "'x' in ('a', 'b')", "false", "null in (1)", "null"),
				hidden("1 in (null, 1)", "true", "2 in (1, null)", "null", "2 not in (1, 3)", "true", "2 not in (1, null)", "null",
					"1 in (1.0)", "true")...),
		},
		{
			Name: "like", Params: params(p("text", rel.Texts), p("pattern", rel.Texts)), Returns: rel.Boolean,
			Eval: like(false), Rows: []string{"F-005"},
			Help: help("True if the whole text fits the pattern: % stands for any text, _ for one character.",
				"Истина, если весь текст подходит под образец: % — любой текст, _ — один символ."),
			Cases: append(cases("'Moscow' like 'Mos%'", "true", "'cat' like '_at'", "true", "'Cat' like 'c%'", "false", "null like 'a'", "null"),
				hidden("'' like '%'", "true", "'яблоко' like '_блок_'", "true", "'ab' like 'a'", "false", "'a.c' like 'a_c'", "true",
					"'axbxc' like 'a%b%c'", "true", "'x' not like 'y'", "true")...),
		},
		{
			Name: "ilike", Params: params(p("text", rel.Texts), p("pattern", rel.Texts)), Returns: rel.Boolean,
			Eval: like(true), Rows: []string{"F-005"},
			Help: help("As like, without regard to case.", "Как like, без учёта регистра."),
			Cases: append(cases("'Moscow' ilike 'mos%'", "true", "'ЯБЛОКО' ilike 'яб%'", "true", "'a' ilike null", "null"),
				hidden("'a' ilike 'b'", "false")...),
		},
		{
			Name: "is_null", Params: params(p("x", rel.Any)), Returns: rel.Boolean, Nulls: rel.NullNever,
			Eval: func(a []rel.Value) (rel.Value, error) { return a[0] == nil, nil }, Rows: []string{"F-053"},
			Help:  help("True if x is null; written x is null.", "Истина, если x — null; записывается x is null."),
			Cases: cases("null is null", "true", "'' is null", "false", "is_null(1 / 0)", "true"),
		},
		{
			Name: "is_not_null", Params: params(p("x", rel.Any)), Returns: rel.Boolean, Nulls: rel.NullNever,
			Eval: func(a []rel.Value) (rel.Value, error) { return a[0] != nil, nil }, Rows: []string{"F-053"},
			Help:  help("True if x is not null; written x is not null.", "Истина, если x — не null; записывается x is not null."),
			Cases: cases("null is not null", "false", "'' is not null", "true"),
		},
	}
}

func boolean() []*rel.Function {
	return []*rel.Function{
		{
			Name: "and", Params: params(p("a", rel.Booleans), p("b", rel.Booleans)), Variadic: true, Returns: rel.Boolean,
			Nulls: rel.NullSome, Eval: allTrue, Rows: []string{"F-006"},
			Help: help("True if all conditions are true.", "Истина, если все условия истинны."),
			Cases: append(cases("true and false", "false", "true and null", "null", "false and null", "false"),
				hidden("true and true and true", "true", "null and null", "null", "true and null and false", "false")...),
		},
		{
			Name: "or", Params: params(p("a", rel.Booleans), p("b", rel.Booleans)), Variadic: true, Returns: rel.Boolean,
			Nulls: rel.NullSome, Eval: anyTrue, Rows: []string{"F-006"},
			Help: help("True if at least one condition is true.", "Истина, если истинно хотя бы одно условие."),
			Cases: append(cases("true or false", "true", "true or null", "true", "false or null", "null"),
				hidden("false or false", "false", "true or false and false", "true")...),
		},
		{
			Name: "not", Params: params(p("x", rel.Booleans)), Returns: rel.Boolean, Rows: []string{"F-006"},
			Eval:  func(a []rel.Value) (rel.Value, error) { return !a[0].(bool), nil },
			Help:  help("True if the condition is false.", "Истина, если условие ложно."),
			Cases: cases("not true", "false", "not null", "null", "not 1 = 2", "true"),
		},
	}
}
