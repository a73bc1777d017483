package join

import (
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Compile gives the joined rows, and the rows of each table without a match.
func (s *Settings) Compile(c *component.Context, in []rel.Rel) ([]rel.Rel, error) {
	j := &joiner{Settings: s, ctx: c, left: in[leftPort], right: in[rightPort]}
	if err := j.resolve(); err != nil {
		return nil, err
	}
	out, err := j.joined()
	if err != nil {
		return nil, err
	}
	left, right, err := j.unmatched()
	if err != nil {
		return nil, err
	}
	return []rel.Rel{out, left, right}, nil
}

// joiner is a join being compiled: its settings with names found in the two
// tables.
type joiner struct {
	*Settings
	ctx         *component.Context
	left, right rel.Rel
	keys        []rel.KeyPair
	asOf        *rel.AsOf // of as-of joins
	extra       rel.Expr  // the condition; may be nil
}

// resolve finds all that the settings name, and tells all that is wrong.
func (j *joiner) resolve() error {
	var found errs.List
	for i, k := range j.Keys {
		pair, err := j.pair(fmt.Sprintf("keys[%d]", i), k.Left, k.Right)
		found.Add(err)
		j.keys = append(j.keys, pair)
	}
	if j.Kind == AsOf {
		pair, err := j.pair("nearest", j.Nearest.Left, j.Nearest.Right)
		found.Add(err)
		j.asOf = &rel.AsOf{
			Left: pair.Left, Right: pair.Right,
			After: j.Nearest.Direction == After, Strict: j.Nearest.Strict, Outer: j.Nearest.Outer,
		}
	}
	if j.Condition != "" {
		var err error
		j.extra, err = j.ctx.PairFormula("condition", j.Condition, j.left.Schema(), j.right.Schema())
		found.Add(err)
	}
	return found.Err()
}

var errKeyTypes = errs.Message{
	ID: "join.key_types",
	En: "{left} of the left table is {left_type} and {right} of the right one is {right_type}: they cannot be compared. Convert one of them before the join.",
	Ru: "Столбец {left} левой таблицы имеет тип {left_type}, а {right} правой — {right_type}: сравнить их нельзя. Преобразуйте один из них до соединения.",
}

// pair finds two columns that are compared; the right one is named as the left
// where it is not given.
func (j *joiner) pair(setting, left, right string) (rel.KeyPair, error) {
	if right == "" {
		right = left
	}
	var found errs.List
	l, err := j.ctx.Column(setting+".left", left, j.left.Schema())
	found.Add(err)
	r, err := j.ctx.Column(setting+".right", right, j.right.Schema())
	found.Add(err)
	if _, ok := rel.Common(l.Type, r.Type); !ok && len(found) == 0 {
		found.Add(j.ctx.At(setting, errs.New(errs.Invalid, errKeyTypes, errs.P{
			"left": l.Name, "left_type": l.Type, "right": r.Name, "right_type": r.Type,
		})))
	}
	return rel.KeyPair{Left: l.Name, Right: r.Name}, found.Err()
}

// build makes a join. Names and types are checked by now; what is left to be
// wrong is a condition that is not true or false.
func (j *joiner) build(left, right rel.Rel, how rel.Joining) (*rel.Join, error) {
	out, err := j.ctx.Build.Join(left, right, how)
	return out, j.ctx.At("condition", err)
}

// joining is the join itself, but for its columns.
func (j *joiner) joining() rel.Joining {
	return rel.Joining{Kind: j.Kind.rel(), Keys: j.keys, NullsEqual: j.NullsEqual, AsOf: j.asOf, Extra: j.extra}
}

// joined makes the join with its columns. Only the keys of a full join are
// computed from two columns, by a projection on top.
func (j *joiner) joined() (rel.Rel, error) {
	columns, err := j.columns()
	if err != nil {
		return nil, err
	}
	taken := make(map[string]bool, len(columns))
	for _, col := range columns {
		taken[rel.Fold(col.out.Name)] = true
	}
	how := j.joining()
	how.Items = make([]rel.JoinItem, 0, len(columns))
	computed := false
	for _, col := range columns {
		if !col.both() {
			how.Items = append(how.Items, rel.JoinItem{From: col.from, Column: col.out})
			continue
		}
		computed = true
		for _, from := range []*rel.Ref{col.from, col.or} {
			inner := from.Column
			inner.Name = rel.Unique("key", taken)
			how.Items = append(how.Items, rel.JoinItem{From: from, Column: inner})
		}
	}
	pairs, err := j.build(j.left, j.right, how)
	if err != nil || !computed {
		return pairs, err
	}
	return j.project(pairs, columns)
}

// project gives each key of a full join the value of the side that has one.
func (j *joiner) project(pairs *rel.Join, columns []column) (rel.Rel, error) {
	items := make([]rel.Item, len(columns))
	next := 0 // the join's column that comes next
	for i, col := range columns {
		items[i] = rel.Item{Column: col.out, Expr: rel.Col(pairs.Schema()[next])}
		next++
		if !col.both() {
			continue
		}
		both, err := j.ctx.Functions.Must("coalesce").Call(items[i].Expr, rel.Col(pairs.Schema()[next]))
		if err != nil {
			return nil, j.ctx.At("keys", err)
		}
		items[i].Expr = both
		next++
	}
	return j.ctx.Build.Project(pairs, items)
}
