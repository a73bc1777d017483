package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/store"
)

const writes = `weft: 1
variables:
  least: {type: integer, default: 3}
workflows:
  main:
    nodes:
      numbers:
        component: input.text
        settings: {path: numbers.csv, columns: [{name: n, type: integer}, {name: name, type: string}]}
      big: {component: rows.filter, input: numbers, settings: {formula: n >= $least}}
      file: {component: output.text, input: big, settings: {path: out/big.csv}}
      sorted: {component: rows.sort, input: big, settings: {keys: [{column: n, direction: descending}]}}
`

// follow returns all events of a run.
func follow(t *testing.T, c weftv1.RunsClient, id string, after int64) (out []*weftv1.WatchRunResponse) {
	t.Helper()
	stream, err := c.WatchRun(t.Context(), &weftv1.WatchRunRequest{Run: id, After: after})
	check(t, err)
	for {
		e, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		check(t, err)
		out = append(out, e)
	}
}

// outcome is the last event of a run, once there is one.
func outcome(t *testing.T, c weftv1.RunsClient, id string) *weftv1.RunInfo {
	t.Helper()
	all := follow(t, c, id, 0)
	return all[len(all)-1].GetRun()
}

// page reads a page of a result.
func page(t *testing.T, c weftv1.DataClient, r *weftv1.ReadPageRequest) (rows [][]rel.Value, total int64) {
	t.Helper()
	stream, err := c.ReadPage(t.Context(), r)
	check(t, err)
	var arrow []byte
	for first := true; ; first = false {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return rowsOf(t, arrow), total
		}
		check(t, err)
		if first {
			total = m.GetTotal()
		}
		arrow = append(arrow, m.GetArrow()...)
	}
}

func TestRun(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 200_000)
	f, err := os.OpenFile(s.tree("user/numbers.csv"), os.O_APPEND|os.O_WRONLY, 0)
	check(t, err)
	_, err = f.WriteString("many,row\n")
	check(t, errors.Join(err, f.Close()))
	s.put(t, "user/writes.weft", writes)
	conn := s.client(t)
	runs, data := weftv1.NewRunsClient(conn), weftv1.NewDataClient(conn)
	start := &weftv1.StartRunRequest{ClientId: "c1", Path: "user/writes.weft", Variables: map[string]string{"least": "100000"}}
	started, err := runs.StartRun(t.Context(), start)
	check(t, err)
	again, err := runs.StartRun(t.Context(), start)
	check(t, err)
	if again.GetRun() != started.GetRun() {
		t.Error("a repeated start made a second run")
	}
	all := follow(t, runs, started.GetRun(), 0)
	last := all[len(all)-1].GetRun()
	if last.GetState() != weftv1.RunState_RUN_STATE_DONE || len(last.GetResults()) != 2 {
		t.Fatalf("ended with %v", last)
	}
	misfits := 0
	for i, e := range all {
		if i > 0 && e.GetNumber() <= all[i-1].GetNumber() {
			t.Errorf("event %d after %d", e.GetNumber(), all[i-1].GetNumber())
		}
		if m := e.GetMisfit(); m != nil {
			misfits++
			if m.GetColumn() != "n" || m.GetCount() != 1 || m.GetExample() != "many" {
				t.Errorf("misfit %v", m)
			}
		}
	}
	if misfits != 1 {
		t.Errorf("%d misfits", misfits)
	}
	if rest := follow(t, runs, started.GetRun(), all[len(all)-2].GetNumber()); len(rest) != 1 {
		t.Errorf("%d events after the last but one", len(rest))
	}
	written, err := os.Stat(s.tree("user/out/big.csv"))
	if err != nil || written.Size() == 0 {
		t.Errorf("the output: %v", err)
	}
	var result string
	for _, r := range last.GetResults() {
		if r.GetResult() != "" {
			result = r.GetResult()
		}
	}
	for _, tt := range []struct {
		offset      int64
		limit       uint32
		first, rows int64
	}{{0, 3, 199_999, 3}, {61_400, 100, 138_599, 100}, {99_999, 10, 100_000, 1}, {100_000, 10, 0, 0}, {5_000_000, 10, 0, 0}} {
		rows, total := page(t, data, &weftv1.ReadPageRequest{Result: result, Offset: tt.offset, Limit: tt.limit, Columns: []string{"n"}})
		if total != 100_000 || int64(len(rows)) != tt.rows {
			t.Fatalf("at %d: %d rows of %d", tt.offset, len(rows), total)
		}
		for i, row := range rows {
			if want := fmt.Sprint([]rel.Value{tt.first - int64(i)}); fmt.Sprint(row) != want {
				t.Fatalf("at %d, row %d: %v, want %s", tt.offset, i, row, want)
			}
		}
	}
	list, err := runs.ListRuns(t.Context(), &weftv1.ListRunsRequest{})
	if err != nil || len(list.GetRuns()) != 1 || list.GetRuns()[0].GetRun() != started.GetRun() {
		t.Errorf("listed %v, %v", list, err)
	}
}

