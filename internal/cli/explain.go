package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
)

// explainFlags are the flags of weft explain.
type explainFlags struct {
	source
	node   string
	column string
	sql    bool
}

func (p *program) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain PACKAGE",
		Short: "Show how a package would be run",
		Long: `Shows the steps of a run: the nodes that each computes in one query, why the plan
is cut there, which kept results it finds, and the columns that come out. With
--sql the queries; with --column where the values of a column come from.`,
		Example: `  weft explain flights.weft
  weft explain flights.weft --sql
  weft explain flights.weft --node by_origin --column mean_delay`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return p.explain(cmd.Context(), f)
		},
	}
	f.flags(cmd)
	cmd.Flags().StringVar(&f.node, "node", "", "explain this node: node, or node.port (default: all that run does)")
	cmd.Flags().StringVar(&f.column, "column", "", "only where this column comes from")
	cmd.Flags().BoolVar(&f.sql, "sql", false, "show the query of each step")
	completeFlag(cmd, "node", outputs)
	return cmd
}

func (p *program) explain(ctx context.Context, f explainFlags) (err error) {
	o, err := p.open(ctx, f.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	targets, err := o.planned(runFlags{node: f.node})
	if err != nil {
		return err
	}
	if err := o.errors(targets); err != nil {
		return err
	}
	if f.column != "" {
		return o.fail(p.explainColumn(targets, f.column))
	}
	var kept plan.Kept
	if o.doc.Kept != nil {
		kept = o.doc.Kept
	}
	steps := o.graph.Steps(targets, plan.NewPrints(o.runner.Versions, o.graph.Found), kept)
	for i, step := range steps {
		if i > 0 {
			fmt.Fprintln(p.out)
		}
		p.explainStep(step)
		if !f.sql {
			continue
		}
		query, err := o.session.Render(ctx, step.Rel)
		if err != nil {
			return o.fail(err)
		}
		fmt.Fprintf(p.out, "\n    %s\n", strings.ReplaceAll(readable(query), "\n", "\n    "))
	}
	return nil
}

// explainStep tells what a step does, and why it is one.
func (p *program) explainStep(s *plan.Step) {
	say := func(en, ru, value string) {
		if value != "" {
			fmt.Fprintf(p.out, "  %s %s\n", p.style.Dim(errs.Words{En: en, Ru: ru}.Text(p.lang)+":"), value)
		}
	}
	fmt.Fprintf(p.out, "%s %s\n", p.style.Bold(s.ID), p.becomes(s))
	say("nodes", "узлы", strings.Join(s.Nodes, ", "))
	say("reads", "читает", strings.Join(p.reads(s.Rel), ", "))
	say("cut because", "отдельный шаг, потому что", s.Reason.Text(p.lang))
	say("kept at", "хранится как", s.Address)
	say("columns", "столбцы", s.Rel.Schema().String())
	say("order", "порядок", orderText(s.Rel.Ordering(), p.lang))
}

// becomes says what becomes of a step's rows.
func (p *program) becomes(s *plan.Step) string {
	var w errs.Words
	switch s.Kind {
	case plan.Write:
		w = errs.Words{En: "writes " + s.Output.Path, Ru: "пишет " + s.Output.Path}
	case plan.Keep:
		w = errs.Words{En: "keeps the result of " + s.Node.ID, Ru: "сохраняет результат " + s.Node.ID}
	case plan.Table:
		w = errs.Words{En: "holds the result of " + s.Node.ID + " for later steps", Ru: "держит результат " + s.Node.ID + " для следующих шагов"}
	default:
		w = errs.Words{En: "shows " + s.Node.ID, Ru: "показывает " + s.Node.ID}
	}
	return w.Text(p.lang)
}

// reads lists the sources of a step: files, results of earlier steps, and
// results that an earlier run kept.
func (p *program) reads(r rel.Rel) []string {
	var out []string
	rel.Visit(r, func(x rel.Rel) {
		scan, ok := x.(*rel.Scan)
		if !ok {
			return
		}
		switch src := scan.Source.(type) {
		case *rel.Stored:
			w := errs.Words{En: "the result of " + scan.Node(), Ru: "результат " + scan.Node()}
			if src.Rows >= 0 {
				w = errs.Words{En: "the kept result of " + scan.Node(), Ru: "сохранённый результат " + scan.Node()}
			}
			out = append(out, w.Text(p.lang))
		default:
			out = append(out, src.Paths()...)
		}
	})
	return out
}

func orderText(o rel.Ordering, lang string) string {
	if len(o.Keys) == 0 {
		if o.Natural {
			return errs.Words{En: "as in the source", Ru: "как в источнике"}.Text(lang)
		}
		return errs.Words{En: "none", Ru: "нет"}.Text(lang)
	}
	var parts []string
	for _, k := range o.Keys {
		text := k.Column
		if k.Desc {
			text += errs.Words{En: " descending", Ru: " по убыванию"}.Text(lang)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// explainColumn tells which columns of sources a column takes its values from.
func (p *program) explainColumn(targets []plan.Target, name string) error {
	for _, t := range targets {
		if t.Rel() == nil {
			continue
		}
		col, err := t.Rel().Schema().Find(name)
		if err != nil {
			return errs.At(err, errs.Place{Node: t.Node.ID})
		}
		fmt.Fprintf(p.out, "%s.%s: %s\n", t.Node.ID, p.style.Bold(col.Name), col.Type)
		origins := rel.Lineage(t.Rel(), col.Name)
		for _, o := range origins {
			fmt.Fprintf(p.out, "  ← %s.%s\n", o.Node, o.Column)
		}
		if len(origins) == 0 {
			words := errs.Words{En: "  its values come from no column of a source", Ru: "  его значения не берутся ни из какого столбца источников"}
			fmt.Fprintln(p.out, words.Text(p.lang))
		}
	}
	return nil
}
