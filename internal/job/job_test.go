package job

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

func TestQueueIsFair(t *testing.T) {
	s := newSite(t)
	first := []string{s.start(t, "ann", "1"), s.start(t, "ann", "2"), s.start(t, "ann", "3")}
	other := s.start(t, "bob", "1")
	s.working(t, 2)
	if got := []State{state(t, s, first[0]), state(t, s, first[1]), state(t, s, first[2]), state(t, s, other)}; !slices.Equal(got, []State{Running, Running, Queued, Queued}) {
		t.Fatalf("states %v", got)
	}
	if err := s.Cancel(first[0]); err != nil {
		t.Fatal(err)
	}
	s.working(t, 1)
	if state(t, s, other) != Running || state(t, s, first[2]) != Queued {
		t.Error("whoever has a run under way came before whoever has none")
	}
	if err := s.Cancel(first[2]); err != nil || state(t, s, first[2]) != Cancelled {
		t.Errorf("a run that waits is not cancelled: %v", err)
	}
	close(s.gate.open)
	got := s.last(t, first[1])
	if got.State != Failed || len(got.Errors) != 1 || got.Errors[0].Kind != errs.Exhausted || got.Errors[0].Place.Node != "a" {
		t.Errorf("ended with %+v", got)
	}
	if got := s.last(t, first[0]); got.State != Cancelled {
		t.Errorf("a cancelled run ended as %d", got.State)
	}
}

func TestRepeatedStart(t *testing.T) {
	s := newSite(t)
	a := s.start(t, "ann", "1")
	if b := s.start(t, "ann", "1"); a != b {
		t.Error("the same client's id made two runs")
	}
	if b := s.start(t, "bob", "1"); a == b {
		t.Error("two accounts share a run")
	}
	if b, c := s.start(t, "ann", ""), s.start(t, "ann", ""); b == c {
		t.Error("no id is taken for one")
	}
}

func TestQueueIsBounded(t *testing.T) {
	s := newSite(t)
	for range mostQueued + 2 {
		s.start(t, "ann", "")
	}
	if _, err := s.Start(Request{Account: "ann", Path: "ann/p.weft"}); errs.KindOf(err) != errs.Exhausted {
		t.Errorf("got %v", err)
	}
	s.start(t, "bob", "")
}

func TestProgressIsReplaced(t *testing.T) {
	s := newSite(t)
	id := s.start(t, "ann", "")
	s.working(t, 1)
	close(s.gate.open)
	s.last(t, id)
	var numbers []int64
	var steps []State
	err := s.Watch(t.Context(), id, 0, func(e Event) error {
		numbers = append(numbers, e.Number)
		if e.Step != nil {
			steps = append(steps, e.Step.State)
		}
		return nil
	})
	if err != nil || !slices.IsSorted(numbers) || len(slices.Compact(numbers)) != len(numbers) {
		t.Errorf("numbers %v, %v", numbers, err)
	}
	if !slices.Equal(steps, []State{Failed}) {
		t.Errorf("steps %v", steps)
	}
}

func TestTimeLimit(t *testing.T) {
	s := newSite(t)
	id := s.start(t, "ann", "", func(q *Request) { q.Limit = 50 * time.Millisecond })
	if got := s.last(t, id); got.State != Failed || got.Errors[0].Kind != errs.Timeout {
		t.Errorf("ended with %+v", got)
	}
}

// What was under way when the Server ended has failed, at its orderly end and
// at a crash alike; the rest is as it was.
func TestRestart(t *testing.T) {
	s := newSite(t, func(o *Options) { o.AtOnce = 1 })
	crashed := s.start(t, "ann", "1")
	s.working(t, 1)
	folder := filepath.Join(s.o.Runs, crashed)
	before, err := os.ReadFile(filepath.Join(folder, recordName))
	if err != nil {
		t.Fatal(err)
	}
	waiting := s.start(t, "ann", "2")
	s.end(t)
	// A crash leaves the file of a run that runs, and half a result.
	if err := os.WriteFile(filepath.Join(folder, recordName), before, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.o.Runs, "aaaaaaaaaaaaaaaaaaaaaaaaaa"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.begin(t)
	for _, id := range []string{crashed, waiting} {
		got, err := s.Get(id)
		if err != nil || got.State != Failed || len(got.Errors) != 1 || got.Errors[0].Message.ID != errInterrupted.ID || got.Ended.IsZero() {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "1")); !os.IsNotExist(err) {
		t.Errorf("half a result is there: %v", err)
	}
	if again := s.start(t, "ann", "1"); again != crashed {
		t.Error("a client's id is forgotten")
	}
	list, more := s.List("", "", 10, func(string) bool { return true })
	if more || len(list) != 2 || list[0].ID != waiting || list[1].ID != crashed {
		t.Errorf("listed %+v", list)
	}
}

// A Server that drains takes no runs, gives up those that wait, and lets those
// that go end as they would.
func TestDrain(t *testing.T) {
	s := newSite(t, func(o *Options) { o.AtOnce = 1 })
	first := s.start(t, "ann", "1")
	s.working(t, 1)
	waiting := s.start(t, "ann", "2")
	late, cancel := context.WithCancel(t.Context())
	cancel()
	s.Drain(late) // no time is left
	if got := s.last(t, waiting); got.State != Failed || got.Errors[0].Message.ID != errInterrupted.ID {
		t.Errorf("what waited: %+v", got)
	}
	if _, err := s.Start(Request{Account: "ann", ClientID: "3"}); errs.KindOf(err) != errs.Unavailable {
		t.Error("a new one:", err)
	}
	if got, err := s.Get(first); err != nil || got.State != Running {
		t.Errorf("what goes: %+v %v", got, err)
	}
	close(s.gate.open)
	s.Drain(t.Context())
	if got, err := s.Get(first); err != nil || got.State != Failed || got.Errors[0].Message.ID != errEngine.ID {
		t.Errorf("it did not end by itself: %+v %v", got, err)
	}
}

func TestList(t *testing.T) {
	s := newSite(t)
	a, b := s.start(t, "ann", ""), s.start(t, "ann", "", func(q *Request) { q.Path = "bob/q.weft" })
	yes := func(string) bool { return true }
	ids := func(list []Info) (out []string) {
		for _, i := range list {
			out = append(out, i.ID)
		}
		return out
	}
	tests := []struct {
		name, path, before string
		limit              int
		may                func(string) bool
		want               []string
		more               bool
	}{
		{"all", "", "", 10, yes, []string{b, a}, false},
		{"some", "", "", 1, yes, []string{b}, true},
		{"those before", "", b, 10, yes, []string{a}, false},
		{"of a package", "ann/p.weft", "", 10, yes, []string{a}, false},
		{"of what may be seen", "", "", 10, func(p string) bool { return p == "bob/q.weft" }, []string{b}, false},
		{"of nothing", "", "", 1, func(string) bool { return false }, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, more := s.List(tt.path, tt.before, tt.limit, tt.may)
			if diff := cmp.Diff(tt.want, ids(got)); diff != "" || more != tt.more {
				t.Errorf("more %t: %s", more, diff)
			}
		})
	}
}

