package join

import (
	"fmt"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// column is one column of the result.
type column struct {
	side  rel.Side // the table it counts as being of
	from  *rel.Ref
	or    *rel.Ref // of a key in a full join: the right one, where the left has no row; else nil
	out   rel.Column
	named bool   // by the settings
	path  string // the setting that chose it; empty where all are taken
}

// both reports whether the column takes its values from either side.
func (c column) both() bool { return c.or != nil }

// columns are the columns of the result, with names that are unique.
func (j *joiner) columns() ([]column, error) {
	if len(j.Columns) == 0 {
		all := j.all()
		return all, j.name(all)
	}
	var found errs.List
	out := make([]column, 0, len(j.Columns))
	for i, want := range j.Columns {
		path := fmt.Sprintf("columns[%d]", i)
		source := []rel.Rel{leftPort: j.left, rightPort: j.right}[want.From.port()]
		col, err := j.ctx.Column(path+".column", want.Column, source.Schema())
		if err != nil {
			found.Add(err)
			continue
		}
		c := j.column(want.From.rel(), col)
		c.path = path
		if want.Name != "" {
			c.out.Name, c.named = want.Name, true
		}
		if want.Label != "" {
			c.out.Label = want.Label
		}
		out = append(out, c)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return out, j.name(out)
}

// all takes every column of the left table, and those of the right that say
// more than the left's keys do.
func (j *joiner) all() []column {
	var out []column
	for _, col := range j.left.Schema() {
		out = append(out, j.column(rel.Left, col))
	}
	if j.Kind.leftOnly() {
		return out
	}
	said := map[string]bool{}
	for _, right := range j.merged() {
		said[right] = true
	}
	for _, col := range j.right.Schema() {
		if !said[col.Name] {
			out = append(out, j.column(rel.Right, col))
		}
	}
	return out
}

// merged maps each left key to the right key that is the same column in the
// result. Of several keys against one left column the first is.
func (j *joiner) merged() map[string]string {
	out := map[string]string{}
	if j.KeepRightKeys {
		return out
	}
	for _, k := range j.keys {
		if _, ok := out[k.Left]; !ok {
			out[k.Left] = k.Right
		}
	}
	return out
}

// column takes a column of one side. A left key has a value in every row, also
// in those that only the right table gave.
func (j *joiner) column(side rel.Side, col rel.Column) column {
	c := column{side: side, from: &rel.Ref{Side: side, Column: col}, out: col}
	key, ok := j.merged()[col.Name]
	if side != rel.Left || !ok {
		return c
	}
	schema := j.right.Schema()
	other := &rel.Ref{Side: rel.Right, Column: schema[schema.Index(key)]}
	switch j.Kind {
	case RightOuter:
		c.from = other
	case Full:
		c.or = other
	}
	return c
}

var errTwice = errs.Message{
	ID: "join.column_twice",
	En: "Two columns of the result would be named {column}. Give this one another name.",
	Ru: "Два столбца результата получили бы имя {column}. Дайте этому другое имя.",
}

// name makes the names unique: those of the left table and those that the
// settings give stay, others of the right give way.
func (j *joiner) name(columns []column) error {
	var found errs.List
	taken := make(map[string]bool, len(columns))
	gives := func(c column) bool { return c.side == rel.Right && !c.named }
	for _, c := range columns {
		if gives(c) {
			continue
		}
		if folded := rel.Fold(c.out.Name); taken[folded] {
			found.Add(j.ctx.At(c.path+".name", errs.New(errs.Invalid, errTwice, errs.P{"column": c.out.Name})))
		} else {
			taken[folded] = true
		}
	}
	for i, c := range columns {
		if !gives(c) {
			continue
		}
		name := c.out.Name
		if taken[rel.Fold(name)] {
			name = norm.NFC.String(j.Clash.Prefix + name + j.Clash.Suffix)
		}
		columns[i].out.Name = rel.Unique(name, taken)
	}
	return found.Err()
}
