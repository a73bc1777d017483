package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// previewFlags are the flags of weft preview.
type previewFlags struct {
	source
	node   string
	port   string
	format string
	limit  int64
	exact  bool
}

func (p *program) previewCommand() *cobra.Command {
	var f previewFlags
	cmd := &cobra.Command{
		Use:   "preview PACKAGE --node NODE",
		Short: "Show the first rows of a node at once, without a run",
		Long: `Shows the first rows of a node. Where the whole would take long they are made
from the heads of the sources, and marked as a sample; --exact waits for the
true ones.`,
		Example: `  weft preview flights.weft --node delayed
  weft preview flights.weft --node by_origin --exact
  weft preview sales.weft --node sales.misfits`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return p.preview(cmd.Context(), f)
		},
	}
	f.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.node, "node", "", "the node: node, or node.port (default: the one that nothing reads)")
	flags.StringVar(&f.port, "port", "", "output port of the node (default: the first)")
	flags.StringVar(&f.format, "format", formatTable, "form of the table: table, csv, json")
	flags.Int64Var(&f.limit, "limit", 100, "rows at most")
	flags.BoolVar(&f.exact, "exact", false, "the true first rows, however long it takes")
	completeFlag(cmd, "format", fixed(formats()[:3]...))
	completeFlag(cmd, "node", outputs)
	return cmd
}

func (p *program) preview(ctx context.Context, f previewFlags) (err error) {
	if forms := formats()[:3]; !slices.Contains(forms, f.format) {
		return wrongUsage(msgBadFormat, "format", f.format, "formats", strings.Join(forms, ", "))
	}
	if f.limit < 0 {
		return wrongUsage(msgNegativeLimit)
	}
	o, err := p.open(ctx, f.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	t, err := o.previewed(f)
	if err != nil {
		return err
	}
	if err := o.errors([]plan.Target{t}); err != nil {
		return err
	}
	found, err := o.session.Preview(ctx, o.graph, t, f.limit, f.exact)
	if err != nil {
		return o.fail(err)
	}
	return p.printPreview(found, f.format)
}

// previewed is the output to preview.
func (o *opened) previewed(f previewFlags) (plan.Target, error) {
	name := f.node
	if name == "" {
		open := o.unread()
		if len(open) != 1 {
			return plan.Target{}, o.whichNode(open)
		}
		name = open[0].Node.ID
	}
	if f.port != "" {
		name += "." + f.port
	}
	return o.target(name)
}

// whichNode asks for the one of several nodes that is meant: of those that
// nothing reads, or else of all that give a table.
func (o *opened) whichNode(open []plan.Target) error {
	message := msgWhichNode
	if len(open) == 0 {
		message = msgWhichOutput
		for _, n := range o.graph.Nodes {
			if t := (plan.Target{Node: n}); !sink(t) {
				open = append(open, t)
			}
		}
	}
	if len(open) == 0 {
		return wrongUsage(msgNothingToRun)
	}
	ids := make([]string, len(open))
	for i, t := range open {
		ids[i] = t.Node.ID
	}
	return wrongUsage(message, "nodes", strings.Join(ids, ", "))
}

func (p *program) printPreview(found *run.Preview, format string) error {
	mark := errs.Words{En: "sample", Ru: "по выборке"}
	if found.Exact {
		mark = errs.Words{En: "exact", Ru: "точно"}
	}
	summary := fmt.Sprintf("%s, %s, %s", p.rows(int64(len(found.Rows))), mark.Text(p.lang), seconds(found.Elapsed, p.lang))
	if format == formatTable {
		if err := grid.Text(p.out, found.Schema, found.Rows, p.style); err != nil {
			return err
		}
		_, err := fmt.Fprintln(p.out, p.style.Dim(summary))
		return err
	}
	stream := grid.CSV(p.out, found.Schema)
	if format == formatJSON {
		stream = grid.JSON(p.out, found.Schema)
	}
	if err := errors.Join(stream.Rows(found.Rows), stream.Close()); err != nil {
		return err
	}
	fmt.Fprintln(p.err, p.warn.Dim(summary))
	return nil
}
