package duckdb_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/distinct"
	"github.com/weftworks/weft/internal/components/filter"
	"github.com/weftworks/weft/internal/components/sort"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// A sort gives the rows it gets, in the order asked for.
func TestSortedRows(t *testing.T) {
	onWorker(t, func(t *rapid.T, p plans) {
		in := drawRows(t, 12, "rows")
		keys, plain := drawKeys(t, 1)
		got := p.rows(t, compile(t, &sort.Settings{Keys: keys}, given(t, in))[0])
		same(t, "rows", lines(got), lines(in))
		if !slices.IsSortedFunc(got, func(a, b row) int { return compareBy(plain, a, b) }) {
			t.Fatalf("not in order: %v", got)
		}
	})
}

// A distinct keeps the first row of each group, by its own order or the
// input's, and its two outputs together are its input.
func TestDistinctRows(t *testing.T) {
	onWorker(t, func(t *rapid.T, p plans) {
		in := drawRows(t, 12, "rows")
		plan, places := drawOrder(t, in)
		schema, _ := columns()
		on := rapid.SliceOfNDistinct(rapid.SampledFrom(schema.Names()), 0, 3, rapid.ID[string]).Draw(t, "columns")
		keys, order := drawKeys(t, 0)
		out := compile(t, &distinct.Settings{Columns: on, Order: keys}, plan)
		kept, left := p.rows(t, out[0]), p.rows(t, out[1])
		same(t, "both outputs", lines(kept, left), lines(in))
		same(t, "kept rows", lines(kept), lines(firsts(places, on, order)))
	})
}

// drawOrder gives rows in some order, or in none: the plan, and the rows as a
// distinct should see them.
func drawOrder(t *rapid.T, in []row) (rel.Rel, []row) {
	plan, b := given(t, in), rel.Builder{}
	places := slices.Clone(in)
	switch rapid.SampledFrom([]string{"natural", "sorted", "none"}).Draw(t, "order of the input") {
	case "sorted":
		_, keys := drawKeys(t, 1)
		s, err := b.Sort(plan, keys)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(places, func(x, y row) int { return compareBy(append(keys, allKeys()...), x, y) })
		return s, places
	case "none":
		one, err := b.Values(rel.Schema{{Name: "one", Type: rel.Integer}}, []row{{int64(1)}})
		if err != nil {
			t.Fatal(err)
		}
		j, err := b.Join(plan, one, rel.Joining{Kind: rel.SemiJoin, Extra: rel.Lit(true)})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(places, func(x, y row) int { return compareBy(allKeys(), x, y) })
		return j, places
	default:
		return plan, places
	}
}

// firsts is the model of distinct.
func firsts(rows []row, on []string, order []rel.SortKey) []row {
	schema, _ := columns()
	if len(order) > 0 {
		rows = slices.Clone(rows)
		slices.SortFunc(rows, func(x, y row) int { return compareBy(append(slices.Clone(order), allKeys()...), x, y) })
	}
	if len(on) == 0 {
		on = schema.Names()
	}
	seen := map[string]bool{}
	var out []row
	for _, r := range rows {
		var key row
		for _, n := range on {
			key = append(key, r[schema.Index(n)])
		}
		if k := lines([]row{key})[0]; !seen[k] {
			seen[k] = true
			out = append(out, r)
		}
	}
	return out
}

// A filter gives the rows for which its conditions hold, by a second reading
// of them here, and all others on the second port.
func TestFilteredRows(t *testing.T) {
	onWorker(t, func(t *rapid.T, p plans) {
		in := drawRows(t, 12, "rows")
		list := rapid.SliceOfN(rapid.Custom(drawCondition), 1, 4).Draw(t, "conditions")
		out := compile(t, &filter.Settings{Conditions: list}, given(t, in))
		var met, rest []row
		for _, r := range in {
			if holds(list, r) {
				met = append(met, r)
			} else {
				rest = append(rest, r)
			}
		}
		same(t, "met", lines(p.rows(t, out[0])), lines(met))
		same(t, "rest", lines(p.rows(t, out[1])), lines(rest))
	})
}

func drawCondition(t *rapid.T) filter.Condition {
	schema, pools := columns()
	i := rapid.IntRange(0, 2).Draw(t, "column")
	c := filter.Condition{
		Column: schema[i].Name,
		Join:   rapid.SampledFrom([]filter.Join{filter.And, filter.Or}).Draw(t, "join"),
	}
	operators := filter.Operators()[:12] // those for every type
	if schema[i].Type == rel.String {
		operators = filter.Operators()[:18]
	}
	c.Operator = rapid.SampledFrom(operators).Draw(t, "operator")
	value := rapid.SampledFrom(pools[i][1:])
	a, b := value.Draw(t, "value"), value.Draw(t, "to")
	if function.Compare(a, b) > 0 {
		a, b = b, a
	}
	c.Value, c.To = constant(a), constant(b)
	c.Values = []component.Const{c.Value, c.To}
	return c
}

// constant writes a value as a package does.
func constant(v rel.Value) component.Const {
	switch v := v.(type) {
	case int64:
		return component.Const{Value: pack.Int(v)}
	case rel.Day:
		return component.Const{Value: pack.Text(v.String())}
	default:
		return component.Const{Value: pack.Text(v.(string))}
	}
}

// holds reads a chain of conditions: some run of them between two ors is true
// in all its parts. Null makes no part true, so two values are enough.
func holds(list []filter.Condition, r row) bool {
	schema, _ := columns()
	any, run := false, false
	for i, c := range list {
		one := meets(c, r[schema.Index(c.Column)])
		if i == 0 || c.Join == filter.Or {
			any, run = any || run, one
			continue
		}
		run = run && one
	}
	return any || run
}

// meets reads one condition on its own. Every operator but is_null is false of
// null, its opposite too.
func meets(c filter.Condition, v rel.Value) bool {
	if v == nil || c.Operator == filter.IsNull || c.Operator == filter.IsNotNull {
		return (c.Operator == filter.IsNull) == (v == nil) && (c.Operator == filter.IsNull || c.Operator == filter.IsNotNull)
	}
	low, high := valueOf(c.Value, v), valueOf(c.To, v)
	text, _ := v.(string)
	find, _ := low.(string)
	a, b := function.Compare(v, low), function.Compare(v, high)
	return map[filter.Operator]bool{
		filter.Equal: a == 0, filter.NotEqual: a != 0, filter.Less: a < 0, filter.LessOrEqual: a <= 0,
		filter.Greater: a > 0, filter.GreaterOrEqual: a >= 0,
		filter.Between: a >= 0 && b <= 0, filter.NotBetween: a < 0 || b > 0,
		filter.In: a == 0 || b == 0, filter.NotIn: a != 0 && b != 0,
		filter.Contains: strings.Contains(text, find), filter.NotContains: !strings.Contains(text, find),
		filter.StartsWith: strings.HasPrefix(text, find), filter.NotStartsWith: !strings.HasPrefix(text, find),
		filter.EndsWith: strings.HasSuffix(text, find), filter.NotEndsWith: !strings.HasSuffix(text, find),
	}[c.Operator]
}

// valueOf reads a constant back as a value of v's type.
func valueOf(c component.Const, v rel.Value) rel.Value {
	out, _ := component.ToConstant(c.Value, rel.TypeOf(v))
	return out
}