func TestCatalogue(t *testing.T) {
	s := newSite(t)
	c := weftv1.NewCatalogueClient(s.client(t))
	list, err := c.GetCatalogue(t.Context(), &weftv1.GetCatalogueRequest{})
	check(t, err)
	if len(list.GetEntries()) < 20 {
		t.Fatalf("%d entries", len(list.GetEntries()))
	}
	same, err := c.GetCatalogue(t.Context(), &weftv1.GetCatalogueRequest{Hash: list.GetHash()})
	if err != nil || len(same.GetEntries()) > 0 || same.GetHash() != list.GetHash() {
		t.Errorf("the same again: %v, %v", same, err)
	}
	ask := &weftv1.GetEntriesRequest{Hashes: []string{"unknown", list.GetEntries()[0].GetHash()}}
	stream, err := c.GetEntries(t.Context(), ask)
	check(t, err)
	got, err := stream.Recv()
	if err != nil || got.GetHash() != ask.GetHashes()[1] || len(got.GetContent()) == 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("ended with %v", err)
	}
}

// A caller who may see nothing of a package learns nothing of its runs.
func TestForeignRuns(t *testing.T) {
	s := newSite(t)
	s.numbers(t, "user/numbers.csv", 10)
	s.put(t, "user/writes.weft", writes)
	runs := weftv1.NewRunsClient(s.client(t))
	started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "user/writes.weft"})
	check(t, err)
	if got := outcome(t, runs, started.GetRun()); got.GetState() != weftv1.RunState_RUN_STATE_DONE {
		t.Fatalf("ended with %v", got)
	}
	for name, call := range map[string]func() error{
		"start": func() error {
			_, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "other/p.weft"})
			return err
		},
		"list": func() error {
			_, err := runs.ListRuns(t.Context(), &weftv1.ListRunsRequest{Path: "other/p.weft"})
			return err
		},
		"get": func() error {
			_, err := runs.GetRun(t.Context(), &weftv1.GetRunRequest{Run: "none"})
			return err
		},
	} {
		if err := call(); len(rpc.Errors(err)) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run reads and writes what the account may, at each file: a deeper folder
// may be shut to it.
func TestRightsOfFiles(t *testing.T) {
	s := newSite(t)
	check(t, os.MkdirAll(s.tree("user/shut"), 0o700))
	check(t, os.MkdirAll(s.tree("user/look"), 0o700))
	s.numbers(t, "user/shut/numbers.csv", 10)
	s.numbers(t, "user/look/numbers.csv", 10)
	user := auth.Subject{Name: "user"}
	check(t, s.auth.Owner().Grant(t.Context(), "/user/shut", user, 0))
	check(t, s.auth.Owner().Grant(t.Context(), "/user/look", user, store.Read))
	conn := s.client(t)
	runs, p := weftv1.NewRunsClient(conn), newPanel(t, conn)
	tests := []struct{ name, from, to, id string }{
		{"what is shut", "shut/numbers.csv", "out.csv", "auth.hidden"},
		{"what is not there", "shut/none.csv", "out.csv", "auth.hidden"},
		{"a pattern", "shut/*.csv", "out.csv", "workspace.no_match"},
		{"where one may only look", "look/numbers.csv", "look/out.csv", "server.not_writable"},
		{"where one may", "look/numbers.csv", "made/out.csv", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.put(t, "user/rights.weft", "weft: 1\nworkflows:\n  main:\n    nodes:\n      from: {component: input.text, settings: {path: '"+tt.from+
				"'}}\n      to: {component: output.text, input: from, settings: {path: "+tt.to+"}}\n")
			started, err := runs.StartRun(t.Context(), &weftv1.StartRunRequest{Path: "user/rights.weft"})
			check(t, err)
			got := outcome(t, runs, started.GetRun())
			if tt.id == "" {
				if got.GetState() != weftv1.RunState_RUN_STATE_DONE || got.GetResults()[0].GetPath() != "user/made/out.csv" {
					t.Errorf("ended with %v", got)
				}
				return
			}
			if len(got.GetErrors()) == 0 || got.GetErrors()[0].GetId() != tt.id {
				t.Errorf("ended with %v", got)
			}
			if tt.id == "server.not_writable" {
				return // to look is allowed
			}
			p.ask(t, &weftv1.Port{Document: "user/rights.weft", Node: "from"}, 10, false)
			if failed := p.next(t).failed; len(failed.GetErrors()) == 0 || failed.GetErrors()[0].GetId() != tt.id {
				t.Errorf("the preview: %v", failed)
			}
		})
	}
}
