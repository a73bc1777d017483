package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/pack"
)

const sums = `weft: 1
variables:
  least: {type: integer, default: 3}
workflows:
  main:
    nodes:
      numbers: {component: input.text, settings: {path: numbers.csv}}
      big: {component: rows.filter, input: numbers, settings: {formula: n >= $least}}
      beside: {component: rows.filter, input: numbers, settings: {formula: n < 2}}
`

// numbers writes a text file of n rows.
func (s *site) numbers(t *testing.T, path string, n int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("n,name\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,row %d\n", i, i)
	}
	check(t, os.WriteFile(s.tree(path), []byte(b.String()), 0o600))
}

func TestPreviewFollowsTheDocument(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 6)
	doc := s.put(t, "user/sums.weft", sums)
	p := newPanel(t, s.client(t))
	port := &weftv1.Port{Document: "user/sums.weft", Node: "big"}
	p.ask(t, port, 100, false)
	first := p.next(t)
	if got := fmt.Sprint(first.rows); got != "[[3 row 3] [4 row 4] [5 row 5]]" || !first.done.GetExact() {
		t.Fatalf("got %s, %v, %v", got, first.done, first.failed)
	}
	// What does not matter to the port sends nothing: the next answer is of the
	// change that does.
	doc.do(t, pack.MoveNodes{Workflow: "main", Places: []pack.Placement{{Node: "big", At: pack.Point{X: 9}}}})
	doc.do(t, pack.SetSetting{Workflow: "main", Node: "beside", Path: formula(t), Value: pack.Text("n < 1")})
	doc.do(t, pack.SetSetting{Workflow: "main", Node: "big", Path: formula(t), Value: pack.Text("n > $least")})
	next := p.next(t)
	if got := fmt.Sprint(next.rows); got != "[[4 row 4] [5 row 5]]" || next.number != 3 {
		t.Errorf("got %s as of %d", got, next.number)
	}
	doc.do(t, pack.SetSetting{Workflow: "main", Node: "big", Path: formula(t), Value: pack.Text("m > $least")})
	failed := p.next(t)
	if got := failed.failed.GetErrors(); len(got) != 1 || got[0].GetPlace().GetSetting() != "formula" {
		t.Errorf("got %v", got)
	}
	// The file on the disk changes; the next request sees it.
	s.numbers(t, "user/numbers.csv", 2)
	p.ask(t, &weftv1.Port{Document: "user/sums.weft", Node: "numbers"}, 100, false)
	if got := p.next(t); len(got.rows) != 2 {
		t.Errorf("got %v", got.rows)
	}
}

func formula(t *testing.T) pack.Path {
	t.Helper()
	p, err := pack.ParsePath("formula")
	check(t, err)
	return p
}
