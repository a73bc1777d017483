package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/publish"
	"github.com/weftworks/weft/internal/run"
)

const delaysPackage = `weft: 1
variables:
  least: {type: integer, default: 15, label: Least delay}
  top: {type: integer, default: 10}
workflows:
  main:
    nodes:
      flights:
        component: input.text
        settings:
          path: flights.csv
          columns:
            - {name: day, type: date}
            - {name: origin, type: string}
            - {name: delay, type: integer}
            - {name: price, type: "decimal(10,2)"}
      airports:
        component: input.text
        settings: {path: airports.csv}
      late:
        component: rows.filter
        input: flights
        settings: {formula: delay >= $least}
      located:
        component: tables.join
        inputs: {left: late, right: airports}
        settings:
          kind: left
          keys: [{left: origin, right: iata}]
      by_airport:
        component: columns.group
        input: located
        settings:
          keys: [origin, name]
          measures:
            - {function: count, name: flights}
            - {column: delay, function: mean, name: mean_delay}
      worst:
        component: rows.sort
        input: by_airport
        settings:
          keys: [{column: mean_delay, direction: descending}, {column: origin}]
      first:
        component: rows.sample
        input: worst
        settings: {method: first, rows: {var: top}}
services:
  delays:
    by_airport: {input: flights, variables: [least], output: by_airport}
    worst: {input: flights, variables: [least, top], output: first}
    late: {input: flights, output: late}
    all: {variables: [least], output: by_airport}
`

// delaysHalf is a package of which one operation is right.
const delaysHalf = `weft: 1
variables:
  file: {type: string, default: flights.csv}
workflows:
  main:
    nodes:
      flights:
        component: input.text
        settings: {path: {var: file}}
      gone: {component: input.text, settings: {path: gone.csv}}
      file: {component: output.text, input: flights, settings: {path: out.csv}}
services:
  half:
    path: {variables: [file], output: flights}
    nothing: {output: file}
    nowhere: {input: gone, output: gone}
    good: {output: flights}
`

// fourHundred are nodes of which b has four hundred rows.
const fourHundred = `      a:
        component: input.table
        settings:
          columns: [{name: x, type: integer}]
          rows: [[1], [2], [3], [4], [5], [6], [7], [8], [9], [10], [11], [12], [13], [14], [15], [16], [17], [18], [19], [20]]
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
`

// slowPackage makes many rows of few.
const slowPackage = `weft: 1
variables:
  least: {type: integer, default: 1}
workflows:
  main:
    nodes:
` + fourHundred + `      c: {component: tables.join, inputs: {left: b, right: a}, settings: {kind: cross}}
      d: {component: rows.filter, input: c, settings: {formula: x + $least < 100}}
services:
  slow:
    pairs: {variables: [least], output: d}
`

// tree is a workspace tree with files by path.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func delaysFiles() map[string]string {
	return map[string]string{
		"user/delays.weft":  delaysPackage,
		"user/flights.csv":  "day,origin,delay,price\n2001-01-01,ORD,20,1.50\n2001-01-02,LAX,5,2.00\n",
		"user/airports.csv": "iata,name\nORD,O'Hare\nLAX,Los Angeles\n",
	}
}

// published is a registry over a tree that has been looked at once.
func published(t testing.TB, dir string, change ...func(*publish.Options)) *publish.Registry {
	t.Helper()
	o := publish.Options{Root: dir, Runner: app.NewRunner(app.RunnerConfig{Worker: []string{filepath.Join(install(t), "weft"), "worker"}})}
	for _, do := range change {
		do(&o)
	}
	r, err := publish.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := r.Look(); err != nil {
		t.Fatal(err)
	}
	return r
}

