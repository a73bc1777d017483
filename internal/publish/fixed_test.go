package publish

import (
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/formula"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// What no caller can change is taken out where it is small or grouped, and
// stays where it is large.
func TestFix(t *testing.T) {
	b := rel.Builder{NodeID: "n"}
	schema := rel.Schema{{Name: "a", Type: rel.Integer}}
	must := func(r rel.Rel, err error) rel.Rel {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	scan := func(src rel.Source) rel.Rel { return must(b.Scan(src, schema, true)) }
	given := scan(&rel.Given{Name: "g"})
	small := scan(&rel.ParquetFile{Files: []string{"small"}, Rows: 1000})
	large := scan(&rel.ParquetFile{Files: []string{"large"}, Rows: smallCells + 1})
	unknown := scan(&rel.ParquetFile{Files: []string{"unknown"}, Rows: -1})
	text := scan(&rel.TextFile{Files: []string{"text"}, Bytes: smallText + 1})
	where := func(in rel.Rel, condition string) rel.Rel {
		e, err := formula.Compile(condition, formula.Env{Schema: schema, Functions: function.Catalogue(), Variables: map[string]rel.Param{
			"open": {Name: "open", As: rel.Integer}, "closed": {Name: "closed", Value: int64(1), As: rel.Integer},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return must(b.Filter(in, e))
	}
	join := func(l, r rel.Rel) rel.Rel {
		return must(b.Join(l, r, rel.Joining{Kind: rel.InnerJoin, Keys: []rel.KeyPair{{Left: "a", Right: "a"}}}))
	}
	count := func(in rel.Rel) rel.Rel {
		return must(b.Aggregate(in, []rel.Item{{Column: schema[0], Expr: rel.Col(schema[0])}}, nil))
	}
	for _, tt := range []struct {
		name string
		plan rel.Rel
		want string // the sources that are left, and of each part
	}{
		{"given alone", given, "given g"},
		{"a small file", join(given, small), "given g, stored v_1 | small"},
		{"a large one", join(given, large), "given g, large"},
		{"one of unknown size", join(given, unknown), "given g, unknown"},
		{"much text", join(given, text), "given g, text"},
		{"a large one, grouped", join(given, count(large)), "given g, stored v_1 | large"},
		{"grouped above what is given", count(join(given, large)), "given g, large"},
		{"with a closed variable", join(given, where(small, "a > $closed")), "given g, stored v_1 | small"},
		{"with an open variable", join(given, where(small, "a > $open")), "given g, stored v_1 | small"},
		{"grouped above an open variable", join(given, count(where(large, "a > $open"))), "given g, large"},
		{"a volatile one", join(given, where(small, "now() > timestamp '2001-01-01'")), "given g, stored v_1 | small"},
		{"small beside large", join(given, join(small, large)), "given g, stored v_1, large | small"},
		{"nothing given", count(large), "stored v_1 | large"},
		{"read twice", join(join(given, small), small), "given g, stored v_1 | small"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			left, parts := fix(tt.plan, map[string]bool{"open": true}, "v")
			got := []string{sources(left)}
			for _, p := range parts {
				got = append(got, sources(p.rel))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " | ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func sources(r rel.Rel) string {
	var out []string
	rel.Visit(r, func(x rel.Rel) {
		scan, ok := x.(*rel.Scan)
		switch {
		case !ok:
		case len(scan.Source.Paths()) > 0:
			out = append(out, scan.Source.Paths()[0])
		default:
			out = append(out, scan.Source.Words())
		}
	})
	return strings.Join(out, ", ")
}

func TestSpelled(t *testing.T) {
	for _, tt := range []struct {
		value rel.Value
		want  string
		ok    bool
	}{
		{true, "true", true}, {int64(-5), "-5", true}, {1e300, "1e+300", true}, {0.1, "0.1", true}, {"it's; DROP", "it's; DROP", true},
		{rel.Dec{Unscaled: big.NewInt(-150), Scale: 2}, "-1.50", true},
		{rel.Day(firstDay), "0001-01-01", true}, {rel.Day(lastDay), "9999-12-31", true}, {rel.Day(lastDay + 1), "+10000-01-01", false},
		{rel.Clock(1), "00:00:00.000001", true}, {rel.Clock(dayMicros), "00:00:00", false},
		{rel.Stamp(0), "1970-01-01 00:00:00", true}, {rel.Instant(1_500_000), "1970-01-01 00:00:01.500+00", true},
	} {
		if got := spelled(tt.value); *got != tt.want || inRange(tt.value) != tt.ok {
			t.Errorf("%v: %q, in range %t", tt.value, *got, inRange(tt.value))
		}
	}
	if spelled(nil) != nil {
		t.Error("null has a spelling")
	}
}
