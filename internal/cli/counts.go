package cli

import (
	"context"
	"fmt"

	"github.com/weftworks/weft/internal/plan"
)

// tellCounts lists the number of rows at every port that the run went
// through: also those that a filter turned away or that found no match in a
// join.
func (p *program) tellCounts(ctx context.Context, o *opened, targets []plan.Target, v *view) error {
	if p.out.broken {
		return nil
	}
	counts, err := o.session.Counts(ctx, o.graph, targets)
	if err != nil {
		return o.fail(err)
	}
	to, style := v.notes()
	for _, c := range counts {
		fmt.Fprintf(to, "%s.%s: %s\n", style.Bold(c.Node), c.Port, p.rows(c.Rows))
	}
	return nil
}