// flights is a table of what columns are given: origins, and delays as text
// where "" is null.
func flightsBatch(t testing.TB, rows ...[2]any) arrow.RecordBatch {
	t.Helper()
	s := arrow.NewSchema([]arrow.Field{
		{Name: "delay", Type: arrow.PrimitiveTypes.Int64, Nullable: true}, {Name: "origin", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, s)
	defer b.Release()
	for _, r := range rows {
		if r[1] == nil {
			b.Field(0).AppendNull()
		} else {
			b.Field(0).(*array.Int64Builder).Append(int64(r[1].(int)))
		}
		b.Field(1).(*array.StringBuilder).Append(r[0].(string))
	}
	return b.NewRecordBatch()
}

func sorted(lines []string) string {
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func call(ctx context.Context, r *publish.Registry, name string, c publish.Call) (string, error) {
	service, operation, _ := strings.Cut(name, "/")
	op, err := r.State().Find(service, operation)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = op.Call(ctx, c, func(b arrow.RecordBatch) error {
		for _, row := range run.Rows(b) {
			out.WriteString(strings.Trim(fmt.Sprint(row), "[]") + "\n")
		}
		return nil
	})
	return out.String(), err
}

func TestPublishedOperations(t *testing.T) {
	r := published(t, tree(t, delaysFiles()))
	var got []string
	for _, o := range r.State().Operations {
		got = append(got, fmt.Sprintf("%s/%s %s takes %v needs %v variables %v gives %v", o.Service, o.Operation, o.Path, o.Input, o.Required, o.Variables, o.Output))
	}
	for _, p := range r.State().Problems {
		got = append(got, fmt.Sprint(p))
	}
	const input = "takes day date?, origin string?, delay integer?, price decimal(10,2)?"
	const grouped = "gives origin string?, name string?, flights integer, mean_delay real?"
	want := []string{
		"delays/all user/delays.weft takes  needs [] variables [{least integer 15 Least delay}] " + grouped,
		"delays/by_airport user/delays.weft " + input + " needs [origin delay] variables [{least integer 15 Least delay}] " + grouped,
		"delays/late user/delays.weft " + input + " needs [day origin delay price] variables [] gives day date?, origin string?, delay integer?, price decimal(10,2)?",
		"delays/worst user/delays.weft " + input + " needs [origin delay] variables [{least integer 15 Least delay} {top integer 10 }] " + grouped,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("declared (-want +got):\n%s", diff)
	}
}

func TestPublishedCalls(t *testing.T) {
	r := published(t, tree(t, delaysFiles()))
	rows := flightsBatch(t, [2]any{"ORD", 30}, [2]any{"ORD", 10}, [2]any{"XXX", 90}, [2]any{"LAX", nil})
	for _, tt := range []struct {
		name, op  string
		variables map[string]string
		input     []arrow.RecordBatch
		want      string
		id        string
	}{
		{name: "defaults", op: "delays/by_airport", input: []arrow.RecordBatch{rows}, want: "ORD O'Hare 1 30\nXXX <nil> 1 90\n"},
		{name: "a variable", op: "delays/by_airport", input: []arrow.RecordBatch{rows}, variables: map[string]string{"least": "10"}, want: "ORD O'Hare 2 20\nXXX <nil> 1 90\n"},
		{name: "one that shapes the plan", op: "delays/worst", input: []arrow.RecordBatch{rows}, variables: map[string]string{"top": "1"}, want: "XXX <nil> 1 90\n"},
		{name: "no table", op: "delays/all", want: "ORD O'Hare 1 20\n"},
		{name: "no rows", op: "delays/by_airport", input: []arrow.RecordBatch{flightsBatch(t)}},
		{name: "unknown service", op: "delay/by_airport", id: "publish.no_service"},
		{name: "unknown operation", op: "delays/by", id: "publish.no_operation"},
		{name: "unknown variable", op: "delays/all", variables: map[string]string{"most": "1"}, id: "publish.unknown_variable"},
		{name: "text for a number", op: "delays/all", variables: map[string]string{"least": `"1"`}, id: "component.json_type"},
		{name: "null", op: "delays/all", variables: map[string]string{"least": `null`}, id: "publish.missing_variable"},
		{name: "missing table", op: "delays/by_airport", id: "publish.no_table"},
		{name: "a table too many", op: "delays/all", input: []arrow.RecordBatch{rows}, id: "publish.unwanted_table"},
		{name: "missing columns", op: "delays/late", input: []arrow.RecordBatch{rows}, id: "publish.missing_column"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 {
				got, err := call(t.Context(), r, tt.op, publish.Call{Variables: tt.variables, Input: tt.input})
				if tt.id != "" {
					if list := errs.All(err); len(list) == 0 || list[0].Message.ID != tt.id {
						t.Errorf("got %v, want %s", err, tt.id)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				lines := strings.Split(got, "\n")
				if sorted(lines) != sorted(strings.Split(tt.want, "\n")) {
					t.Errorf("got %s", got)
				}
			}
		})
	}
}

// A package that is wrong tells why and takes nobody down; of two with one
// service the first keeps it; what is saved is published anew.
func TestPublishingFollowsTheFiles(t *testing.T) {
	files := delaysFiles()
	files["user/broken.weft"] = "weft: 1\nservices:\n  x: [\n"
	files["other/delays.weft"] = strings.ReplaceAll(delaysPackage, "  delays:\n", "  others:\n")
	files["other/flights.csv"], files["other/airports.csv"] = files["user/flights.csv"], files["user/airports.csv"]
	files["user/half.weft"] = delaysHalf
	files["user/.hidden/delays.weft"] = delaysPackage
	files["top.weft"] = delaysPackage
	dir := tree(t, files)
	r := published(t, dir)
	told := func() (out []string) {
		for _, o := range r.State().Operations {
			out = append(out, o.Service+"/"+o.Operation+" "+o.Path)
		}
		for _, p := range r.State().Problems {
			for _, e := range p.Errors {
				out = append(out, strings.Join([]string{p.Path, p.Service, p.Operation, e.Message.ID}, " "))
			}
		}
		return out
	}
	look := func() {
		t.Helper()
		if err := r.Look(); err != nil {
			t.Fatal(err)
		}
	}
	delays := []string{"delays/all user/delays.weft", "delays/by_airport user/delays.weft", "delays/late user/delays.weft", "delays/worst user/delays.weft"}
	others := []string{"others/all other/delays.weft", "others/by_airport other/delays.weft", "others/late other/delays.weft", "others/worst other/delays.weft"}
	wrong := []string{
		"user/broken.weft   pack.syntax",
		"user/half.weft half path publish.source_variable", "user/half.weft half nothing publish.no_output_node",
		"user/half.weft half nowhere workspace.missing", "user/half.weft half nowhere publish.no_input_table",
	}
	good := []string{"half/good user/half.weft"}
	if diff := cmp.Diff(slices.Concat(delays, good, others, wrong), told()); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	hash, changed := r.State().Hash, r.State().Changed()
	look()
	if r.State().Hash != hash {
		t.Error("published anew without a change")
	}
	put(t, dir, "other/delays.weft", delaysPackage+"# saved again\n")
	look()
	<-changed
	if diff := cmp.Diff(slices.Concat(delays, good, []string{"other/delays.weft delays  publish.service_taken"}, wrong), told()); diff != "" {
		t.Errorf("a name taken (-want +got):\n%s", diff)
	}
	if err := os.Remove(filepath.Join(dir, "user/delays.weft")); err != nil {
		t.Fatal(err)
	}
	look()
	if got := told(); got[0] != "delays/all other/delays.weft" {
		t.Errorf("the second does not take over: %v", got)
	}
	put(t, dir, "other/flights.csv", "day,origin,delay,price\n2001-01-01,LAX,99,1.50\n")
	look()
	if got, err := call(t.Context(), r, "delays/all", publish.Call{}); err != nil || got != "LAX Los Angeles 1 99\n" {
		t.Errorf("after a file changed: %q, %v", got, err)
	}
}

// A worker that dies under a call fails that call alone.
func TestPublishedWorkerDies(t *testing.T) {
	r := published(t, tree(t, map[string]string{"user/slow.weft": slowPackage}), func(o *publish.Options) {
		o.Workers, o.Timeout, o.MaxRows = 1, busy, 1000
	})
	fails := func(variable string, kind errs.Kind) {
		t.Helper()
		if _, err := call(t.Context(), r, "slow/pairs", publish.Call{Variables: map[string]string{"least": variable}}); errs.KindOf(err) != kind {
			t.Errorf("got %v, want %v", err, kind)
		}
	}
	works := func() {
		t.Helper()
		if got, err := call(t.Context(), r, "slow/pairs", publish.Call{Variables: map[string]string{"least": "1000"}}); err != nil || got != "" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	works()
	fails("0", errs.Exhausted)
	works()
	fails("9223372036854775807", errs.Failed)
	works()
}

// Workers are replaced after so many requests while callers come without a
// pause: none of them hears of it.
func TestPublishedWorkersAreReplaced(t *testing.T) {
	const requests, callers, each = 20, 8, 30
	r := published(t, tree(t, delaysFiles()), func(o *publish.Options) { o.Workers, o.Requests = 2, requests })
	seen := map[int]bool{}
	note := func() {
		for _, pid := range workers(t) {
			seen[pid] = true
		}
	}
	note()
	rows := flightsBatch(t, [2]any{"ORD", 30})
	want, err := call(t.Context(), r, "delays/by_airport", publish.Call{Input: []arrow.RecordBatch{rows}})
	check(t, err)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				if got, err := call(t.Context(), r, "delays/by_airport", publish.Call{Input: []arrow.RecordBatch{rows}}); err != nil || got != want {
					t.Errorf("got %q, %v", got, err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { defer close(done); wg.Wait() }()
	for looking := true; looking; {
		select {
		case <-done:
			looking = false
		default:
			note()
		}
	}
	if least := callers * each / requests / 2; len(seen) < least {
		t.Errorf("%d processes served %d calls, want %d or more", len(seen), callers*each, least)
	}
}

func BenchmarkPublishedCall(b *testing.B) {
	r := published(b, tree(b, delaysFiles()))
	rows := flightsBatch(b, [2]any{"ORD", 30})
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := call(b.Context(), r, "delays/by_airport", publish.Call{Input: []arrow.RecordBatch{rows}}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
