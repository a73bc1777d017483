package discover

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/errs"
)

var update = flag.Bool("update", false, "rewrite the wanted results in testdata")

// The cases: input.csv in UTF-8, encoded as the comment says (encode: name,
// bom, crlf, cr), request.json, and the wanted result and reasons, or error.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runCase(t, ar)
			if *update {
				rewrite(t, file, ar, got)
				return
			}
			if diff := cmp.Diff(section(ar, "want"), got); diff != "" {
				t.Errorf("-want +got, -update rewrites:\n%s", diff)
			}
		})
	}
}

func runCase(t *testing.T, ar *txtar.Archive) string {
	t.Helper()
	req := Request{}
	if s := section(ar, "request.json"); s != "" {
		if err := json.Unmarshal([]byte(s), &req); err != nil {
			t.Fatal(err)
		}
	}
	req.Path = filepath.Join(t.TempDir(), "input.csv")
	req.Shown = "input.csv"
	if err := os.WriteFile(req.Path, caseBytes(t, ar), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := Text(t.Context(), req)
	if err != nil {
		var b strings.Builder
		for _, e := range errs.All(err) {
			fmt.Fprintf(&b, "%s: %s\n%s\n", e.Kind, e.Error(), e.Text("ru"))
		}
		return b.String()
	}
	return render(t, res)
}

func render(t *testing.T, res Result) string {
	t.Helper()
	cols := res.Columns
	res.Columns = nil
	j, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", j)
	for _, c := range cols {
		reason := c.Reason
		c.Reason = Reason{}
		j, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.Replace(string(j), `"reason":{"code":"","type":"","seen":0}`, fmt.Sprintf(`"reason":%q`, reason.Code), 1)
		fmt.Fprintf(&b, "\n%s\n  %s\n  %s\n", s, reason.Text("en"), reason.Text("ru"))
	}
	return b.String()
}

func caseBytes(t *testing.T, ar *txtar.Archive) []byte {
	t.Helper()
	text, name := section(ar, "input.csv"), "utf-8"
	for line := range strings.Lines(string(ar.Comment)) {
		line = strings.TrimSpace(line)
		if n, ok := strings.CutPrefix(line, "encode: "); ok {
			name = n
		}
		switch line {
		case "bom":
			text = "\ufeff" + text
		case "crlf":
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case "cr":
			text = strings.ReplaceAll(text, "\n", "\r")
		}
	}
	enc, err := Encoding(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func section(ar *txtar.Archive, name string) string {
	for _, f := range ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func rewrite(t *testing.T, file string, ar *txtar.Archive, got string) {
	t.Helper()
	if section(ar, "want") == "" {
		ar.Files = append(ar.Files, txtar.File{Name: "want"})
	}
	for i := range ar.Files {
		if ar.Files[i].Name == "want" {
			ar.Files[i].Data = []byte(got)
		}
	}
	if err := os.WriteFile(file, txtar.Format(ar), 0o600); err != nil {
		t.Fatal(err)
	}
}

// One bad cell in a thousand does not spoil a type; one in fifty does.
func TestMisfits(t *testing.T) {
	for _, c := range []struct {
		rows, bad int
		want      string
		code      Code
	}{
		{1000, 1, "integer", MostFit},
		{1000, 10, "integer", MostFit},
		{1000, 11, "string", NullText},
		{99, 1, "string", Almost},
		{99, 0, "integer", AllFit},
		{1000, 900, "string", PlainText},
	} {
		var b strings.Builder
		b.WriteString("n,m\n")
		for i := range c.rows {
			if i >= c.rows-c.bad {
				b.WriteString("oops,x\n")
			} else {
				fmt.Fprintf(&b, "%d,x\n", i)
			}
		}
		res, err := Head(t.Context(), strings.NewReader(b.String()), Request{})
		if err != nil {
			t.Fatal(err)
		}
		got := res.Columns[0]
		if got.Type != c.want || got.Reason.Code != c.code {
			t.Errorf("%d of %d bad: %s, %s; want %s, %s", c.bad, c.rows, got.Type, got.Reason.Code, c.want, c.code)
		}
		if c.code == MostFit {
			want := Example{Line: c.rows - c.bad + 2, Text: "oops"}
			if got.Misfits != c.bad || got.Examples[0] != want {
				t.Errorf("misfits %d, %v; want %d, %v", got.Misfits, got.Examples, c.bad, want)
			}
		}
	}
}

func TestRowsAreBounded(t *testing.T) {
	text := "n\n" + strings.Repeat("1\n", MaxRows+500)
	for _, c := range []struct{ ask, want int }{{0, MaxRows}, {10, 10}, {1 << 30, MaxRows}} {
		res, err := Head(t.Context(), strings.NewReader(text), Request{Rows: c.ask})
		if err != nil || res.Rows != c.want || res.Complete {
			t.Errorf("asked %d: %d rows, complete %v, %v; want %d", c.ask, res.Rows, res.Complete, err, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", MaxLine+sampleBytes)
	for _, c := range []struct {
		name, text string
		id         string
		line       int
	}{
		{"endless line", "a,b\n1," + long, "discover.field_limit", 2},
		{"endless line of short fields", strings.Repeat("xyz,", MaxLine/2), "discover.columns_limit", 1},
		{"endless quote", "a,b\n1,\"x\"\n2,\"" + strings.Repeat("x,y\n", MaxLine/4), "discover.field_limit", 3},
		{"too many columns", strings.Repeat("a,", MaxColumns) + "b\n", "discover.columns_limit", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Head(t.Context(), strings.NewReader(c.text), Request{Path: "f.csv"})
			wantError(t, err, errs.Exhausted, c.id, errs.Place{File: "f.csv", Line: c.line})
		})
	}
	text := "a,b\n1," + strings.Repeat("x", 5<<20) + "\n2,y\n"
	res, err := Head(t.Context(), strings.NewReader(text), Request{})
	if err != nil || res.Rows != 2 || !res.Complete {
		t.Errorf("a field of 5 MiB: %d rows, complete %v, %v; want 2, true", res.Rows, res.Complete, err)
	}
}

func wantError(t *testing.T, err error, kind errs.Kind, id string, at errs.Place) {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		t.Fatalf("got %v, want %s", err, id)
	}
	if e.Kind != kind || e.Message.ID != id || e.Place != at {
		t.Errorf("got %s %s at %+v, want %s %s at %+v", e.Kind, e.Message.ID, e.Place, kind, id, at)
	}
}

func TestBinary(t *testing.T) {
	for _, c := range []struct{ name, bytes, id, what string }{
		{"parquet", "PAR1\x15\x00", "discover.binary", "Parquet"},
		{"xlsx", "PK\x03\x04\x14\x00xl/workbook.xml", "discover.binary", "an Excel workbook (xlsx)"},
		{"zip", "PK\x03\x04\x14\x00a.csv", "discover.binary", "a zip archive"},
		{"gzip", "\x1f\x8b\x08", "discover.binary", "a gzip archive"},
		{"zeros", "a,b\nc,d\n\x00\x01,2\n", "discover.zero_byte", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Head(t.Context(), strings.NewReader(c.bytes), Request{})
			at := errs.Place{}
			if c.what == "" {
				at.Line = 3
			}
			wantError(t, err, errs.Unreadable, c.id, at)
			if !strings.Contains(err.Error(), c.what) {
				t.Errorf("%v does not name %s", err, c.what)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.csv")
	_, err := Text(t.Context(), Request{Path: missing})
	wantError(t, err, errs.NotFound, "discover.not_found", errs.Place{File: missing})
	_, err = Text(t.Context(), Request{Path: dir, Shown: "data"})
	wantError(t, err, errs.Unreadable, "discover.folder", errs.Place{File: "data"})
	_, err = Text(t.Context(), Request{Path: os.DevNull})
	wantError(t, err, errs.Unreadable, "discover.not_regular", errs.Place{File: os.DevNull})
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Head(ctx, strings.NewReader("a,b\n"), Request{})
	wantError(t, err, errs.Canceled, "discover.canceled", errs.Place{})
}

// A few bad bytes in UTF-8 are counted, not taken for another encoding.
func TestFewBadBytes(t *testing.T) {
	text := "имя,n\n" + strings.Repeat("Анна,1\n", 50) + "\xff,2\n"
	res, err := Head(t.Context(), strings.NewReader(text), Request{})
	if err != nil || res.Encoding != "utf-8" || res.Undecodable != 1 || res.UndecodableLine != 52 {
		t.Errorf("%s, %d bad, first in %d, %v; want utf-8, 1, 52", res.Encoding, res.Undecodable, res.UndecodableLine, err)
	}
	wantStrict(t, res, "discover.bad_bytes", 52)
}

func TestStrict(t *testing.T) {
	res, err := Head(t.Context(), strings.NewReader("a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11\n"), Request{})
	if err != nil {
		t.Fatal(err)
	}
	wantStrict(t, res, "discover.ragged", 3)
	if err := (Result{}).Strict("f"); err != nil {
		t.Error(err)
	}
}

func wantStrict(t *testing.T, res Result, id string, line int) {
	t.Helper()
	l := errs.All(res.Strict("f.csv"))
	if len(l) != 1 {
		t.Fatalf("got %v, want one error", l)
	}
	wantError(t, l[0], errs.Unreadable, id, errs.Place{File: "f.csv", Line: line})
}
