package duckdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

// endless runs for minutes in a way that interrupts stop.
const endless = `SELECT count(*) FROM range(1000000000) a(i), range(1000000000) b(j) WHERE i * j % 7 = 3`

func discard(arrow.RecordBatch) error { return nil }

// start starts a worker with an own run folder and a readable input folder.
func start(t *testing.T, change ...func(*worker.Config)) (c *worker.Client, dir, input string) {
	t.Helper()
	dir, input = realTemp(t), realTemp(t)
	cfg := worker.Config{
		Command: []string{os.Args[0], "worker"},
		Dir:     dir,
		Reads:   []string{input},
		Memory:  512 << 20,
		Threads: 2,
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := worker.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "tmp")); !errors.Is(err, os.ErrNotExist) {
			t.Error("the folder for spilling is still there")
		}
	})
	return c, dir, input
}

func realTemp(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// values runs a query and renders its rows.
func values(t *testing.T, c *worker.Client, sql string) []string {
	t.Helper()
	var rows []string
	err := c.Query(t.Context(), sql, 0, func(b arrow.RecordBatch) error {
		for i := range int(b.NumRows()) {
			var cells []string
			for _, col := range b.Columns() {
				cells = append(cells, col.ValueStr(i))
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return rows
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		t.Errorf("got error %v of kind %v, want kind %v", err, errs.KindOf(err), kind)
	}
}

func TestQueryTypes(t *testing.T) {
	c, _, _ := start(t)
	const sql = `SELECT true AS b, 1::BIGINT AS i, 1.5::DOUBLE AS d, 1.25::DECIMAL(9,2) AS m, 'ж' AS s,
		DATE '2020-02-29' AS da, TIME '10:00' AS ti, TIMESTAMP '2020-01-01 10:00' AS ts,
		TIMESTAMPTZ '2020-01-01 10:00:00+03' AS tz WHERE %s`
	want := "b bool, i int64, d float64, m decimal(9, 2), s utf8, da date32, ti time64[us], ts timestamp[us], tz timestamp[us, tz=UTC]"
	for _, tt := range []struct {
		name, where string
		rows        int64
	}{{"a row", "true", 1}, {"no row", "false", 0}} {
		t.Run(tt.name, func(t *testing.T) {
			batches := 0
			err := c.Query(t.Context(), fmt.Sprintf(sql, tt.where), 0, func(b arrow.RecordBatch) error {
				batches++
				var got []string
				for _, f := range b.Schema().Fields() {
					got = append(got, f.Name+" "+f.Type.String())
				}
				if d := cmp.Diff(want, strings.Join(got, ", ")); d != "" {
					t.Error(d)
				}
				if b.NumRows() != tt.rows {
					t.Errorf("%d rows, want %d", b.NumRows(), tt.rows)
				}
				return nil
			})
			if err != nil || batches != 1 {
				t.Errorf("%d batches, error %v", batches, err)
			}
		})
	}
	got := values(t, c, "SELECT TIMESTAMPTZ '2020-01-01 10:00:00+03', current_setting('TimeZone'), 1.25::DECIMAL(9,2), NULL::BIGINT")
	if d := cmp.Diff([]string{"2020-01-01T07:00:00Z|UTC|1.25|(null)"}, got); d != "" {
		t.Error(d)
	}
}

// Types that no plan asks for must still come through the protocol.
func TestQueryOtherTypes(t *testing.T) {
	c, _, _ := start(t)
	got := values(t, c, `SELECT 'b'::ENUM('a', 'b'), [1, 2], {'a': 'x'}, MAP {'k': 1}, 'x'::BLOB, 3::HUGEINT,
		sum(4)::BIGINT, 5::TINYINT, 1.5::FLOAT, NULL, INTERVAL 1 DAY IS NULL, '1'::JSON IS NULL FROM range(1)`)
	want := []string{`b|[1,2]|{"a":"x"}|[{"key":"k","value":1}]|eA==|3|4|5|1.5|(null)|false|false`}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCallsFromSeveralGoroutines(t *testing.T) {
	c, _, _ := start(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			sql := fmt.Sprintf("SELECT %d FROM range(100000)", i)
			err := c.Query(t.Context(), sql, 0, func(b arrow.RecordBatch) error {
				if got := b.Column(0).ValueStr(0); got != fmt.Sprint(i) {
					return fmt.Errorf("asked for %d, got %s", i, got)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestQueryOrderAndLimit(t *testing.T) {
	c, _, _ := start(t)
	for _, tt := range []struct{ limit, want int64 }{{0, 300000}, {1, 1}, {2048, 2048}, {5000, 5000}, {400000, 300000}} {
		var next int64
		err := c.Query(t.Context(), "SELECT i, 'text ' || i AS s FROM range(300000) t(i)", tt.limit, func(b arrow.RecordBatch) error {
			for _, v := range b.Column(0).(*array.Int64).Int64Values() {
				if v != next {
					return fmt.Errorf("row %d holds %d", next, v)
				}
				next++
			}
			return nil
		})
		if err != nil || next != tt.want {
			t.Errorf("limit %d: %d rows, error %v", tt.limit, next, err)
		}
	}
}

func TestQueryWaitsForTheReader(t *testing.T) {
	c, _, _ := start(t)
	stop := errors.New("enough")
	rows := int64(0)
	err := c.Query(t.Context(), "SELECT i, repeat('x', 100) FROM range(100000000000) t(i)", 0, func(b arrow.RecordBatch) error {
		if rows += b.NumRows(); rows > 500_000 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
	if got := values(t, c, "SELECT 1"); !cmp.Equal(got, []string{"1"}) {
		t.Errorf("after it: %v", got)
	}
}

func TestLargeRows(t *testing.T) {
	c, _, _ := start(t)
	var bytes int
	err := c.Query(t.Context(), "SELECT repeat('x', 1000000) FROM range(50)", 0, func(b arrow.RecordBatch) error {
		for i := range b.Column(0).Len() {
			bytes += len(b.Column(0).(*array.String).Value(i))
		}
		return nil
	})
	if err != nil || bytes != 50_000_000 {
		t.Errorf("%d bytes, error %v", bytes, err)
	}
}

func TestDescribe(t *testing.T) {
	c, _, _ := start(t)
	types := []string{
		"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "FLOAT", "DOUBLE",
		"DECIMAL(18,3)", "VARCHAR", "BLOB", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE",
		"INTERVAL", "UUID", "JSON", "BIGINT[]", "BIGINT[3]", "MAP(VARCHAR, DOUBLE)", `STRUCT(a BIGINT, "B c" VARCHAR[])`,
		"ENUM('a', 'b''c')",
	}
	var columns []string
	var want []worker.Column
	for i, typ := range types {
		columns = append(columns, fmt.Sprintf(`NULL::%s AS "c %d"`, typ, i))
		want = append(want, worker.Column{Name: fmt.Sprintf("c %d", i), Type: typ})
	}
	got, err := c.Describe(t.Context(), "SELECT "+strings.Join(columns, ", "))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// It must not run what it describes.
	if _, err := c.Describe(t.Context(), endless); err != nil {
		t.Error(err)
	}
}

func TestExecWritesFiles(t *testing.T) {
	c, dir, _ := start(t)
	for _, format := range []string{"parquet", "csv"} {
		file := filepath.Join(dir, "out."+format)
		n, err := c.Exec(t.Context(), fmt.Sprintf("COPY (SELECT i, 'a' || i AS s FROM range(12345) t(i)) TO '%s' (FORMAT %s)", file, format), nil)
		if err != nil || n != 12345 {
			t.Errorf("%s: %d rows, error %v", format, n, err)
		}
		got := values(t, c, fmt.Sprintf("SELECT count(*), sum(i)::BIGINT FROM read_%s('%s')", format, file))
		if d := cmp.Diff([]string{"12345|76193340"}, got); d != "" {
			t.Error(d)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, error %v", format, info.Mode(), err)
		}
	}
	if n, err := c.Exec(t.Context(), "CREATE TEMP TABLE kept AS SELECT * FROM range(7)", nil); err != nil || n != 7 {
		t.Errorf("temp table: %d rows, error %v", n, err)
	}
	if got := values(t, c, "SELECT count(*) FROM kept"); !cmp.Equal(got, []string{"7"}) {
		t.Errorf("temp table holds %v", got)
	}
}

func TestExecProgress(t *testing.T) {
	c, dir, _ := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var seen []worker.Progress
	sql := fmt.Sprintf("COPY (SELECT sum(i * 3 %% 7) FROM range(3000000000) t(i)) TO '%s'", filepath.Join(dir, "o.csv"))
	_, err := c.Exec(ctx, sql, func(p worker.Progress) {
		if seen = append(seen, p); len(seen) == 3 {
			cancel()
		}
	})
	if err != nil {
		wantKind(t, err, errs.Canceled)
	}
	for _, p := range seen {
		if p.Percent != -1 && (p.Percent < 0 || p.Percent > 100) {
			t.Errorf("progress %v", p)
		}
	}
	if len(seen) == 0 {
		t.Error("no progress was told")
	}
}
