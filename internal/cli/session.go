package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// source says which package to work on, and how.
type source struct {
	path      string
	workspace string
	workflow  string
	set       []string
}

// flags adds the flags of commands that work on one package.
func (s *source) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.workspace, "workspace", "", "folder that the package may read and write in (default: the package's own)")
	f.StringVar(&s.workflow, "workflow", "", "workflow of the package (default: main)")
	f.StringArrayVar(&s.set, "set", nil, "value of a variable, as name=value; may be repeated")
	if err := cmd.MarkFlagDirname("workspace"); err != nil {
		panic(err) // the flag was added above
	}
	completeFlag(cmd, "workflow", fromPackage(workflowIDs, cobra.ShellCompDirectiveDefault))
	completeFlag(cmd, "set", fromPackage(assignments, cobra.ShellCompDirectiveNoSpace))
}

// opened is a package, bound to its components, with a worker.
type opened struct {
	source
	doc     *app.Document
	runner  *run.Runner
	session *run.Session
	graph   *plan.Graph
}

// open reads the package, binds its workflow and looks at its sources in a
// worker. What is wrong with nodes stands in the graph.
func (p *program) open(ctx context.Context, s source) (_ *opened, err error) {
	o := &opened{source: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	if o.runner, err = p.runner(); err != nil {
		return nil, err
	}
	if o.doc, err = p.document(s); err != nil {
		return nil, err
	}
	if err := o.start(ctx); err != nil {
		return nil, err
	}
	if err := o.session.Discover(ctx, o.graph); err != nil {
		return nil, inFile(err, s.path, o.doc.Pack)
	}
	return o, nil
}

func (p *program) document(s source) (*app.Document, error) {
	doc, err := app.OpenDocument(s.path, s.workspace, nil)
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// start starts the worker while the graph is bound, which both take a moment.
func (o *opened) start(ctx context.Context) error {
	started := make(chan error, 1)
	go func() {
		var err error
		o.session, err = o.runner.Open(ctx, o.doc.Files, o.doc.Kept)
		started <- err
	}()
	var err error
	o.graph, err = bind(o.doc.Pack, o.source, o.runner)
	return errors.Join(err, <-started)
}

// bind binds the source's workflow with the variables that were set.
func bind(p *pack.Package, s source, r *run.Runner) (*plan.Graph, error) {
	set, err := parseSet(p, s.set)
	if err != nil {
		return nil, err
	}
	g, err := plan.Bind(p, s.workflow, plan.Options{Catalogue: r.Catalogue, Functions: r.Functions, Set: set})
	if err != nil && (errs.KindOf(err) == errs.NotFound || fromCommandLine(err)) {
		return nil, usageError{err: err}
	}
	if err != nil {
		return nil, invalid(errs.All(err), s.path, p)
	}
	return g, nil
}

// fromCommandLine reports whether an error speaks of no line of the package.
func fromCommandLine(err error) bool {
	return !slices.ContainsFunc(errs.All(err), func(e *errs.Error) bool { return e.Place.Line > 0 })
}

// parseSet reads the values of --set.
func parseSet(p *pack.Package, set []string) ([]pack.Entry, error) {
	var out []pack.Entry
	for _, text := range set {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, wrongUsage(msgBadSet, "found", text)
		}
		if p.Variable(name) == nil {
			var names []string
			for _, v := range p.Variables {
				names = append(names, v.Name)
			}
			return nil, wrongUsage(msgNoVariable, "variable", name, "suggest", errs.Suggest(name, names))
		}
		out = append(out, pack.E(name, pack.Text(value)))
	}
	return out, nil
}

func (o *opened) close() error {
	var err error
	if o.session != nil {
		err = o.session.Close()
	}
	if o.doc != nil {
		err = errors.Join(err, o.doc.Close())
	}
	return err
}

// errors is what is wrong with the package as far as the targets need it.
func (o *opened) errors(targets []plan.Target) error {
	o.checkPaths()
	list := o.graph.ErrorsOf(targets)
	byLine(list)
	return invalid(list, o.path, o.doc.Pack)
}

// byLine sorts errors by where they stand in the package.
func byLine(list errs.List) {
	slices.SortStableFunc(list, func(a, b *errs.Error) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
}

// checkPaths notes outputs whose file no run would write.
func (o *opened) checkPaths() {
	places := run.OutputPlaces{}
	for _, n := range o.graph.Nodes {
		if n.Write == nil {
			continue
		}
		if err := places.Take(o.doc.Files, n.Write.Path); err != nil {
			n.Fail(errs.At(err, errs.Place{Setting: "path"}))
		}
	}
}

// target finds the output that --node names: node, or node.port.
func (o *opened) target(name string) (plan.Target, error) {
	id, port, _ := strings.Cut(name, ".")
	n := o.graph.Node(id)
	if n == nil {
		var ids []string
		for _, n := range o.graph.Nodes {
			ids = append(ids, n.ID)
		}
		return plan.Target{}, wrongUsage(msgNoNode, "node", id, "suggest", errs.Suggest(id, ids))
	}
	if n.Def == nil {
		return plan.Target{Node: n}, nil
	}
	i := n.Def.Output(port)
	if i < 0 && port != "" {
		var ports []string
		for _, p := range n.Def.Outputs {
			ports = append(ports, p.Name)
		}
		return plan.Target{}, wrongUsage(msgNoPort, "node", id, "port", port, "ports", strings.Join(ports, ", "))
	}
	return plan.Target{Node: n, Port: max(i, 0)}, nil
}

// sink reports whether a target writes a file.
func sink(t plan.Target) bool { return t.Node.Def != nil && t.Node.Def.IsSink() }

// fail is an error of a run, at its place in the package.
func (o *opened) fail(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return err
	}
	return inFile(err, o.path, o.doc.Pack)
}
