package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/run"
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

// statistics reads answers about a port until they are exact for all columns.
func statistics(t *testing.T, c weftv1.DataClient, port *weftv1.Port) map[string]*weftv1.ColumnStatistics {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := c.WatchStatistics(ctx, &weftv1.WatchStatisticsRequest{Port: port})
	check(t, err)
	all := map[string]*weftv1.ColumnStatistics{}
	exact := map[string]bool{}
	for {
		m, err := stream.Recv()
		check(t, err)
		if len(m.GetErrors()) > 0 {
			t.Fatalf("errors: %v", m.GetErrors())
		}
		for _, c := range m.GetColumns() {
			all[c.GetName()] = c
			if m.GetExact() {
				exact[c.GetName()] = true
			}
		}
		if len(exact) == len(all) {
			return all
		}
	}
}

func TestStatistics(t *testing.T) {
	s := newSite(t)
	s.put(t, "user/kinds.weft", `weft: 1
workflows:
  main:
    nodes:
      kinds:
        component: input.table
        settings:
          columns: [{name: i, type: integer}, {name: r, type: real}, {name: d, type: "decimal(9,2)"}, {name: day, type: date}, {name: at, type: timestamp}, {name: s}, {name: b, type: boolean}, {name: none, type: integer}]
          rows:
            - [1, 0.5, "1.25", "2026-01-01", "2026-01-01 00:00:00", a, true, null]
            - [3, 1.5, "2.25", "2026-01-03", "2026-01-02 12:00:00", b, true, null]
            - [3, null, "3.25", "2026-01-05", "2026-01-03 00:00:00", b, false, null]
`)
	got := statistics(t, weftv1.NewDataClient(s.client(t)), &weftv1.Port{Document: "user/kinds.weft", Node: "kinds"})
	if len(got) != 8 {
		t.Fatalf("%d columns", len(got))
	}
	tests := []struct {
		column, min, max string
		nulls, distinct  int64
		mean             float64
		bins             string // counts of bins that are not empty, with where they begin
	}{
		{"i", "1", "3", 0, 2, 7. / 3, "1:1 3:2"},
		{"r", "0.5", "1.5", 1, 2, 1, "0.5:1 1.5:1"},
		{"d", "1.25", "3.25", 0, 3, 2.25, "1.2:1 2.2:1 3.2:1"},
		{"day", "2026-01-01", "2026-01-05", 0, 3, 0, "2026-01-01:1 2026-01-03:1 2026-01-05:1"},
		{"at", "2026-01-01 00:00:00", "2026-01-03 00:00:00", 0, 3, 0, "2026-01-01 00:00:00:1 2026-01-02 12:00:00:1 2026-01-02 21:36:00:1"},
		{"s", "a", "b", 0, 2, 0, "b:2 a:1"},
		{"b", "false", "true", 0, 2, 0, "true:2 false:1"},
		{"none", "", "", 3, 0, 0, ""},
	}
	for _, tt := range tests {
		c := got[tt.column]
		var bins []string
		for _, b := range c.GetBins() {
			if b.GetCount() > 0 {
				bins = append(bins, fmt.Sprintf("%s:%d", b.GetFrom(), b.GetCount()))
			}
		}
		if c.GetMin() != tt.min || c.GetMax() != tt.max || c.GetNulls() != tt.nulls || c.GetDistinct() != tt.distinct ||
			math.Abs(c.GetMean()-tt.mean) > 1e-9 || strings.Join(bins, " ") != tt.bins || len(c.GetBins()) > 50 {
			t.Errorf("%s: %v, bins %v", tt.column, c, bins)
		}
	}
}

// A table that is dear is first described by its head, then as a whole.
func TestStatisticsOfMuch(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 1_500_000)
	s.put(t, "user/sums.weft", sums)
	conn := s.client(t)
	port := &weftv1.Port{Document: "user/sums.weft", Node: "numbers"}
	got := statistics(t, weftv1.NewDataClient(conn), port)
	if n := got["n"]; n.GetDistinct() != 1_500_000 || n.GetMax() != "1499999" || n.GetMean() != 749_999.5 {
		t.Errorf("got %v", n)
	}
	p := newPanel(t, conn)
	p.ask(t, &weftv1.Port{Document: "user/sums.weft", Node: "beside"}, 100, false)
	first := p.next(t)
	if first.done.GetExact() || !first.done.GetFollows() || len(first.rows) != 2 {
		t.Fatalf("first %v, %v", first.done, first.failed)
	}
	if next := p.next(t); !next.done.GetExact() || next.done.GetFollows() || len(next.rows) != 2 {
		t.Errorf("then %v, %v", next.done, next.failed)
	}
}

