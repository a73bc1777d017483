package join

import (
	"github.com/weftworks/weft/internal/rel"
)

// unmatched gives the rows of each table that have no match in the other,
// whatever rows the join itself gives.
func (j *joiner) unmatched() (left, right rel.Rel, err error) {
	if j.Kind == AsOf {
		return j.unmatchedAsOf()
	}
	how := rel.Joining{Kind: rel.AntiJoin, Keys: j.keys, NullsEqual: j.NullsEqual, Extra: j.extra}
	if j.Kind == Cross {
		how.Extra = rel.Lit(true) // a row has no match only where the other table is empty
	}
	if left, err = j.build(j.left, j.right, how); err != nil {
		return nil, nil, err
	}
	how.Keys = make([]rel.KeyPair, len(j.keys))
	for i, k := range j.keys {
		how.Keys[i] = rel.KeyPair{Left: k.Right, Right: k.Left}
	}
	how.Extra = swapped(how.Extra)
	right, err = j.build(j.right, j.left, how)
	return left, right, err
}

// swapped is a condition with the two sides exchanged.
func swapped(e rel.Expr) rel.Expr {
	if e == nil {
		return nil
	}
	return rel.Rewrite(e, func(x rel.Expr) rel.Expr {
		ref, ok := x.(*rel.Ref)
		if !ok {
			return x
		}
		return &rel.Ref{Side: rel.Left + rel.Right - ref.Side, Column: ref.Column}
	})
}

func (j *joiner) unmatchedAsOf() (left, right rel.Rel, err error) {
	if left, err = j.leftAsOf(); err != nil {
		return nil, nil, err
	}
	right, err = j.rightAsOf()
	return left, right, err
}

// leftAsOf gives the left rows for which no right value is found: a value that
// is found is never null.
func (j *joiner) leftAsOf() (rel.Rel, error) {
	how := j.joining()
	nearest := *j.asOf
	nearest.Outer = true
	how.AsOf = &nearest
	schema := j.left.Schema()
	taken := map[string]bool{}
	for _, col := range schema {
		taken[rel.Fold(col.Name)] = true
		how.Items = append(how.Items, rel.JoinItem{From: &rel.Ref{Side: rel.Left, Column: col}, Column: col})
	}
	value := j.rightColumn(nearest.Right)
	how.Items = append(how.Items, rel.JoinItem{
		From: &rel.Ref{Side: rel.Right, Column: value}, Column: rel.Column{Name: rel.Unique(value.Name, taken)},
	})
	pairs, err := j.build(j.left, j.right, how)
	if err != nil {
		return nil, err
	}
	none, err := j.ctx.Functions.Must("is_null").Call(rel.Col(pairs.Schema()[len(schema)]))
	if err != nil {
		return nil, err
	}
	rows, err := j.ctx.Build.Filter(pairs, none)
	if err != nil {
		return nil, err
	}
	items := make([]rel.Item, len(schema))
	for i, col := range schema {
		items[i] = rel.Item{Column: col, Expr: rel.Col(col)}
	}
	return j.ctx.Build.Project(rows, items)
}

// rightAsOf gives the right rows whose keys and value no left row takes. Of
// several rows with the same ones, all count as taken.
func (j *joiner) rightAsOf() (rel.Rel, error) {
	how := j.joining()
	nearest := *j.asOf
	nearest.Outer = false
	how.AsOf = &nearest
	again := rel.Joining{Kind: rel.AntiJoin, NullsEqual: j.NullsEqual}
	seen := map[string]bool{}
	for _, name := range append(j.rightKeys(), nearest.Right) {
		if seen[name] {
			continue
		}
		seen[name] = true
		col := j.rightColumn(name)
		how.Items = append(how.Items, rel.JoinItem{From: &rel.Ref{Side: rel.Right, Column: col}, Column: col})
		again.Keys = append(again.Keys, rel.KeyPair{Left: name, Right: name})
	}
	taken, err := j.build(j.left, j.right, how)
	if err != nil {
		return nil, err
	}
	return j.build(j.right, taken, again)
}

func (j *joiner) rightKeys() []string {
	out := make([]string, len(j.keys))
	for i, k := range j.keys {
		out[i] = k.Right
	}
	return out
}

func (j *joiner) rightColumn(name string) rel.Column {
	schema := j.right.Schema()
	return schema[schema.Index(name)]
}
