package duckdb_test

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
	relsql "github.com/weftworks/weft/internal/rel/sql"
)

// reading is a text file of the odd texts, each in both fields, and the plan
// that reads the fields as two types.
func reading(t *testing.T, a, b rel.Type) rel.Rel {
	t.Helper()
	var lines strings.Builder
	lines.WriteString("a,b\n")
	for _, s := range texts {
		cell := `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		lines.WriteString(cell + "," + cell + "\n")
	}
	lines.WriteString(",\n")
	in := csv(t, lines.String())
	try := func(i int, to rel.Type) rel.Expr { return &rel.Cast{X: rel.Col(in.Schema()[i]), To: to, Try: true} }
	return must[*rel.Project](t)(rel.Builder{}.Project(in, []rel.Item{
		{Column: rel.Column{Name: "b"}, Expr: try(0, a)}, // under the other's name
		{Column: rel.Column{Name: "A"}, Expr: try(1, b)},
		{Column: rel.Column{Name: "text"}, Expr: rel.Col(in.Schema()[0])},
	}))
}

// TestFilterOfConverted holds that conditions over converted text choose the
// rows that they choose among values: what does not convert is null there.
func TestFilterOfConverted(t *testing.T) {
	db := open(t)
	types := []rel.Type{rel.Integer, rel.Real, rel.Decimal(10, 2), rel.Boolean, rel.Date, rel.Time, rel.Timestamp}
	for i, a := range types {
		b := types[(i+1)%len(types)]
		t.Run(a.String()+" "+b.String(), func(t *testing.T) {
			all := reading(t, a, b)
			inOrder := must[*rel.Sort](t)(rel.Builder{}.Sort(all, sortKeys("text")))
			rows, err := execute(t, db, inOrder, relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, first := range []string{"b IS NULL", "b IS NOT NULL"} {
				for _, second := range []string{"A IS NULL", "A IS NOT NULL"} {
					once := must[*rel.Filter](t)(rel.Builder{}.Filter(all, over(t, all, first)))
					sorted := must[*rel.Sort](t)(rel.Builder{}.Sort(once, sortKeys("text")))
					twice := must[*rel.Filter](t)(rel.Builder{}.Filter(sorted, over(t, sorted, second)))
					got, err := execute(t, db, twice, relsql.Options{})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(chosen(rows, first, second), got); diff != "" {
						t.Errorf("%s, %s: (-want +got)\n%s", first, second, diff)
					}
				}
			}
		})
	}
}

// chosen picks the rows by their spelling.
func chosen(rows []string, first, second string) []string {
	var out []string
	for _, r := range rows {
		cells := strings.SplitN(r, " | ", 3)
		if (cells[0] == "null") == (first == "b IS NULL") && (cells[1] == "null") == (second == "A IS NULL") {
			out = append(out, r)
		}
	}
	return out
}

// node is an operator as the engine explains it.
type node struct {
	Name     string         `json:"name"`
	Children []node         `json:"children"`
	Extra    map[string]any `json:"extra_info"`
}

// TestConvertedOnce holds that the engine does not move a condition below the
// conversion that it is about, which would be to convert twice.
func TestConvertedOnce(t *testing.T) {
	db := open(t)
	all := reading(t, rel.Integer, rel.Real)
	plan := must[*rel.Filter](t)(rel.Builder{}.Filter(all, over(t, all, "b > 3 and A < 20")))
	query, err := relsql.DuckDB().Query(plan, relsql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	filters := 0
	var look func(n node)
	look = func(n node) {
		if n.Name == "FILTER" {
			filters++
			if s, _ := json.Marshal(n.Extra); strings.Contains(string(s), "CAST") {
				t.Errorf("the filter converts: %s", s)
			}
		}
		for _, c := range n.Children {
			look(c)
		}
	}
	for _, n := range explained(t, db, query) {
		look(n)
	}
	if filters == 0 {
		t.Error("no filter in the engine's plan")
	}
}

func explained(t *testing.T, db *sql.DB, query string) []node {
	t.Helper()
	var kind, text string
	if err := db.QueryRowContext(t.Context(), "EXPLAIN (FORMAT json) "+query).Scan(&kind, &text); err != nil {
		t.Fatal(err)
	}
	var out []node
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
