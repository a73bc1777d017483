package duckdb_test

import (
	"context"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/rel"
	relsql "github.com/weftworks/weft/internal/rel/sql"
)

// TestDeepQueries holds that planning time does not double with each operator
// that an engine pushes filters through twice.
func TestDeepQueries(t *testing.T) {
	const levels = 60
	for name, add := range map[string]func(rel.Rel) rel.Rel{
		"groups": func(r rel.Rel) rel.Rel {
			keys := []rel.Item{{Column: rel.Column{Name: "who"}, Expr: over(t, r, "who")}}
			return must[*rel.Aggregate](t)(rel.Builder{}.Aggregate(r, keys, nil))
		},
		"distinct rows": func(r rel.Rel) rel.Rel {
			return must[*rel.Distinct](t)(rel.Builder{}.Distinct(r, []string{"who"}, nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := shop(t)
			for range levels {
				r = add(r)
			}
			query, err := relsql.DuckDB().Query(r, relsql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var n int
			if err := open(t).QueryRowContext(ctx, "SELECT count(*) FROM ("+query+")").Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n != 6 {
				t.Errorf("%d rows, want 6", n)
			}
		})
	}
}
