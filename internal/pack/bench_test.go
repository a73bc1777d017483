package pack

import (
	"fmt"
	"testing"
)

// chain is a package of a chain of nodes.
func chain(nodes int) *Package {
	w := Workflow{ID: "main"}
	for i := range nodes {
		n := Node{ID: fmt.Sprint("n", i), Component: "rows.filter", Settings: Map(E("formula", Text("delay >= $min_delay"))), Placed: true, At: Point{240 * i, 0}}
		if i > 0 {
			n.Inputs = []Link{{From: Ref{Node: fmt.Sprint("n", i-1)}}}
		}
		w.Nodes = append(w.Nodes, n)
	}
	return &Package{Weft: 1, Workflows: []Workflow{w}}
}

func BenchmarkDecode500(b *testing.B) {
	src := Encode(chain(500))
	for b.Loop() {
		if _, err := Decode(src, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode500(b *testing.B) {
	p := chain(500)
	for b.Loop() {
		Encode(p)
	}
}

func BenchmarkConnectAt100000(b *testing.B) {
	p := chain(MaxNodes)
	for b.Loop() {
		if _, err := Apply(p, Connect{Workflow: "main", Node: "n99999", From: Ref{Node: "n5"}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenameAndPatchAt1000(b *testing.B) {
	d := NewDocument(chain(1000), 0)
	for i := 0; b.Loop(); i++ {
		was := d.Outline()
		if _, err := d.Do(Author{Person: "ann"}, Rename{"main", "n500", fmt.Sprint("label ", i)}); err != nil {
			b.Fatal(err)
		}
		if p := Patches(was, d.Outline()); len(p) != 1 {
			b.Fatal(len(p))
		}
		d.Settle()
	}
}