// Old runs go, and those whose results take too much; the latest stays.
func TestTrim(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Bytes = 100 })
	add := func(bytes int64, ended time.Time) string {
		e := newEntry(Info{ID: "r" + ended.Format("150405.000000"), Path: "ann/p.weft", Started: ended}, "")
		e.now.State, e.now.Ended, e.now.Results = Done, ended, []Result{{ID: "x", Bytes: bytes}}
		s.save(e)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(e)
		return e.id
	}
	now := time.Now()
	old := add(1, now.Add(-31*24*time.Hour))
	large := add(60, now.Add(-3*time.Minute))
	small := add(10, now.Add(-2*time.Minute))
	latest := add(80, now.Add(-time.Minute))
	s.trim()
	for id, want := range map[string]bool{old: false, large: false, small: true, latest: true} {
		_, err := s.Get(id)
		_, there := os.Stat(s.folder(id))
		if (err == nil) != want || (there == nil) != want {
			t.Errorf("%s: %v, %v", id, err, there)
		}
	}
}

func TestFailuresAreKept(t *testing.T) {
	in := failures{errs.New(errs.Failed, errEngine, errs.P{"thing": errs.Words{En: "pump", Ru: "насос"}, "n": 3}).At(errs.Place{Node: "a"})}
	data, err := in.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var out failures
	if err := out.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	if out[0].Text("ru") != in[0].Text("ru") || out[0].Text("en") != in[0].Text("en") || out[0].Place != in[0].Place || out[0].Kind != in[0].Kind {
		t.Errorf("got %v", out)
	}
}

// A page is read from the parts that it lies in.
func TestPageTouchesLittle(t *testing.T) {
	r := Result{ID: "r-1", Node: "a", Schema: rel.Schema{{Name: "x", Type: rel.Integer}, {Name: "y", Type: rel.String}}, Rows: 25, Parts: []run.Part{
		{Name: "data_0.parquet", Rows: 10}, {Name: "data_1.parquet", Rows: 10}, {Name: "data_2.parquet", Rows: 5},
	}}
	tests := []struct {
		name          string
		offset, limit int64
		files         []string
		skip          int64
	}{
		{"within one", 12, 5, []string{"/f/data_1.parquet"}, 2},
		{"over two", 8, 5, []string{"/f/data_0.parquet", "/f/data_1.parquet"}, 8},
		{"to the edge", 10, 10, []string{"/f/data_1.parquet"}, 0},
		{"the end", 24, 100, []string{"/f/data_2.parquet"}, 4},
		{"all", 0, 100, []string{"/f/data_0.parquet", "/f/data_1.parquet", "/f/data_2.parquet"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := r.page("/f", Page{Offset: tt.offset, Limit: tt.limit, Columns: []string{"y"}})
			if err != nil {
				t.Fatal(err)
			}
			limit := got.(*rel.Limit)
			stored := limit.Input.(*rel.Scan).Source.(*rel.Stored)
			if diff := cmp.Diff(tt.files, stored.Files); diff != "" || limit.Offset != tt.skip || limit.Count != tt.limit || len(got.Schema()) != 1 {
				t.Errorf("offset %d, count %d: %s", limit.Offset, limit.Count, diff)
			}
		})
	}
	if got, err := r.page("/f", Page{Offset: 25, Limit: 1}); err != nil || len(got.(*rel.Values).Rows) != 0 {
		t.Errorf("beyond the end: %v, %v", got, err)
	}
	if _, err := r.page("/f", Page{Limit: 1, Columns: []string{"z"}}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("an unknown column: %v", err)
	}
}
