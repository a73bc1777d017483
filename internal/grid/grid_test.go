package grid

import (
	"encoding/csv"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
)

func schema() rel.Schema {
	return rel.Schema{
		{Name: "city", Label: "City, town", Type: rel.String},
		{Name: "n", Type: rel.Integer},
		{Name: "mean", Type: rel.Real},
		{Name: "price", Type: rel.Decimal(20, 2)},
		{Name: "day", Type: rel.Date},
	}
}

func rows() [][]rel.Value {
	return [][]rel.Value{
		{"Köln", int64(9007199254740993), 1.25, rel.Dec{Unscaled: big.NewInt(-5), Scale: 2}, rel.Day(0)},
		{"東京", int64(7), 1234.56789, rel.Dec{Unscaled: big.NewInt(1250), Scale: 2}, nil},
		{"", nil, nil, nil, nil},
		{nil, int64(-1), 2.0, nil, rel.Day(20000)},
		{"a\x1b[31m\n\u202eb", int64(0), 0.0, nil, nil},
	}
}

func TestText(t *testing.T) {
	tests := []struct {
		name  string
		style Style
		want  string
	}{
		{"all", Style{}, `
City, town                           n      mean  price  day
────────────────────  ────────────────  ────────  ─────  ──────────
Köln                  9007199254740993     1.250  -0.05  1970-01-01
東京                                 7  1234.568  12.50  ∅
''                                   ∅         ∅      ∅  ∅
∅                                   -1     2.000      ∅  2024-10-04
a\u001b[31m\n\u202eb                 0     0.000      ∅  ∅
`},
		{"fitted", Style{Width: 56}, `
City, to…                 n      mean  price  day
─────────  ────────────────  ────────  ─────  ──────────
Köln       9007199254740993     1.250  -0.05  1970-01-01
東京                      7  1234.568  12.50  ∅
''                        ∅         ∅      ∅  ∅
∅                        -1     2.000      ∅  2024-10-04
a\u001b[…                 0     0.000      ∅  ∅
`},
		{"columns left out", Style{Width: 30, Lang: "ru"}, `
City, town                   n
────────────  ────────────────
Köln          9007199254740993
東京                         7
''                           ∅
∅                           -1
a\u001b[31m…                 0
… ещё столбцы (3): mean, pric…
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := Text(&b, schema(), rows(), tt.style); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, "\n"+b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNullIsDimmedOnlyWhereColoursAre(t *testing.T) {
	var b strings.Builder
	if err := Text(&b, schema()[:1], [][]rel.Value{{nil}, {"∅"}}, Style{Color: true}); err != nil {
		t.Fatal(err)
	}
	want := bold + "City, town" + plain + "\n" + dim + "──────────" + plain + "\n" + dim + "∅" + plain + "\n∅\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestRealsKeepWhatMatters(t *testing.T) {
	tests := []struct {
		name   string
		values []rel.Value
		want   []string
	}{
		{"whole", []rel.Value{1.0, 20.0}, []string{"1", "20"}},
		{"one decimal", []rel.Value{1.5, 20.0, nil}, []string{"1.5", "20.0", "∅"}},
		{"many decimals", []rel.Value{1.0 / 3, 200.0 / 3}, []string{"0.333", "66.667"}},
		{"shares", []rel.Value{0.123456, 0.5}, []string{"0.1235", "0.5000"}},
		{"tiny", []rel.Value{1.5, 0.00001234}, []string{"1.500", "1.234e-05"}},
		{"huge", []rel.Value{1e300}, []string{"1e+300"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, reals(tt.values)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"東京都", 5, "東京…"}, {"東京都", 4, "東…"}, {"e\u0301e", 2, "e\u0301e"},
	} {
		if got := Shorten(tt.in, tt.n); got != tt.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestCSVReadsBack(t *testing.T) {
	var b strings.Builder
	s := CSV(&b, schema())
	if err := s.Rows(rows()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "\"City, town\",n,mean,price,day\nKöln,9007199254740993,1.25,-0.05,1970-01-01\n") {
		t.Errorf("got %s", b.String())
	}
	if !strings.Contains(b.String(), "\n\"\",,,,\n,-1,2,,2024-10-04\n") {
		t.Errorf("null and empty text are not told apart: %s", b.String())
	}
	got, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(got) != 6 || got[5][0] != rows()[4][0] {
		t.Errorf("read back %q, %v", got, err)
	}
}

func TestCSVOfOneColumnHasNoEmptyLine(t *testing.T) {
	var b strings.Builder
	s := CSV(&b, schema()[:1])
	if err := s.Rows([][]rel.Value{{nil}, {"x"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if want := "\"City, town\"\n\"\"\nx\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestJSONReadsBack(t *testing.T) {
	for _, n := range []int{0, 1, 5} {
		var b strings.Builder
		s := JSON(&b, schema())
		if err := s.Rows(rows()[:n]); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var got []map[string]any
		d := json.NewDecoder(strings.NewReader(b.String()))
		d.UseNumber()
		if err := d.Decode(&got); err != nil || len(got) != n {
			t.Fatalf("%v in %s", err, b.String())
		}
		if n == 0 {
			continue
		}
		want := map[string]any{"city": "Köln", "n": json.Number("9007199254740993"), "mean": json.Number("1.25"), "price": "-0.05", "day": "1970-01-01"}
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Error(diff)
		}
	}
}
