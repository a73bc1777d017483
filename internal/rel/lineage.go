package rel

import (
	"cmp"
	"slices"
)

// Origin is a column of a source from which another column takes its values.
type Origin struct {
	Node   string // the node that reads the source
	Column string
}

// Lineage returns the source columns that the values of a column of r come
// from, sorted. Conditions and keys that only choose rows do not count.
func Lineage(r Rel, column string) []Origin {
	found := map[Origin]bool{}
	trace(r, column, found, map[visit]bool{})
	out := make([]Origin, 0, len(found))
	for o := range found {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// visit remembers what was traced: a plan is a graph in which a column may be
// reached by many ways.
type visit struct {
	rel    Rel
	column string
}

func trace(r Rel, column string, found map[Origin]bool, seen map[visit]bool) {
	if seen[visit{r, column}] {
		return
	}
	seen[visit{r, column}] = true
	through := func(in Rel, e Expr) {
		Walk(e, func(x Expr) bool {
			if ref, ok := x.(*Ref); ok {
				trace(in, ref.Column.Name, found, seen)
			}
			return true
		})
	}
	switch r := r.(type) {
	case *Scan, *Values:
		found[Origin{Node: r.Node(), Column: column}] = true
	case *Project:
		if i := r.schema.Index(column); i >= 0 {
			through(r.Input, r.Items[i].Expr)
		}
	case *Join:
		if i := r.schema.Index(column); i >= 0 {
			in := r.Left
			if r.Items[i].From.Side == Right {
				in = r.Right
			}
			trace(in, r.Items[i].From.Column.Name, found, seen)
		}
	case *Aggregate:
		traceAggregate(r, column, through)
	case *Window:
		for _, it := range r.Items {
			if it.Column.Name == column {
				through(r.Input, it.Arg)
				return
			}
		}
		trace(r.Input, column, found, seen)
	default:
		for _, in := range r.Inputs() {
			trace(in, column, found, seen)
		}
	}
}

func traceAggregate(r *Aggregate, column string, through func(Rel, Expr)) {
	for _, k := range r.Keys {
		if k.Column.Name == column {
			through(r.Input, k.Expr)
		}
	}
	for _, m := range r.Measures {
		if m.Column.Name == column {
			through(r.Input, m.Arg)
		}
	}
}
