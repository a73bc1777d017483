package filter

import (
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Operator is what a condition asks of a column.
type Operator string

// The operators, by their names in package files.
const (
	Equal          Operator = "equal"
	NotEqual       Operator = "not_equal"
	Less           Operator = "less"
	LessOrEqual    Operator = "less_or_equal"
	Greater        Operator = "greater"
	GreaterOrEqual Operator = "greater_or_equal"
	Between        Operator = "between"
	NotBetween     Operator = "not_between"
	In             Operator = "in"
	NotIn          Operator = "not_in"
	IsNull         Operator = "is_null"
	IsNotNull      Operator = "is_not_null"
	Contains       Operator = "contains"
	NotContains    Operator = "not_contains"
	StartsWith     Operator = "starts_with"
	NotStartsWith  Operator = "not_starts_with"
	EndsWith       Operator = "ends_with"
	NotEndsWith    Operator = "not_ends_with"
	IsTrue         Operator = "is_true"
	IsFalse        Operator = "is_false"
)

// Operators lists the operators in the order of menus.
func Operators() []Operator {
	return []Operator{
		Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Between, NotBetween, In, NotIn,
		IsNull, IsNotNull, Contains, NotContains, StartsWith, NotStartsWith, EndsWith, NotEndsWith, IsTrue, IsFalse,
	}
}

// positive parts the word for "not" from an operator.
func (o Operator) positive() (Operator, bool) {
	if o == IsNotNull {
		return o, false
	}
	rest, not := strings.CutPrefix(string(o), "not_")
	return Operator(rest), not
}

// function names the function of the catalogue behind a positive operator.
func (o Operator) function() string {
	switch o {
	case Equal:
		return "="
	case Less:
		return "<"
	case LessOrEqual:
		return "<="
	case Greater:
		return ">"
	case GreaterOrEqual:
		return ">="
	default:
		return string(o) // in, between, is_null, contains …
	}
}

func takesRange(o Operator) bool { return o == Between || o == NotBetween }

func takesList(o Operator) bool { return o == In || o == NotIn }

func takesNothing(o Operator) bool {
	return o == IsNull || o == IsNotNull || o == IsTrue || o == IsFalse
}

func takesValue(o Operator) bool { return !takesList(o) && !takesNothing(o) }

// ordered reports whether the operator asks what comes before what.
func (o Operator) ordered() bool {
	p, _ := o.positive()
	return slices.Contains([]Operator{Less, LessOrEqual, Greater, GreaterOrEqual, Between}, p)
}

// fits reports whether the operator can be asked of a column of type t.
func (o Operator) fits(t rel.Type) bool {
	p, _ := o.positive()
	switch p {
	case Contains, StartsWith, EndsWith:
		return t.ID == rel.StringID
	case IsTrue, IsFalse:
		return t.ID == rel.BooleanID
	default:
		return !o.ordered() || t.ID != rel.BooleanID
	}
}

var errOperatorType = errs.Message{
	ID: "filter.operator_type",
	En: "{operator} cannot be asked of {column}, which is {found}. It takes {operators}.",
	Ru: "Условие {operator} не подходит столбцу {column} типа {found}. Подходят {operators}.",
}

// check refuses an operator that does not fit the column.
func (o Operator) check(col rel.Column) error {
	if o.fits(col.Type) {
		return nil
	}
	var fit []string
	for _, x := range Operators() {
		if x.fits(col.Type) {
			fit = append(fit, string(x))
		}
	}
	return errs.New(errs.Invalid, errOperatorType, errs.P{
		"operator": o, "column": col.Name, "found": col.Type, "operators": strings.Join(fit, ", "),
	})
}
