package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
)

// workflowText is filter, calculate, join, group, sort over the orders.
const workflowText = `weft: 1
workflows:
  main:
    nodes:
      orders:
        component: input.text
        settings:
          path: %s
          delimiter: ","
          columns:
            - {name: id, type: integer}
            - {name: day, type: date}
            - {name: region, type: string}
            - {name: product, type: string}
            - {name: quantity, type: integer}
            - {name: price, type: real}
      products:
        component: input.text
        settings:
          path: products.csv
          delimiter: ","
          columns:
            - {name: code, type: string}
            - {name: category, type: string}
            - {name: weight, type: real}
      large:
        component: rows.filter
        input: orders
        settings:
          formula: quantity >= 20
      priced:
        component: columns.calculate
        input: large
        settings:
          formulas:
            - {name: amount, formula: quantity * price}
            - {name: month, formula: "date_trunc('month', day)"}
      placed:
        component: tables.join
        inputs: {left: priced, right: products}
        settings:
          kind: inner
          keys:
            - {left: product, right: code}
      grouped:
        component: columns.group
        input: placed
        settings:
          keys: [region, category]
          measures:
            - {column: amount, function: sum, name: amount}
            - {column: weight, function: mean, name: weight}
            - {function: count, name: orders}
      ordered:
        component: rows.sort
        input: grouped
        settings:
          keys:
            - {column: amount, direction: descending}
            - {column: region}
            - {column: category}
`

// handwritten is the best single query that we know for the same work. DuckDB
// takes text files for equally large, so that an inner join, with a condition
// on the orders, is built of them; said as a left join, of the few products.
const handwritten = `SELECT o.region, p.category, sum(o.quantity * o.price) AS amount, avg(p.weight) AS weight, count(*) AS orders
FROM read_csv('%s', delim=',', header=true, auto_detect=false, columns={'id': 'BIGINT', 'day': 'DATE', 'region': 'VARCHAR',
  'product': 'VARCHAR', 'quantity': 'BIGINT', 'price': 'DOUBLE'}) o
LEFT JOIN read_csv('%s', delim=',', header=true, auto_detect=false, columns={'code': 'VARCHAR', 'category': 'VARCHAR', 'weight': 'DOUBLE'}) p
  ON o.product = p.code
WHERE o.quantity >= 20 AND p.code IS NOT NULL
GROUP BY o.region, p.category
ORDER BY amount DESC, o.region, p.category`

// workflow measures the fused workflow beside the hand-written query and
// beside a table after every node, in turn, in one worker.
func workflow(ctx context.Context, c config) (_ []figure, err error) {
	b, err := open(ctx, c, fmt.Sprintf(workflowText, c.ordersName()))
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, b.close()) }()
	last := plan.Target{Node: b.graph.Node("ordered")}
	byHand := fmt.Sprintf(handwritten, c.orders(), filepath.Join(c.data, "products.csv"))
	var fused, hand, written, ratio []float64
	for i := range c.runs + 1 {
		var f, h, w float64
		if f, err = timed(func() error { return b.runOnce(ctx, last) }); err != nil {
			return nil, err
		}
		if h, err = timed(func() error { return b.query(ctx, byHand) }); err != nil {
			return nil, err
		}
		if w, err = timed(func() error { return b.materialise(ctx, i) }); err != nil {
			return nil, err
		}
		if i > 0 { // the first is a warm-up
			fused, hand, written, ratio = append(fused, f), append(hand, h), append(written, w), append(ratio, f/h)
		}
	}
	report("fused workflow", fused)
	report("hand-written query", hand)
	report("table after every node", written)
	preview, err := b.previews(ctx, c)
	if err != nil {
		return nil, err
	}
	return []figure{
		{"fused/handwritten", median(ratio)},
		{"materialised/fused", median(written) / median(fused)},
		preview,
	}, nil
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (b *bound) runOnce(ctx context.Context, t plan.Target) error {
	_, err := b.Run(ctx, run.Job{
		Graph: b.graph, Targets: []plan.Target{t},
		Show: func(plan.Target, arrow.RecordBatch) error { return nil },
	})
	return err
}

func (b *bound) query(ctx context.Context, text string) error {
	return b.Engine().Query(ctx, text, 0, func(arrow.RecordBatch) error { return nil })
}

// materialise does what platforms do that write a full table after each node.
func (b *bound) materialise(ctx context.Context, turn int) error {
	with := map[rel.Rel]rel.Rel{}
	var made []string
	for _, n := range b.graph.Nodes {
		out := n.Outputs[0]
		name := fmt.Sprintf("m%d_%s", turn, n.ID)
		query, err := b.Render(ctx, rel.Replace(out, with))
		if err != nil {
			return err
		}
		if _, err := b.Engine().Exec(ctx, sql.DuckDB().CreateTable(name, query), nil); err != nil {
			return err
		}
		made = append(made, name)
		stored, err := rel.Builder{NodeID: n.ID}.Scan(&rel.Stored{Address: name, Rows: -1}, out.Schema(), true)
		if err != nil {
			return err
		}
		with[out] = stored
	}
	for _, name := range made {
		if _, err := b.Engine().Exec(ctx, sql.DuckDB().DropTable(name), nil); err != nil {
			return err
		}
	}
	return nil
}

// previews asks for the first 100 rows of every node and returns the slowest.
func (b *bound) previews(ctx context.Context, c config) (figure, error) {
	slowest := 0.0
	for _, n := range b.graph.Nodes {
		var times []float64
		exact := "sample"
		for range c.runs {
			t, err := timed(func() error {
				p, err := b.Preview(ctx, b.graph, plan.Target{Node: n}, 100, false)
				if err == nil && p.Exact {
					exact = "exact"
				}
				return err
			})
			if err != nil {
				return figure{}, err
			}
			times = append(times, t)
		}
		report("preview "+n.ID+" ("+exact+")", times)
		slowest = max(slowest, slices.Max(times))
	}
	return figure{"preview/csv", slowest}, nil
}
