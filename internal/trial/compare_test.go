package trial

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

func dec(unscaled int64, scale int) rel.Dec {
	return rel.Dec{Unscaled: big.NewInt(unscaled), Scale: scale}
}

func TestSame(t *testing.T) {
	tests := []struct {
		name string
		a, b rel.Value
		want bool
	}{
		{"nulls", nil, nil, true},
		{"null and empty text", nil, "", false},
		{"integers that a real cannot tell apart", int64(9007199254740993), int64(9007199254740992), false},
		{"reals within the tolerance", 0.1 + 0.2, 0.3, true},
		{"large reals within the tolerance", 1e20, 1e20 + 1e10, true},
		{"reals that differ", 1.0, 1.00001, false},
		{"zero and almost zero", 0.0, 1e-300, false},
		{"real and null", 1.0, nil, false},
		{"decimals of other scales", dec(150, 2), dec(15, 1), true},
		{"decimals that differ", dec(150, 2), dec(151, 2), false},
		{"days", rel.Day(1), rel.Day(1), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := same(tt.a, tt.b); got != tt.want {
				t.Errorf("got %t", got)
			}
			if got := same(tt.b, tt.a); got != tt.want {
				t.Errorf("the other way round: got %t", got)
			}
		})
	}
}

func TestDifferences(t *testing.T) {
	schema := rel.Schema{{Name: "k", Type: rel.String}, {Name: "n", Type: rel.Integer}, {Name: "other", Type: rel.String}}
	row := func(k rel.Value, n rel.Value) []rel.Value { return []rel.Value{k, n, "not compared"} }
	tests := []struct {
		name      string
		want, got [][]rel.Value
		ordered   bool
		cells     []Cell
	}{
		{name: "equal in another order", want: [][]rel.Value{row("a", int64(1)), row("b", int64(2))}, got: [][]rel.Value{row("b", int64(2)), row("a", int64(1))}},
		{
			name: "equal in another order, ordered", ordered: true,
			want: [][]rel.Value{row("a", int64(1)), row("b", int64(1))}, got: [][]rel.Value{row("b", int64(1)), row("a", int64(1))},
			cells: []Cell{{Row: 1, Column: "k", Want: "a", Got: "b"}, {Row: 2, Column: "k", Want: "b", Got: "a"}},
		},
		{
			name: "an equal row is not taken by one that is alike",
			want: [][]rel.Value{row("a", int64(9)), row("a", int64(1))}, got: [][]rel.Value{row("a", int64(1)), row("a", int64(2))},
			cells: []Cell{{Row: 1, Column: "n", Want: int64(9), Got: int64(2)}},
		},
		{
			name: "how often counts",
			want: [][]rel.Value{row("a", int64(1)), row("a", int64(1))}, got: [][]rel.Value{row("a", int64(1))},
			cells: []Cell{{Row: 2, Missing: []rel.Value{"a", int64(1)}}},
		},
		{
			name: "nothing in common",
			want: [][]rel.Value{row("a", int64(1))}, got: [][]rel.Value{row("b", nil)},
			cells: []Cell{{Row: 1, Missing: []rel.Value{"a", int64(1)}}, {Extra: []rel.Value{"b", nil}}},
		},
		{name: "no rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := expectation{columns: []int{0, 1}, rows: tt.want}
			got := e.differences(&run.Preview{Schema: schema, Rows: tt.got}, tt.ordered)
			if diff := cmp.Diff(tt.cells, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTwice(t *testing.T) {
	rows := [][]rel.Value{{"a", nil}, {"a", "<nil>"}, {"b", nil}, {"a", nil}}
	if got := twice(rows, []int{0, 1}); len(got) != 2 {
		t.Errorf("null and the text <nil> are not told apart: %v", got)
	}
	if got := twice(rows, []int{0}); len(got) != 3 {
		t.Errorf("got %v", got)
	}
}