// Where the exact rows cannot be had in time, the sample comes again as the
// last answer; what is not quick after all is computed all the same.
func TestSampleIsTheLastAnswer(t *testing.T) {
	s := newSite(t, func(_ *run.Runner, p *preview.Options, _ *job.Options) {
		p.Times.First, p.Times.Exact = time.Nanosecond, time.Nanosecond
	})
	s.numbers(t, "user/numbers.csv", 1_500_000)
	s.put(t, "user/sums.weft", sums)
	p := newPanel(t, s.client(t))
	p.ask(t, &weftv1.Port{Document: "user/sums.weft", Node: "beside"}, 100, false)
	first := p.next(t)
	if first.done.GetExact() || !first.done.GetFollows() || len(first.rows) != 2 {
		t.Fatalf("first %v, %v", first.done, first.failed)
	}
	if next := p.next(t); next.done.GetExact() || next.done.GetFollows() || len(next.rows) != 2 {
		t.Errorf("then %v, %v", next.done, next.failed)
	}
}

// A client that says that it asks no more is answered on.
func TestHalfClosedPanel(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 6)
	doc := s.put(t, "user/sums.weft", sums)
	p := newPanel(t, s.client(t))
	p.ask(t, &weftv1.Port{Document: "user/sums.weft", Node: "big"}, 100, false)
	check(t, p.stream.CloseSend())
	p.next(t)
	doc.do(t, pack.SetSetting{Workflow: "main", Node: "big", Path: formula(t), Value: pack.Text("n > 4")})
	if next := p.next(t); len(next.rows) != 1 {
		t.Errorf("got %v, %v", next.rows, next.failed)
	}
}

// A package that is moved sees the files of its new folder.
func TestPreviewOfAMovedPackage(t *testing.T) {
	s := newSite(t)
	check(t, os.Mkdir(s.tree("user/deep"), 0o700))
	s.numbers(t, "user/numbers.csv", 6)
	s.numbers(t, "user/deep/numbers.csv", 3)
	doc := s.put(t, "user/sums.weft", sums)
	p := newPanel(t, s.client(t))
	p.ask(t, &weftv1.Port{Document: "user/sums.weft", Node: "numbers"}, 100, false)
	if got := p.next(t); len(got.rows) != 6 {
		t.Fatalf("got %v, %v", got.rows, got.failed)
	}
	doc.move("user/deep/sums.weft")
	doc.do(t, pack.MoveNodes{Workflow: "main", Places: []pack.Placement{{Node: "big", At: pack.Point{X: 9}}}})
	if got := p.next(t); len(got.rows) != 3 {
		t.Errorf("got %v, %v", got.rows, got.failed)
	}
}

// Problems are told of every workflow, at their nodes and settings.
func TestProblems(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 6)
	doc := s.put(t, "user/wrong.weft", `weft: 1
workflows:
  main:
    nodes:
      numbers: {component: input.text, settings: {path: numbers.csv}}
      big: {component: rows.filter, input: numbers, settings: {formula: m > 1}}
      one: {component: output.text, input: numbers, settings: {path: out.csv}}
      two: {component: output.text, input: numbers, settings: {path: ./out.csv}}
      strange: {component: no.such, input: numbers}
  other:
    nodes:
      none: {component: input.text, settings: {path: none.csv}}
`)
	number, found, err := s.previews.Problems(t.Context(), s.account(t), doc)
	check(t, err)
	var got []string
	for _, e := range found {
		got = append(got, e.Message.ID+" at "+e.Place.String())
	}
	want := []string{
		"rel.no_column at node big: setting formula", "component.unknown at node strange",
		"run.same_output at node two: setting path", "workspace.missing at node other/none: setting path",
	}
	if diff := cmp.Diff(want, got); diff != "" || number != 0 {
		t.Errorf("as of %d: %s", number, diff)
	}
}
