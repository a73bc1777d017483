package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
)

const trivialText = `weft: 1
workflows:
  main:
    nodes:
      numbers:
        component: input.table
        settings:
          columns:
            - {name: n, type: integer}
          rows:
            - [1]
            - [2]
            - [3]
      even:
        component: rows.filter
        input: numbers
        settings:
          formula: n % 2 = 0
`

// trivial measures weft run of a package that does next to nothing, from the
// start of the process to its exit.
func trivial(ctx context.Context, c config) ([]figure, error) {
	file := filepath.Join(c.data, "trivial.weft")
	if err := os.WriteFile(file, []byte(trivialText), 0o644); err != nil {
		return nil, err
	}
	var times []float64
	for i := range 2*c.runs + 1 {
		t, err := timed(func() error {
			out, err := exec.CommandContext(ctx, c.weft, "run", file).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			times = append(times, t)
		}
	}
	report("weft run trivial", times)
	return []figure{{"run trivial s", median(times)}}, nil
}

// chain is a package of n nodes that filter, calculate, sort and rename in
// turn.
func chain(n int) string {
	var b strings.Builder
	b.WriteString(strings.SplitAfter(trivialText, "            - [3]\n")[0])
	input := "numbers"
	for i := range n - 1 {
		id := fmt.Sprintf("n%d", i)
		fmt.Fprintf(&b, "      %s:\n        input: %s\n", id, input)
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "        component: rows.filter\n        settings:\n          formula: n > %d\n", -i)
		case 1:
			b.WriteString("        component: columns.calculate\n        settings:\n          formulas:\n            - {name: n, formula: n + 1}\n")
		case 2:
			b.WriteString("        component: rows.sort\n        settings:\n          keys:\n            - {column: n}\n")
		default:
			fmt.Fprintf(&b, "        component: columns.fields\n        settings:\n          fields:\n            - {column: n, label: Number %d}\n", i)
		}
		input = id
	}
	return b.String()
}

// manyNodes measures planning: from the package's text to a query that the
// engine has bound.
func manyNodes(ctx context.Context, c config) (_ []figure, err error) {
	text := chain(500)
	b, err := open(ctx, c, text)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	var times []float64
	for i := range 2*c.runs + 1 {
		t, err := timed(func() error { return b.plan(ctx, text) })
		if err != nil {
			return nil, err
		}
		if i > 0 {
			times = append(times, t)
		}
	}
	report("plan and bind 500 nodes", times)
	return []figure{{"plan 500 nodes s", median(times)}}, nil
}

func (b *bound) plan(ctx context.Context, text string) error {
	p, err := pack.Decode([]byte(text), "bench.weft")
	if err != nil {
		return err
	}
	g, err := plan.Bind(p, "", plan.Options{Catalogue: b.Runner().Catalogue, Functions: b.Runner().Functions})
	if err != nil {
		return err
	}
	if err := b.Discover(ctx, g); err != nil {
		return err
	}
	if err := g.Errors().Err(); err != nil {
		return err
	}
	last := g.Nodes[len(g.Nodes)-1]
	steps := g.Steps([]plan.Target{{Node: last}}, plan.Prints{}, nil)
	query, err := b.Render(ctx, steps[len(steps)-1].Rel)
	if err != nil {
		return err
	}
	_, err = b.Engine().Describe(ctx, query)
	return err
}
