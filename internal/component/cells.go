package component

import (
	"fmt"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

var cellWords = errs.Words{En: "a single value", Ru: "одно значение"}

// Cells binds the rows of a table that stands in the package: a list of lists
// of single values. Each cell has a place of its own: rows[2][0].
func Cells(b *Binder, target *[][]Const, key string, opts ...Option) {
	f := field(key, TableField, opts)
	switch b.mode {
	case describing:
		*b.fields = append(*b.fields, f)
	case encoding:
		b.encodeList(key, len(*target), func(r int) pack.Value {
			cells := make([]pack.Value, len((*target)[r]))
			for i, c := range (*target)[r] {
				cells[i] = constCodec.to(c)
			}
			return pack.List(cells...)
		})
	case decoding:
		for r, row := range b.takeList(f) {
			path := fmt.Sprintf("%s[%d]", join(b.path, key), r)
			b.bound.places[path] = row.Pos
			if row.Kind != pack.ListValue {
				b.wrongKind(path, row, listWords)
				continue
			}
			*target = append(*target, b.cells(row.List, path))
		}
	}
}

func (b *Binder) cells(row []pack.Value, path string) []Const {
	out := make([]Const, len(row))
	for i, v := range row {
		at := fmt.Sprintf("%s[%d]", path, i)
		b.bound.places[at] = v.Pos
		if name, isVar := v.VarRef(); isVar {
			if value, ok := b.variable(at, name, v.Pos); ok {
				out[i].Value = value
				out[i].Param = b.vars[name]
			}
			continue
		}
		c, ok := constCodec.from(v)
		if !ok {
			b.wrongKind(at, v, cellWords)
		}
		out[i] = c
	}
	return out
}
