package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/run"
)

// checkFlags are the flags of weft check.
type checkFlags struct {
	workspace string
	format    string
}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check PACKAGE...",
		Short: "Tell everything that is wrong with packages",
		Long: `Checks packages without running them: the file, settings, links, formulas,
columns, and whether the inputs are there. All that is wrong is told in one go,
each with its line and column. Exit code 3 if a package is invalid, 5 if only
inputs are missing or unreadable.`,
		Example:           "  weft check flights.weft\n  weft check --format json *.weft",
		Args:              usage(cobra.MinimumNArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.check(cmd.Context(), args, f)
		},
	}
	cmd.Flags().StringVar(&f.workspace, "workspace", "", "folder that the packages may read and write in (default: each one's own)")
	cmd.Flags().StringVar(&f.format, "format", "text", "form of the answer: text, json")
	completeFlag(cmd, "format", fixed("text", "json"))
	return cmd
}

// checked is what was found in one package.
type checked struct {
	path string
	err  error
	doc  *pack.Package
}

func (p *program) check(ctx context.Context, paths []string, f checkFlags) error {
	if err := checkListFormat(f.format); err != nil {
		return err
	}
	var all []checked
	for _, path := range paths {
		c := checked{path: path}
		c.doc, c.err = p.checkOne(ctx, path, f.workspace)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		all = append(all, c)
	}
	if f.format == formatJSON {
		if err := p.printChecked(all); err != nil {
			return err
		}
	} else {
		p.tellChecked(all)
	}
	return worst(all)
}

// worst is the exit of all packages together: invalid before missing inputs.
func worst(all []checked) error {
	code := exitOK
	for _, c := range all {
		if c.err == nil {
			continue
		}
		if one := exitCode(c.err); code == exitOK || code == exitInput {
			code = one
		}
	}
	if code == exitOK {
		return nil
	}
	return told{code: code}
}

func (p *program) tellChecked(all []checked) {
	for _, c := range all {
		if c.err == nil {
			words := errs.Words{En: "%s: all right", Ru: "%s: всё в порядке"}
			fmt.Fprintf(p.out, words.Text(p.lang)+"\n", grid.Visible(c.path))
			continue
		}
		p.report(c.err)
	}
}

// checkOne returns the package, if it can be read, and all that is wrong.
func (p *program) checkOne(ctx context.Context, path, workspace string) (_ *pack.Package, err error) {
	doc, wrong, err := app.InspectDocument(path, workspace, nil)
	if err != nil {
		return nil, asInvalid(err)
	}
	o := &opened{source: source{path: path, workspace: workspace}, doc: doc}
	defer func() { err = errors.Join(err, o.close()) }()
	if o.runner, err = p.runner(); err != nil {
		return nil, err
	}
	list := errs.All(wrong)
	for _, w := range doc.Pack.Workflows {
		found, err := o.checkWorkflow(ctx, w.ID)
		if err != nil {
			return doc.Pack, err
		}
		list = append(list, found...)
	}
	byLine(list)
	// A variable is wrong in the file and in each workflow alike.
	list = slices.CompactFunc(list, func(a, b *errs.Error) bool {
		p, q := a.Place, b.Place
		return p.Line > 0 && p.Line == q.Line && p.Column == q.Column && p.Node == "" && q.Node == ""
	})
	return doc.Pack, invalid(list, path, doc.Pack)
}

// asInvalid counts what is wrong with a package's file among what is found
// before a run.
func asInvalid(err error) error {
	return invalidPackage{errs.All(err)}
}

// checkWorkflow finds what is wrong with one workflow. A worker is started
// only where files must be looked at.
func (o *opened) checkWorkflow(ctx context.Context, id string) (errs.List, error) {
	s := o.source
	s.workflow = id
	g, err := bind(o.doc.Pack, s, o.runner)
	if err != nil {
		return errs.All(err), nil
	}
	o.graph = g
	if len(g.Sources()) == 0 {
		g.Compile(nil)
		run.LookForFiles(g, o.doc.Files)
	} else {
		if o.session == nil {
			if o.session, err = o.runner.Open(ctx, o.doc.Files, o.doc.Kept); err != nil {
				return nil, err
			}
		}
		if err := o.session.Discover(ctx, g); err != nil {
			return nil, o.fail(err)
		}
	}
	o.checkPaths()
	return append(g.Errors(), o.checkTests(id)...), nil
}

// problem is one error in the JSON that weft check prints.
type problem struct {
	errs.Place
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

func (p *program) printChecked(all []checked) error {
	type file struct {
		File   string    `json:"file"`
		Errors []problem `json:"errors"`
	}
	out := []file{}
	for _, c := range all {
		f := file{File: c.path, Errors: []problem{}}
		for _, e := range errs.All(c.err) {
			f.Errors = append(f.Errors, problem{Place: e.Place, ID: e.Message.ID, Kind: e.Kind.String(), Message: e.Text(p.lang)})
		}
		out = append(out, f)
	}
	return p.printJSON(out)
}
