package function

import "github.com/weftworks/weft/internal/rel"

func logic() []*rel.Function {
	return []*rel.Function{
		{
			Name: "if", Aliases: []string{"iif", "iff"},
			Params: params(p("condition", rel.Booleans), p("then", rel.Any), opt("else", rel.Any)),
			Unify:  true, Result: last, Nulls: rel.NullMaybe, Eval: choose, Rows: []string{"F-050", "F-051"},
			Help: help("The second value if the condition is true, otherwise the third, or null where there is none.",
				"Второе значение, если условие истинно, иначе третье, а если его нет — null."),
			Cases: append(cases("if(1 < 2, 'yes', 'no')", "'yes'", "if(null, 1, 2)", "2", "if(false, 1)", "null"),
				hidden("if(true, 1, 2.5)", "1.0", "if(true, null, 'a')", "null", "if(false, 1 / 0, 5)", "5.0")...),
		},
		{
			Name: "coalesce", Aliases: []string{"ifnull", "nvl"}, Params: params(p("x", rel.Any)), Variadic: true,
			Unify: true, Result: first, Nulls: rel.NullIfAll, Eval: firstNotNull, Rows: []string{"F-054"},
			Help: help("The first value that is not null.", "Первое значение, отличное от null."),
			Cases: append(cases("coalesce(null, 2, 3)", "2", "coalesce('', 'a')", "''", "coalesce(null, null)", "null"),
				hidden("coalesce(1, 2.5)", "1.0", "nvl(null, date '2020-01-01')", "date '2020-01-01'")...),
		},
		{
			Name: "nullif", Params: params(p("a", rel.Any), p("b", rel.Any)), Unify: true, Result: first,
			Nulls: rel.NullMaybe, Eval: nullIf,
			Help: help("Null if both are equal, otherwise the first.", "Null, если значения равны, иначе первое из них."),
			Cases: append(cases("nullif(5, 5)", "null", "nullif('a', 'b')", "'a'", "nullif(null, 1)", "null"),
				hidden("nullif(1, null)", "1", "nullif(1, 1.0)", "null")...),
		},
		{
			Name: "xor", Params: params(p("a", rel.Booleans), p("b", rel.Booleans)), Returns: rel.Boolean,
			Eval: func(a []rel.Value) (rel.Value, error) { return a[0] != a[1], nil }, Rows: []string{"F-006"},
			Help:  help("True if exactly one of two conditions is true.", "Истина, если истинно ровно одно из двух условий."),
			Cases: cases("xor(true, false)", "true", "xor(true, true)", "false", "xor(true, null)", "null"),
		},
	}
}

// choose is if: a null condition counts as false.
func choose(args []rel.Value) (rel.Value, error) {
	if args[0] == true {
		return args[1], nil
	}
	if len(args) > 2 {
		return args[2], nil
	}
	return nil, nil
}

func firstNotNull(args []rel.Value) (rel.Value, error) {
	for _, a := range args {
		if a != nil {
			return a, nil
		}
	}
	return nil, nil
}

func nullIf(args []rel.Value) (rel.Value, error) {
	if args[0] == nil || args[1] != nil && Compare(args[0], args[1]) == 0 {
		return nil, nil
	}
	return args[0], nil
}

// allTrue is and: false wins over null.
func allTrue(args []rel.Value) (rel.Value, error) { return decided(args, false), nil }

// anyTrue is or: true wins over null.
func anyTrue(args []rel.Value) (rel.Value, error) { return decided(args, true), nil }

// decided looks for the value that decides; else null if there is one, else
// the opposite.
func decided(args []rel.Value, decisive bool) rel.Value {
	var out rel.Value = !decisive
	for _, a := range args {
		if a == decisive {
			return decisive
		}
		if a == nil {
			out = nil
		}
	}
	return out
}

func between(args []rel.Value) (rel.Value, error) {
	if args[0] == nil {
		return nil, nil
	}
	var low, high rel.Value
	if args[1] != nil {
		low = Compare(args[0], args[1]) >= 0
	}
	if args[2] != nil {
		high = Compare(args[0], args[2]) <= 0
	}
	return decided([]rel.Value{low, high}, false), nil
}

func in(args []rel.Value) (rel.Value, error) {
	if args[0] == nil {
		return nil, nil
	}
	found := make([]rel.Value, 0, len(args)-1)
	for _, item := range args[1:] {
		var equal rel.Value
		if item != nil {
			equal = Compare(args[0], item) == 0
		}
		found = append(found, equal)
	}
	return decided(found, true), nil
}

// ordered makes a comparison out of a look at the order of its arguments.
func ordered(holds func(int) bool) eval {
	return func(args []rel.Value) (rel.Value, error) { return holds(Compare(args[0], args[1])), nil }
}
