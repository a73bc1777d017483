package rel

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errKeyTypes = errs.Message{
		ID: "rel.join_key_types",
		En: "The keys {left} ({left_type}) and {right} ({right_type}) cannot be compared. Convert one of them.",
		Ru: "Ключи {left} ({left_type}) и {right} ({right_type}) нельзя сравнить. Преобразуйте один из них.",
	}
	errNoKeys = errs.Message{
		ID: "rel.join_no_keys",
		En: "A {kind} join needs at least one pair of keys.",
		Ru: "Соединению {kind} нужна хотя бы одна пара ключей.",
	}
	errCrossKeys = errs.Message{
		ID: "rel.join_cross_keys",
		En: "A cross join pairs all rows and takes no keys. Choose an inner join.",
		Ru: "Перекрёстное соединение даёт все пары строк и ключей не имеет. Выберите внутреннее.",
	}
)

// Joining is what a join is made of, but its inputs.
type Joining struct {
	Kind       JoinKind
	Keys       []KeyPair
	NullsEqual bool
	AsOf       *AsOf
	Extra      Expr
	// Items are the columns of the result; nil: all of the left, then all of
	// the right, clashing names of the right made unique. Semi and anti joins
	// give the left's columns.
	Items []JoinItem
}

// Join pairs the rows of left and right.
func (b Builder) Join(left, right Rel, j Joining) (*Join, error) {
	if err := j.resolve(left.Schema(), right.Schema()); err != nil {
		return nil, b.fail(err)
	}
	items := j.Items
	if items == nil {
		items = AllItems(left.Schema(), right.Schema(), j.Kind)
	}
	items = slices.Clone(items)
	schema := make(Schema, len(items))
	for i := range items {
		items[i].Column.Type = items[i].From.Type()
		items[i].Column.Nullable = items[i].From.Nullable() || j.padded(items[i].From.Side)
		schema[i] = items[i].Column
	}
	if err := schema.check(); err != nil {
		return nil, b.fail(err)
	}
	return &Join{
		base: b.base(schema, Ordering{}), Left: left, Right: right,
		Kind: j.Kind, Keys: j.Keys, NullsEqual: j.NullsEqual, AsOf: j.AsOf, Extra: j.Extra, Items: items,
	}, nil
}

// padded reports whether the columns of a side are null in some rows.
func (j *Joining) padded(s Side) bool {
	switch j.Kind {
	case FullJoin:
		return true
	case LeftJoin:
		return s == Right
	case RightJoin:
		return s == Left
	case AsOfJoin:
		return s == Right && j.AsOf.Outer
	default:
		return false
	}
}

// resolve checks keys, condition and items and spells names as the schemas do.
func (j *Joining) resolve(left, right Schema) error {
	if j.Kind == CrossJoin && (len(j.Keys) > 0 || j.Extra != nil) {
		return errs.New(errs.Invalid, errCrossKeys, nil)
	}
	if len(j.Keys) == 0 && j.Kind != CrossJoin && j.Kind != AsOfJoin && j.Extra == nil {
		return errs.New(errs.Invalid, errNoKeys, errs.P{"kind": j.Kind})
	}
	j.Keys = slices.Clone(j.Keys)
	for i := range j.Keys {
		if err := comparableKeys(left, right, &j.Keys[i].Left, &j.Keys[i].Right); err != nil {
			return err
		}
	}
	if j.AsOf != nil {
		c := *j.AsOf
		j.AsOf = &c
		if err := comparableKeys(left, right, &c.Left, &c.Right); err != nil {
			return err
		}
	}
	if j.Extra != nil && j.Extra.Type() != Boolean && j.Extra.Type() != Null {
		return errs.New(errs.Invalid, errNotBoolean, errs.P{"found": j.Extra.Type(), "expression": FormatExpr(j.Extra)})
	}
	return nil
}

// comparableKeys checks that two columns are there and can be compared.
func comparableKeys(left, right Schema, l, r *string) error {
	lc, err := left.Find(*l)
	if err != nil {
		return err
	}
	rc, err := right.Find(*r)
	if err != nil {
		return err
	}
	if _, ok := Common(lc.Type, rc.Type); !ok {
		return errs.New(errs.Invalid, errKeyTypes, errs.P{
			"left": lc.Name, "left_type": lc.Type, "right": rc.Name, "right_type": rc.Type,
		})
	}
	*l, *r = lc.Name, rc.Name
	return nil
}

// AllItems is the result of a join that keeps every column: the left's, then
// (but for semi and anti joins) the right's with names made unique.
func AllItems(left, right Schema, kind JoinKind) []JoinItem {
	items := make([]JoinItem, 0, len(left)+len(right))
	taken := make(map[string]bool, len(left)+len(right))
	for _, c := range left {
		taken[Fold(c.Name)] = true
		items = append(items, JoinItem{From: &Ref{Side: Left, Column: c}, Column: c})
	}
	if kind == SemiJoin || kind == AntiJoin {
		return items
	}
	for _, c := range right {
		out := c
		out.Name = Unique(c.Name, taken)
		items = append(items, JoinItem{From: &Ref{Side: Right, Column: c}, Column: out})
	}
	return items
}
