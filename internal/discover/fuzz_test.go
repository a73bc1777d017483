package discover

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/errs"
)

// FuzzHead: any bytes give a result that holds together, or an error with a
// message; and what was found out, given back, is found again.
func FuzzHead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(section(txtar.Parse(b), "input.csv")))
	}
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("a\x00,\x00b\x00\n\x00"))
	f.Add([]byte("\xcf\xf0\xe8\xe2\xe5\xf2;1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		res, err := Head(t.Context(), bytes.NewReader(b), Request{})
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatal(err)
			}
			return
		}
		check(t, res)
		again, err := Head(t.Context(), bytes.NewReader(b), Request{
			Encoding: res.Encoding, Delimiter: res.Delimiter, Quote: res.Quote, Header: &res.Header,
			Skip: &res.Skip, Decimal: res.Decimal, Thousands: &res.Thousands,
		})
		if err != nil {
			t.Fatalf("found %+v, but given that: %v", res, err)
		}
		if len(again.Columns) != len(res.Columns) || again.Rows != res.Rows {
			t.Fatalf("%d columns, %d rows; given what was found %d, %d", len(res.Columns), res.Rows, len(again.Columns), again.Rows)
		}
	})
}

func check(t *testing.T, res Result) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range res.Columns {
		if c.Name == "" || seen[Fold(c.Name)] || !utf8.ValidString(c.Name) {
			t.Errorf("name %q", c.Name)
		}
		seen[Fold(c.Name)] = true
		if c.Nulls+c.Reason.Seen > res.Rows || c.Misfits > c.Reason.Seen {
			t.Errorf("%s: %d nulls, %d seen, %d misfits of %d rows", c.Name, c.Nulls, c.Reason.Seen, c.Misfits, res.Rows)
		}
		if c.Reason.Text("en") == string(c.Reason.Code) {
			t.Errorf("%s: no words for %s", c.Name, c.Reason.Code)
		}
	}
	if len(res.Columns) == 0 || res.Ragged > res.Rows {
		t.Errorf("%d columns, %d rows, %d ragged", len(res.Columns), res.Rows, res.Ragged)
	}
}

func BenchmarkHead(b *testing.B) {
	var text bytes.Buffer
	text.WriteString("id,name,price,when,code,flag,day\n")
	for i := range 100000 {
		text.WriteString("12345,some name,1234.56,2024-01-31 10:15:00,A7,true,")
		text.WriteString([]string{"31/12/2024\n", "01/02/2024\n"}[i%2])
	}
	b.SetBytes(int64(min(text.Len(), headBytes)))
	for b.Loop() {
		if _, err := Head(b.Context(), bytes.NewReader(text.Bytes()), Request{}); err != nil {
			b.Fatal(err)
		}
	}
}
