package rel_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// col makes a column that may be null.
func col(name string, t rel.Type) *rel.Ref {
	return rel.Col(rel.Column{Name: name, Type: t, Nullable: true})
}

// sure makes a column that is never null.
func sure(name string, t rel.Type) *rel.Ref { return rel.Col(rel.Column{Name: name, Type: t}) }

func TestCommon(t *testing.T) {
	none := rel.Type{ID: 99}
	for _, c := range []struct{ a, b, want rel.Type }{
		{rel.Integer, rel.Integer, rel.Integer},
		{rel.Null, rel.Date, rel.Date},
		{rel.Null, rel.Null, rel.Null},
		{rel.Integer, rel.Real, rel.Real},
		{rel.Decimal(10, 2), rel.Real, rel.Real},
		{rel.Integer, rel.Decimal(10, 2), rel.Decimal(21, 2)},
		{rel.Decimal(10, 2), rel.Decimal(8, 4), rel.Decimal(12, 4)},
		{rel.Decimal(38, 2), rel.Decimal(38, 10), rel.Decimal(38, 10)},
		{rel.Date, rel.Timestamp, rel.Timestamp},
		{rel.Date, rel.TimestampTZ, none},
		{rel.Timestamp, rel.TimestampTZ, none},
		{rel.String, rel.Integer, none},
		{rel.Boolean, rel.Integer, none},
		{rel.Time, rel.Timestamp, none},
	} {
		for _, pair := range [][2]rel.Type{{c.a, c.b}, {c.b, c.a}} {
			got, ok := rel.Common(pair[0], pair[1])
			if ok != (c.want != none) || ok && got != c.want {
				t.Errorf("Common(%s, %s) = %s, %t; want %s", pair[0], pair[1], got, ok, c.want)
			}
		}
	}
}

func TestCallConverts(t *testing.T) {
	function := func(f rel.Function) *rel.Function {
		f.Name = "f"
		if f.Returns == (rel.Type{}) {
			f.Returns = rel.Integer
		}
		return &f
	}
	param := func(a rel.Accepts) rel.Parameter { return rel.Parameter{Name: "p", Accepts: a} }
	for name, c := range map[string]struct {
		fn   *rel.Function
		args []rel.Expr
		want string
	}{
		"as it is":            {function(rel.Function{Params: []rel.Parameter{param(rel.Number)}}), []rel.Expr{col("d", rel.Decimal(5, 1))}, "f(d)"},
		"integer to real":     {function(rel.Function{Params: []rel.Parameter{param(rel.Reals)}}), []rel.Expr{col("i", rel.Integer)}, "f(cast(i as real))"},
		"decimal to real":     {function(rel.Function{Params: []rel.Parameter{param(rel.Reals)}}), []rel.Expr{col("d", rel.Decimal(5, 1))}, "f(cast(d as real))"},
		"date to timestamp":   {function(rel.Function{Params: []rel.Parameter{param(rel.Stamps)}}), []rel.Expr{col("d", rel.Date)}, "f(cast(d as timestamp))"},
		"first family":        {function(rel.Function{Params: []rel.Parameter{param(rel.ClockOrTime)}}), []rel.Expr{col("d", rel.Date)}, "f(cast(d as timestamp))"},
		"null takes the type": {function(rel.Function{Params: []rel.Parameter{param(rel.Texts)}}), []rel.Expr{rel.Lit(nil)}, "f(null::string)"},
		"null of any":         {function(rel.Function{Params: []rel.Parameter{param(rel.Any)}}), []rel.Expr{rel.Lit(nil)}, "f(null)"},
		"spelled": {
			function(rel.Function{Params: []rel.Parameter{{Name: "x", Spell: true}}, Variadic: true}),
			[]rel.Expr{col("s", rel.String), col("i", rel.Integer), rel.Lit(nil)}, "f(s, cast(i as string), null::string)",
		},
		"unified": {
			function(rel.Function{Params: []rel.Parameter{param(rel.Booleans), param(rel.Any)}, Variadic: true, Unify: true}),
			[]rel.Expr{col("ok", rel.Boolean), col("i", rel.Integer), rel.Lit(1.5), rel.Lit(nil)}, "f(ok, cast(i as real), 1.5, null::real)",
		},
		"optional left out": {
			function(rel.Function{Params: []rel.Parameter{param(rel.Any), {Name: "q", Accepts: rel.Integers, Optional: true}}}),
			[]rel.Expr{col("i", rel.Integer)}, "f(i)",
		},
		"word": {
			function(rel.Function{Params: []rel.Parameter{{Name: "unit", Accepts: rel.Texts, Words: []string{"day", "month"}}}}),
			[]rel.Expr{rel.Lit("MONTH")}, "f('month')",
		},
		"overload": {
			function(rel.Function{
				Params: []rel.Parameter{param(rel.Number), param(rel.Number)},
				Overload: func(args []rel.Expr) ([]rel.Type, rel.Type, bool) {
					return []rel.Type{rel.Real, args[1].Type()}, rel.Date, true
				},
			}),
			[]rel.Expr{col("i", rel.Integer), col("j", rel.Integer)}, "f(cast(i as real), j)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			call, err := c.fn.Call(c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, rel.FormatExpr(call)); diff != "" {
				t.Error(diff)
			}
			if c.fn.Overload != nil && call.Type() != rel.Date {
				t.Errorf("type %s", call.Type())
			}
		})
	}
}

