package publish

import (
	"fmt"

	"github.com/weftworks/weft/internal/rel"
)

// part is what no caller can change: each worker computes it once.
type part struct {
	address string
	rel     rel.Rel
}

// Files of at most so much are kept in a worker's memory as a whole: bytes of
// text, or cells of Parquet.
const (
	smallText  = 16 << 20
	smallCells = 4 << 20
)

// fix takes the parts out of a plan that depend neither on what is given nor
// on an open variable, where that saves a call work and costs little memory:
// small files, and whatever makes few rows of many. name makes their addresses.
func fix(r rel.Rel, open map[string]bool, name string) (rel.Rel, []part) {
	f := &fixer{open: open, name: name, known: map[rel.Rel]bool{}, with: map[rel.Rel]rel.Rel{}}
	f.visit(r)
	return rel.Replace(r, f.with), f.parts
}

type fixer struct {
	open  map[string]bool
	name  string
	known map[rel.Rel]bool // whether it depends on the call
	with  map[rel.Rel]rel.Rel
	parts []part
}

func (f *fixer) visit(r rel.Rel) {
	if f.with[r] != nil {
		return
	}
	if !f.depends(r) && worth(r) {
		p := part{address: fmt.Sprintf("%s_%d", f.name, len(f.parts)+1), rel: r}
		scan, err := rel.Builder{NodeID: r.Node()}.Scan(&rel.Stored{Address: p.address, Rows: -1}, r.Schema(), r.Ordering().Known())
		if err == nil {
			f.parts, f.with[r] = append(f.parts, p), scan
			return
		}
	}
	for _, in := range r.Inputs() {
		f.visit(in)
	}
}

// depends reports whether another call could give another result.
func (f *fixer) depends(r rel.Rel) bool {
	if d, ok := f.known[r]; ok {
		return d
	}
	d := false
	if scan, ok := r.(*rel.Scan); ok {
		_, d = scan.Source.(*rel.Given)
	}
	for _, e := range rel.Expressions(r) {
		d = d || rel.Volatile(e) || f.varies(e)
	}
	for _, in := range r.Inputs() {
		d = f.depends(in) || d
	}
	f.known[r] = d
	return d
}

func (f *fixer) varies(e rel.Expr) bool {
	found := false
	rel.Walk(e, func(e rel.Expr) bool {
		p, ok := e.(*rel.Param)
		found = found || ok && f.open[p.Name]
		return !found
	})
	return found
}

// worth reports whether a part is to be kept.
func worth(r rel.Rel) bool {
	var text, cells int64
	reads := false
	rel.Visit(r, func(x rel.Rel) {
		scan, ok := x.(*rel.Scan)
		if !ok {
			return
		}
		reads = true
		switch src := scan.Source.(type) {
		case *rel.TextFile:
			text += src.Bytes
		case *rel.ParquetFile:
			cells += src.Rows * int64(len(scan.Schema()))
			if src.Rows < 0 {
				cells = smallCells + 1
			}
		}
	})
	return reads && (reduces(r) || text <= smallText && cells <= smallCells)
}

// reduces reports whether a part makes few rows of many.
func reduces(r rel.Rel) bool {
	switch r := r.(type) {
	case *rel.Aggregate, *rel.Distinct:
		return true
	case *rel.Limit:
		return r.Count >= 0
	case *rel.Project, *rel.Filter, *rel.Sort, *rel.Window:
		return reduces(r.Inputs()[0])
	default:
		return false
	}
}
