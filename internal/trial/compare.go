package trial

import (
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// Failure is one way in which an output is not as a test wants it.
type Failure struct {
	Want   *pack.Want
	Error  *errs.Error // what is wrong, in a sentence
	Cells  []Cell      // cells that differ
	Schema rel.Schema  // of Rows
	Rows   [][]rel.Value
}

// Cell is one difference between the rows wanted and those that came: a cell,
// or a whole row where Column is empty.
type Cell struct {
	Row       int // wanted row, from 1; 0: a row that is not wanted
	Column    string
	Want, Got rel.Value
	Missing   []rel.Value // the wanted row that did not come
	Extra     []rel.Value // the row that nobody wanted
}

// shown is how many rows of a failure are shown.
const shown = 10

var (
	errCount = errs.Message{
		ID: "trial.count",
		En: "The number of rows is {got}, not {want}.",
		Ru: "Строк {got}, а не {want}.",
	}
	errCells = errs.Message{
		ID: "trial.cells",
		En: "The rows are not those that the test wants.",
		Ru: "Строки не те, которых ждёт тест.",
	}
	errNotUnique = errs.Message{
		ID: "trial.not_unique",
		En: "The values of {columns} are not unique: rows that share them with another: {count}.",
		Ru: "Значения {columns} не уникальны: строк, у которых они повторяются: {count}.",
	}
	errNull = errs.Message{
		ID: "trial.null",
		En: "The column {column} has no value in some rows: {count}.",
		Ru: "В столбце {column} есть строки без значения: {count}.",
	}
	errNotTrue = errs.Message{
		ID: "trial.not_true",
		En: "The formula {formula} is not true for some rows: {count}.",
		Ru: "Формула {formula} верна не для всех строк; неверна для стольких: {count}.",
	}
)

// compare holds an output to a want, except for its formulas.
func (t *Trial) compare(w *pack.Want, found *run.Preview) ([]Failure, error) {
	e, err := t.expect(w, found.Schema)
	if err != nil {
		return nil, err
	}
	var out []Failure
	add := func(f Failure) { f.Want = w; out = append(out, f) }
	if w.Count != nil && *w.Count != int64(len(found.Rows)) {
		add(Failure{Error: errs.New(errs.Failed, errCount, errs.P{"want": *w.Count, "got": len(found.Rows)})})
	}
	if w.Rows != nil {
		if cells := e.differences(found, w.Ordered); len(cells) > 0 {
			add(Failure{Error: errs.New(errs.Failed, errCells, nil), Cells: cells, Schema: e.compared(found.Schema)})
		}
	}
	if rows := twice(found.Rows, e.unique); len(rows) > 0 {
		add(Failure{
			Error:  errs.New(errs.Failed, errNotUnique, errs.P{"columns": strings.Join(w.Unique, ", "), "count": len(rows)}),
			Schema: found.Schema, Rows: rows[:min(len(rows), shown)],
		})
	}
	for k, i := range e.notNull {
		if rows := without(found.Rows, i); len(rows) > 0 {
			add(Failure{
				Error:  errs.New(errs.Failed, errNull, errs.P{"column": w.NotNull[k], "count": len(rows)}),
				Schema: found.Schema, Rows: rows[:min(len(rows), shown)],
			})
		}
	}
	return out, nil
}

// compared is the columns that the wanted rows name.
func (e expectation) compared(s rel.Schema) rel.Schema {
	out := make(rel.Schema, len(e.columns))
	for k, i := range e.columns {
		out[k] = s[i]
	}
	return out
}

func (e expectation) pick(row []rel.Value) []rel.Value {
	out := make([]rel.Value, len(e.columns))
	for k, i := range e.columns {
		out[k] = row[i]
	}
	return out
}

// differences pairs wanted rows with those that came, in order or by what
// they agree in, and lists the cells that differ.
func (e expectation) differences(found *run.Preview, ordered bool) []Cell {
	pairs := e.inOrder(len(found.Rows))
	if !ordered {
		pairs = e.bestPairs(found.Rows)
	}
	var out []Cell
	taken := map[int]bool{}
	for r, g := range pairs {
		if g < 0 {
			out = append(out, Cell{Row: r + 1, Missing: e.pick(e.rows[r])})
			continue
		}
		taken[g] = true
		for _, i := range e.columns {
			if want, got := e.rows[r][i], found.Rows[g][i]; !same(want, got) {
				out = append(out, Cell{Row: r + 1, Column: found.Schema[i].Name, Want: want, Got: got})
			}
		}
	}
	for g, row := range found.Rows {
		if !taken[g] {
			out = append(out, Cell{Extra: e.pick(row)})
		}
	}
	return out
}

// inOrder pairs each wanted row with the one at its place; -1: there is none.
func (e expectation) inOrder(got int) []int {
	out := make([]int, len(e.rows))
	for r := range out {
		out[r] = r
		if r >= got {
			out[r] = -1
		}
	}
	return out
}

// bestPairs pairs equal rows first, then those that agree in most cells, and
// in one at least.
func (e expectation) bestPairs(got [][]rel.Value) []int {
	out := make([]int, len(e.rows))
	for r := range out {
		out[r] = -1
	}
	taken := make([]bool, len(got))
	for least := len(e.columns); least > 0; least-- {
		for r, want := range e.rows {
			for g := 0; g < len(got) && out[r] < 0; g++ {
				if !taken[g] && e.agree(want, got[g]) >= least {
					out[r], taken[g] = g, true
				}
			}
		}
	}
	return out
}

// agree counts the compared cells in which two rows are the same.
func (e expectation) agree(a, b []rel.Value) int {
	n := 0
	for _, i := range e.columns {
		if same(a[i], b[i]) {
			n++
		}
	}
	return n
}

// tolerance is how far two reals may be apart, as a share of the larger.
const tolerance = 1e-9

// same reports whether two constants of one type are equal, reals within the
// tolerance. Null is the same as null here.
func same(a, b rel.Value) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b)))
	case rel.Dec:
		b, ok := b.(rel.Dec)
		return ok && scaled(a, max(a.Scale, b.Scale)).Cmp(scaled(b, max(a.Scale, b.Scale))) == 0
	default:
		return a == b
	}
}

func scaled(d rel.Dec, scale int) *big.Int {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale-d.Scale)), nil)
	return ten.Mul(ten, d.Unscaled)
}

// twice returns the rows whose values of columns another row has too.
func twice(rows [][]rel.Value, columns []int) [][]rel.Value {
	if len(columns) == 0 {
		return nil
	}
	keys := make([]string, len(rows))
	seen := map[string]int{}
	for r, row := range rows {
		for _, i := range columns {
			keys[r] += fmt.Sprintf("%T %q,", row[i], fmt.Sprint(row[i]))
		}
		seen[keys[r]]++
	}
	var out [][]rel.Value
	for r, row := range rows {
		if seen[keys[r]] > 1 {
			out = append(out, row)
		}
	}
	return out
}

func without(rows [][]rel.Value, i int) [][]rel.Value {
	var out [][]rel.Value
	for _, row := range rows {
		if row[i] == nil {
			out = append(out, row)
		}
	}
	return out
}
