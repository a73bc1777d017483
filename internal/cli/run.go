package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// runFlags are the flags of weft run.
type runFlags struct {
	source
	node   string
	format string
	out    string
	limit  int64
	counts bool
}

func (p *program) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run PACKAGE",
		Short: "Run a package: write its outputs, print its table",
		Long: `Runs every output of the package and prints the one table that nothing else
reads, or that of --node. Files appear all together at the end, or none.

Values of text inputs that did not fit their column's type are null; how many
there were is told below the table.`,
		Example: `  weft run flights.weft
  weft run flights.weft --set min_delay=60
  weft run flights.weft --node delayed --format csv --limit 1000 > delayed.csv
  weft run flights.weft --node delayed --format parquet --out delayed.parquet`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return p.run(cmd.Context(), f)
		},
	}
	f.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.node, "node", "", "run up to this node only, and show its output: node, or node.port")
	flags.StringVar(&f.format, "format", "table", "form of the table: "+strings.Join(formats(), ", "))
	flags.StringVarP(&f.out, "out", "o", "", "file for the table (default: standard output)")
	flags.Int64Var(&f.limit, "limit", 0, "rows of the table at most; 0: all, of which --format table shows 40")
	flags.BoolVar(&f.counts, "counts", false, "also count the rows at every port: met and rest, unmatched, misfits")
	flags.BoolVarP(&p.quiet, "quiet", "q", false, "no progress")
	completeFlag(cmd, "format", fixed(formats()...))
	completeFlag(cmd, "node", outputs)
	return cmd
}

func (f runFlags) check(p *program) error {
	if !slices.Contains(formats(), f.format) {
		return wrongUsage(msgBadFormat, "format", f.format, "formats", strings.Join(formats(), ", "))
	}
	if f.limit < 0 {
		return wrongUsage(msgNegativeLimit)
	}
	if f.format == formatParquet && f.out == "" && p.style.Width > 0 {
		return wrongUsage(msgParquetTerminal)
	}
	return nil
}

