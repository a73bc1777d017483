package duckdb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// DuckDB 1.5.6 turns row_number() = 1 into an aggregate, and ends with an
// internal error where a BETWEEN over constants stands below.
func TestFirstOfGroupAboveBetween(t *testing.T) {
	c, _, _ := start(t)
	got := values(t, c, `SELECT k, v FROM (
		SELECT *, row_number() OVER (PARTITION BY k ORDER BY v NULLS LAST) AS n
		FROM (VALUES (1, 2, 'b'), (1, 2, 'a'), (2, 9, 'c')) AS t(k, x, v)
		WHERE x BETWEEN 1 AND 3) WHERE n = 1`)
	if d := cmp.Diff([]string{"1|a"}, got); d != "" {
		t.Error(d)
	}
}
