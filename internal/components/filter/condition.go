package filter

import (
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

var (
	errNoValue = errs.Message{
		ID: "filter.no_value",
		En: "{operator} needs the setting {setting}.{hint}",
		Ru: "Для условия {operator} нужен параметр {setting}.{hint}",
	}
	errNullInList = errs.Message{
		ID: "filter.null_in_list",
		En: "The list holds a null, which equals nothing. Add a condition is_null instead.",
		Ru: "В списке есть null, а он ничему не равен. Добавьте вместо него условие is_null.",
	}
	errIgnoreCase = errs.Message{
		ID: "filter.ignore_case_type",
		En: "ignore_case is for text, and {column} is {found}.",
		Ru: "Параметр ignore_case — для текста, а столбец {column} имеет тип {found}.",
	}
	errEmptyRange = errs.Message{
		ID: "filter.empty_range",
		En: "No value lies between {value} and {to}: the first is greater. Swap them.",
		Ru: "Между {value} и {to} нет значений: первое больше. Поменяйте их местами.",
	}
)

// nullHint helps those who look for rows without a value by comparing.
func nullHint(o Operator) errs.Words {
	switch o {
	case Equal:
		return errs.Words{En: " To find rows without a value, choose is_null.", Ru: " Чтобы найти строки без значения, выберите is_null."}
	case NotEqual:
		return errs.Words{En: " To find rows with a value, choose is_not_null.", Ru: " Чтобы найти строки со значением, выберите is_not_null."}
	default:
		return errs.Words{}
	}
}

// chain joins conditions: those between two ors are joined by and.
func chain(c *component.Context, list []Condition, in rel.Schema) (rel.Expr, error) {
	var found errs.List
	var groups [][]rel.Expr
	for i := range list {
		one := condition{Condition: &list[i], ctx: c, path: fmt.Sprintf("conditions[%d]", i)}
		e, err := one.compile(in)
		found.Add(err)
		if i == 0 || list[i].Join == Or {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], e)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	parts := make([]rel.Expr, len(groups))
	for i, g := range groups {
		var err error
		if parts[i], err = several(c, "and", g); err != nil {
			return nil, err
		}
	}
	return several(c, "or", parts)
}

// several joins expressions by and or or; one stays by itself.
func several(c *component.Context, by string, list []rel.Expr) (rel.Expr, error) {
	if len(list) == 1 {
		return list[0], nil
	}
	return call(c, by, list...)
}

// call builds a call and computes it at once where it is constant.
func call(c *component.Context, name string, args ...rel.Expr) (rel.Expr, error) {
	for i, a := range args {
		folded, err := function.Fold(a)
		if err != nil {
			return nil, err
		}
		args[i] = folded
	}
	e, err := c.Functions.Must(name).Call(args...)
	if err != nil {
		return nil, err
	}
	for i, a := range e.Args {
		if e.Args[i], err = function.Fold(a); err != nil {
			return nil, err
		}
	}
	return function.Fold(e)
}

// condition compiles one condition. path is its setting's.
type condition struct {
	*Condition
	ctx  *component.Context
	path string
}

func (k condition) at(key string, err error) error { return k.ctx.At(k.path+"."+key, err) }

func (k condition) compile(in rel.Schema) (rel.Expr, error) {
	col, err := k.ctx.Column(k.path+".column", k.Column, in)
	if err != nil {
		return nil, err
	}
	if err := k.Operator.check(col); err != nil {
		return nil, k.at("operator", err)
	}
	if k.IgnoreCase && col.Type.ID != rel.StringID {
		return nil, k.at("ignore_case", errs.New(errs.Invalid, errIgnoreCase, errs.P{"column": col.Name, "found": col.Type}))
	}
	operands, err := k.operands(col)
	if err != nil {
		return nil, err
	}
	return k.apply(append([]rel.Expr{rel.Col(col)}, operands...))
}

// apply asks the operator of its operands, the column first.
func (k condition) apply(args []rel.Expr) (rel.Expr, error) {
	positive, not := k.Operator.positive()
	switch positive {
	case IsTrue:
		return args[0], nil
	case IsFalse:
		return call(k.ctx, "not", args[0])
	}
	if k.IgnoreCase && !takesNothing(positive) {
		for i := range args {
			var err error
			if args[i], err = call(k.ctx, "lower", args[i]); err != nil {
				return nil, err
			}
		}
	}
	name := positive.function()
	if k.Operator == NotEqual {
		name, not = "<>", false
	}
	e, err := call(k.ctx, name, args...)
	if err != nil {
		return nil, k.at("value", err)
	}
	if takesRange(positive) {
		if err := k.checkRange(e); err != nil {
			return nil, err
		}
	}
	if not {
		return call(k.ctx, "not", e)
	}
	return e, nil
}

// checkRange refuses a range that no value lies in. A range from variables may
// be empty: it depends on who calls.
func (k condition) checkRange(e rel.Expr) error {
	between, ok := e.(*rel.Call)
	if !ok {
		return nil
	}
	low, isLow := between.Args[1].(*rel.Literal)
	high, isHigh := between.Args[2].(*rel.Literal)
	if !isLow || !isHigh || function.Compare(low.Value, high.Value) <= 0 {
		return nil
	}
	return k.at("to", errs.New(errs.Invalid, errEmptyRange, errs.P{
		"value": spell(low.Value), "to": spell(high.Value),
	}))
}

// spell writes a constant for a message as people do: a date without the word.
func spell(v rel.Value) string {
	switch v := v.(type) {
	case string, float64:
		return rel.FormatValue(v)
	default:
		return fmt.Sprint(v)
	}
}