func (p *program) run(ctx context.Context, f runFlags) (err error) {
	if err := f.check(p); err != nil {
		return err
	}
	o, err := p.open(ctx, f.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	targets, err := o.planned(f)
	if err != nil {
		return err
	}
	if err := o.errors(targets); err != nil {
		return err
	}
	view, err := p.newView(f, targets)
	if err != nil {
		return err
	}
	result, err := p.carryOut(ctx, o, f, targets, view)
	if err != nil {
		return o.fail(errors.Join(err, view.discard()))
	}
	if err := view.finish(); err != nil {
		return err
	}
	p.tellWritten(view, result)
	if f.counts {
		if err := p.tellCounts(ctx, o, targets, view); err != nil {
			return err
		}
	}
	return p.tellMisfits(ctx, o, targets, view)
}

// carryOut runs the targets, showing progress and handing rows to the view.
func (p *program) carryOut(ctx context.Context, o *opened, f runFlags, targets []plan.Target, view *view) (*run.Result, error) {
	if p.style.Width > 0 && f.format != formatTable && f.out == "" {
		p.quiet = true // rows run over the terminal already
	}
	progress := p.newProgress()
	job := run.Job{Graph: o.graph, Targets: targets, Limit: f.limit, Observe: progress.observe}
	job.Show = func(t plan.Target, b arrow.RecordBatch) error { return view.batch(b) }
	if f.format == formatParquet {
		job.SaveAs.Parquet, job.SaveAs.Compression = true, "zstd"
		job.Save = func(_ plan.Target, file string) error { return view.copy(file) }
	}
	result, err := o.session.Run(ctx, job)
	progress.end()
	return result, err
}

// planned is targets for a workflow that is right, as far as it is not one
// node alone that is asked for.
func (o *opened) planned(f runFlags) ([]plan.Target, error) {
	if f.node == "" {
		if err := o.errors(everything(o.graph)); err != nil {
			return nil, err
		}
	}
	return o.targets(f)
}

// everything is every node of a graph.
func everything(g *plan.Graph) []plan.Target {
	out := make([]plan.Target, len(g.Nodes))
	for i, n := range g.Nodes {
		out[i].Node = n
	}
	return out
}

// targets says what to run: the node that was named, or every file that the
// workflow writes and the one table that nothing reads.
func (o *opened) targets(f runFlags) ([]plan.Target, error) {
	if f.node != "" {
		t, err := o.target(f.node)
		return []plan.Target{t}, err
	}
	var out []plan.Target
	for _, n := range o.graph.Nodes {
		if t := (plan.Target{Node: n}); sink(t) {
			out = append(out, t)
		}
	}
	open := o.unread()
	switch {
	case len(open) == 1:
		out = append(out, open[0])
	case len(open) > 1 && len(out) == 0:
		return nil, o.whichNode(open)
	case len(o.graph.Nodes) == 0:
		return nil, wrongUsage(msgNothingToRun)
	}
	if f.out != "" && len(open) != 1 {
		return nil, wrongUsage(msgNothingShown, "path", f.out)
	}
	return out, nil
}

// unread lists the first outputs that no node reads.
func (o *opened) unread() []plan.Target {
	read := map[*plan.Node]bool{}
	for _, n := range o.graph.Nodes {
		for _, in := range n.Inputs {
			if in.From != nil && in.Port == 0 {
				read[in.From] = true
			}
		}
	}
	var out []plan.Target
	for _, n := range o.graph.Nodes {
		if t := (plan.Target{Node: n}); !read[n] && !sink(t) {
			out = append(out, t)
		}
	}
	return out
}

// tellWritten lists the files that the run put in place.
func (p *program) tellWritten(v *view, result *run.Result) {
	to, style := v.notes()
	for _, w := range result.Written {
		words := errs.Words{En: "wrote %s: %s", Ru: "записан %s: %s"}
		fmt.Fprintf(to, words.Text(p.lang)+"\n", style.Bold(w.Path), p.rows(w.Rows))
	}
	if len(result.Written) > 0 && !v.shows {
		fmt.Fprintln(to, style.Dim(seconds(time.Since(p.begin), p.lang)))
	}
}

// tellMisfits counts the values of text inputs that did not fit their types.
// It comes last, since it reads the whole of the files once more.
func (p *program) tellMisfits(ctx context.Context, o *opened, targets []plan.Target, v *view) error {
	if p.out.broken {
		return nil
	}
	found, err := o.session.Misfits(ctx, o.graph, targets)
	if err != nil {
		return o.fail(err)
	}
	to, style := v.notes()
	for _, m := range found {
		words := errs.Words{
			En: "%s: column %s: %s of %s values are no %s and so are null, such as '%s'",
			Ru: "%s: столбец %s: %s из %s значений не подошло под тип %s и стало пустым, например '%s'",
		}
		text := fmt.Sprintf(words.Text(p.lang), m.Node, m.Column, p.count(m.Count), p.count(m.Rows), m.Type, grid.Visible(m.Example))
		fmt.Fprintln(to, style.Dim(text))
	}
	return nil
}

var errIsFolder = errors.New("it is a folder")

// writable makes an error of a write one that names the file.
func writable(path string, err error) error {
	if err == nil {
		return nil
	}
	reason := errs.Words{En: "the system refuses", Ru: "система отказывает"}
	kind := errs.Unavailable
	switch {
	case isFull(err):
		reason, kind = errs.Words{En: "the disk is full", Ru: "диск заполнен"}, errs.Exhausted
	case errors.Is(err, os.ErrPermission):
		reason, kind = errs.Words{En: "it is not permitted", Ru: "нет прав"}, errs.Denied
	case errors.Is(err, os.ErrNotExist):
		reason = errs.Words{En: "its folder is not there", Ru: "нет такой папки"}
	case errors.Is(err, errIsFolder):
		reason = errs.Words{En: "it is a folder", Ru: "это папка"}
	case errors.Is(err, os.ErrExist):
		reason, kind = errs.Words{En: "it is there already", Ru: "он уже есть"}, errs.Exists
	}
	return errs.New(kind, msgOut, errs.P{"path": path, "reason": reason}).Because(err)
}