func TestCallRefuses(t *testing.T) {
	text := rel.Parameter{Name: "text", Accepts: rel.Texts}
	unit := rel.Parameter{Name: "unit", Accepts: rel.Texts, Words: []string{"day", "month"}}
	bad := errs.New(errs.Invalid, errs.Message{ID: "test.bad", En: "bad"}, nil)
	checked := rel.Parameter{Name: "checked", Accepts: rel.Integers, Check: func(v rel.Value) error {
		if v.(int64) < 0 {
			return bad
		}
		return nil
	}}
	for name, c := range map[string]struct {
		fn    rel.Function
		args  []rel.Expr
		id    string
		index int // of the argument; -1: the call as a whole
	}{
		"too few":      {rel.Function{Params: []rel.Parameter{text}}, nil, "rel.argument_count", -1},
		"too many":     {rel.Function{Params: []rel.Parameter{text}}, []rel.Expr{rel.Lit("a"), rel.Lit("b")}, "rel.argument_count", -1},
		"none taken":   {rel.Function{Variadic: true}, []rel.Expr{rel.Lit("a")}, "rel.argument_count", -1},
		"type":         {rel.Function{Params: []rel.Parameter{text, text}}, []rel.Expr{rel.Lit("a"), rel.Lit(int64(1))}, "rel.argument_type", 1},
		"real for int": {rel.Function{Params: []rel.Parameter{checked}}, []rel.Expr{rel.Lit(1.0)}, "rel.argument_type", 0},
		"no word":      {rel.Function{Params: []rel.Parameter{unit}}, []rel.Expr{rel.Lit("mont")}, "rel.argument_word", 0},
		"null word":    {rel.Function{Params: []rel.Parameter{unit}}, []rel.Expr{rel.Lit(nil)}, "rel.argument_word", 0},
		"column":       {rel.Function{Params: []rel.Parameter{unit}}, []rel.Expr{col("s", rel.String)}, "rel.argument_constant", 0},
		"check":        {rel.Function{Params: []rel.Parameter{checked}}, []rel.Expr{rel.Lit(int64(-1))}, "test.bad", 0},
		"unify": {
			rel.Function{Params: []rel.Parameter{{Name: "x"}}, Variadic: true, Unify: true},
			[]rel.Expr{rel.Lit(int64(1)), rel.Lit("a")}, "rel.no_common_type", -1,
		},
		"overload": {
			rel.Function{
				Params:   []rel.Parameter{{Name: "x"}},
				Overload: func([]rel.Expr) ([]rel.Type, rel.Type, bool) { return nil, rel.Type{}, false },
			},
			[]rel.Expr{rel.Lit(int64(1))}, "rel.no_common_type", -1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.fn.Name = "f"
			_, err := c.fn.Call(c.args...)
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || e.Message.ID != c.id {
				t.Fatalf("error %v, want %s", err, c.id)
			}
			index := -1
			if a, ok := errors.AsType[*rel.ArgError](err); ok {
				index = a.Index
			}
			if index != c.index {
				t.Errorf("argument %d, want %d", index, c.index)
			}
		})
	}
}

func TestCallNullable(t *testing.T) {
	never, maybe := sure("a", rel.Integer), col("b", rel.Integer)
	for _, c := range []struct {
		rule rel.NullRule
		as   rel.Type
		args []rel.Expr
		want bool
	}{
		{rel.NullIfAny, rel.Integer, []rel.Expr{never, never}, false},
		{rel.NullIfAny, rel.Integer, []rel.Expr{never, maybe}, true},
		{rel.NullNever, rel.Integer, []rel.Expr{maybe}, false},
		{rel.NullIfAll, rel.Integer, []rel.Expr{never, maybe}, false},
		{rel.NullIfAll, rel.Integer, []rel.Expr{maybe, maybe}, true},
		{rel.NullMaybe, rel.Integer, []rel.Expr{never}, true},
		{rel.NullNotFinite, rel.Integer, []rel.Expr{never}, false},
		{rel.NullNotFinite, rel.Integer, []rel.Expr{maybe}, true},
		{rel.NullNotFinite, rel.Real, []rel.Expr{never}, true},
		{rel.NullSome, rel.Boolean, []rel.Expr{never}, false},
		{rel.NullSome, rel.Boolean, []rel.Expr{maybe}, true},
	} {
		call := &rel.Call{Func: &rel.Function{Nulls: c.rule}, Args: c.args, As: c.as}
		if got := call.Nullable(); got != c.want {
			t.Errorf("rule %d, %s, %d arguments: %t, want %t", c.rule, c.as, len(c.args), got, c.want)
		}
	}
}

func TestLookup(t *testing.T) {
	f := rel.NewFunctions([]*rel.Function{{Name: "substring", Aliases: []string{"substr"}}, {Name: "||"}})
	for _, name := range []string{"substring", "SUBSTR", "||"} {
		if _, ok := f.Lookup(name); !ok {
			t.Errorf("%s is not found", name)
		}
	}
	if _, ok := f.Lookup("sub"); ok {
		t.Error("sub is found")
	}
	defer func() {
		if recover() == nil {
			t.Error("two functions of one name are let in")
		}
	}()
	rel.NewFunctions([]*rel.Function{{Name: "a"}, {Name: "b", Aliases: []string{"a"}}})
}

func TestQuoteName(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "_x1": "_x1", "город": "город", "end": "[end]", "Null": "[Null]", "a b": "[a b]", "1a": "[1a]", "a]b": "[a]]b]", "": "[]", "date": "date",
	} {
		if got := rel.QuoteName(name); got != want {
			t.Errorf("QuoteName(%q) = %s, want %s", name, got, want)
		}
	}
}
