package rel

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// AggregateFunc is a function over the rows of a group. Nulls in the argument
// are left out, but by CountRows.
type AggregateFunc string

// The aggregate functions, by their names in package files.
const (
	CountRows     AggregateFunc = "count"          // rows of the group; with an argument: its non-null values
	CountDistinct AggregateFunc = "count_distinct" // different non-null values
	Sum           AggregateFunc = "sum"            // integers: checked; decimals: 38 digits
	Mean          AggregateFunc = "mean"           // real
	Min           AggregateFunc = "min"
	Max           AggregateFunc = "max"
	Median        AggregateFunc = "median"     // interpolated: percentile 0.5
	Percentile    AggregateFunc = "percentile" // interpolated linearly between the two nearest ranks
	StdDev        AggregateFunc = "stddev"     // of a sample (n - 1); null below two values
	First         AggregateFunc = "first"      // first by an order, nulls included
	Last          AggregateFunc = "last"       // last by an order, nulls included
	Concat        AggregateFunc = "concat"     // texts joined by a separator
)

// AggregateFuncs lists the aggregate functions in the order of menus.
func AggregateFuncs() []AggregateFunc {
	return []AggregateFunc{
		CountRows, CountDistinct, Sum, Mean, Min, Max, Median, Percentile, StdDev, First, Last, Concat,
	}
}

// NeedsOrder reports whether the function means nothing without an order.
func (f AggregateFunc) NeedsOrder() bool { return f == First || f == Last }

// Result returns the type and nullability of the function over an argument of
// type t; ok is false where it cannot take that type.
func (f AggregateFunc) Result(t Type, nullable bool) (out Type, null, ok bool) {
	switch f {
	case CountRows, CountDistinct:
		return Integer, false, true
	case Sum:
		switch t.ID {
		case DecimalID:
			return Decimal(MaxPrecision, int(t.Scale)), true, true
		case IntegerID, RealID:
			return t, true, true
		}
		return Type{}, false, false
	case Mean, Median, Percentile, StdDev:
		return Real, true, t.Numeric()
	case Min, Max, First, Last:
		return t, true, t.ID != NullID
	case Concat:
		return String, true, true
	default:
		return Type{}, false, false
	}
}

// WindowFunc is a function over the rows around a row.
type WindowFunc string

// The window functions; the names of aggregate functions that take one
// argument and no order are window functions too.
const (
	RowNumber WindowFunc = "row_number"
	Rank      WindowFunc = "rank"
	Lag       WindowFunc = "lag"
	Lead      WindowFunc = "lead"
)

// Result is as AggregateFunc.Result.
func (f WindowFunc) Result(t Type, nullable bool) (out Type, null, ok bool) {
	switch f {
	case RowNumber, Rank:
		return Integer, false, true
	case Lag, Lead:
		return t, true, true
	default:
		a := AggregateFunc(f)
		if !slices.Contains([]AggregateFunc{CountRows, Sum, Mean, Min, Max, StdDev}, a) {
			return Type{}, false, false
		}
		return a.Result(t, nullable)
	}
}

var (
	errAggregateType = errs.Message{
		ID: "rel.aggregate_type",
		En: "{function} cannot be taken of {column}, which is {found}. It takes numbers.",
		Ru: "Функцию {function} нельзя применить к столбцу {column} типа {found}: она принимает числа.",
	}
	errAggregateUnknown = errs.Message{
		ID: "rel.aggregate_unknown",
		En: "There is no aggregate function {function}. {suggest}",
		Ru: "Агрегатной функции {function} нет. {suggest}",
	}
	errAggregateOrder = errs.Message{
		ID: "rel.aggregate_order",
		En: "{function} needs an order: say which row comes first.",
		Ru: "Для {function} нужен порядок: укажите, какая строка первая.",
	}
	errFraction = errs.Message{
		ID: "rel.percentile_fraction",
		En: "A percentile lies between 0 and 1, not at {found}.",
		Ru: "Процентиль задаётся числом от 0 до 1, а не {found}.",
	}
)

// Aggregate groups in by keys. A key's and a measure's expression is over in.
func (b Builder) Aggregate(in Rel, keys []Item, measures []Measure) (*Aggregate, error) {
	schema := make(Schema, 0, len(keys)+len(measures))
	keys, measures = slices.Clone(keys), slices.Clone(measures)
	for i := range keys {
		keys[i].Column = described(keys[i].Column, keys[i].Expr)
		schema = append(schema, keys[i].Column)
	}
	for i := range measures {
		if err := measures[i].complete(in.Schema()); err != nil {
			return nil, b.fail(err)
		}
		schema = append(schema, measures[i].Column)
	}
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	return &Aggregate{base: b.base(schema, Ordering{}), Input: in, Keys: keys, Measures: measures}, nil
}

// complete checks a measure and fills in the type of its column.
func (m *Measure) complete(in Schema) error {
	t := Null
	nullable := true
	if m.Arg != nil {
		t, nullable = m.Arg.Type(), m.Arg.Nullable()
	} else if m.Func != CountRows {
		return errs.New(errs.Invalid, errNoName, nil)
	}
	if !slices.Contains(AggregateFuncs(), m.Func) {
		names := make([]string, 0, 12)
		for _, f := range AggregateFuncs() {
			names = append(names, string(f))
		}
		return errs.New(errs.Invalid, errAggregateUnknown, errs.P{"function": m.Func, "suggest": errs.Suggest(string(m.Func), names)})
	}
	out, null, ok := m.Func.Result(t, nullable)
	if !ok {
		return errs.New(errs.Invalid, errAggregateType, errs.P{"function": m.Func, "column": FormatExpr(m.Arg), "found": t})
	}
	if m.Func.NeedsOrder() && len(m.Order) == 0 {
		return errs.New(errs.Invalid, errAggregateOrder, errs.P{"function": m.Func})
	}
	if m.Func == Percentile && !(m.Fraction >= 0 && m.Fraction <= 1) {
		return errs.New(errs.Invalid, errFraction, errs.P{"found": FormatReal(m.Fraction)})
	}
	for _, k := range m.Order {
		if _, err := in.Find(k.Column); err != nil {
			return err
		}
	}
	m.Column.Type, m.Column.Nullable = out, null
	return nil
}
