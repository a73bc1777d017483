package publish

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// unit is one version of a package that declares services: as its file and the
// files that it reads were at one moment.
type unit struct {
	path     string
	stamp    stamp
	pkg      *pack.Package
	files    *workspace.Workspace
	ops      []*Operation
	problems []Problem
	sources  []source
	again    time.Time // when to declare it again; zero: when it changes
	pool     *pool
	timeout  time.Duration // of a call
	maxRows  int64         // of an answer

	mu     sync.Mutex
	closed bool
	calls  sync.WaitGroup
}

// source is a pattern of files that a unit reads, and what it found.
type source struct {
	pattern string
	files   []component.File
}

// enter begins a call; false: the unit has been replaced.
func (u *unit) enter() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return false
	}
	u.calls.Add(1)
	return true
}

// close ends the unit when its calls are done.
func (u *unit) close() {
	u.mu.Lock()
	was := u.closed
	u.closed = true
	u.mu.Unlock()
	if was {
		return
	}
	u.calls.Wait()
	if u.pool != nil {
		u.pool.close()
	}
	if u.files != nil {
		_ = u.files.Close() // nothing was written
	}
}

// services are the ids that the unit declares.
func (u *unit) services() []string {
	if u.pkg == nil {
		return nil
	}
	out := make([]string, len(u.pkg.Services))
	for i, s := range u.pkg.Services {
		out[i] = s.ID
	}
	return out
}

// stale reports whether a file that the unit reads has changed, or it is time
// to try again what failed by no fault of the package.
func (u *unit) stale(now time.Time) bool {
	if !u.again.IsZero() && now.After(u.again) {
		return true
	}
	for _, s := range u.sources {
		files, err := u.files.Find(s.pattern)
		if (err != nil) != (s.files == nil) {
			return true
		}
		if !slices.EqualFunc(files, s.files, func(a workspace.File, b component.File) bool { return component.File(a) == b }) {
			return true
		}
	}
	return false
}

// declare finds the types of every operation. What is wrong with one is a
// problem of it alone.
func (u *unit) declare(ctx context.Context, o plan.Options) (err error) {
	defer run.Recovered(u.pool.log, &err)
	s, err := u.pool.acquire(ctx)
	if err != nil {
		return err
	}
	defer func() { u.pool.release(s, false) }()
	bases := map[string]*plan.Graph{}
	for i := range u.pkg.Services {
		service := &u.pkg.Services[i]
		for j := range service.Operations {
			decl := &service.Operations[j]
			base, ok := bases[decl.Workflow]
			if !ok {
				base, err = u.discover(ctx, s, decl.Workflow, o)
				if err != nil {
					return err
				}
				bases[decl.Workflow] = base
			}
			op, err := u.operation(service, decl, base, o)
			if err != nil {
				u.problems = append(u.problems, Problem{u.path, service.ID, decl.ID, errs.All(err)})
				continue
			}
			op.plan.name = fmt.Sprintf("op%d_%d", i, j)
			u.ops = append(u.ops, op)
		}
	}
	slices.SortFunc(u.ops, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation))
	})
	return nil
}

// discover compiles a workflow as it stands; nil where it cannot be bound.
func (u *unit) discover(ctx context.Context, s *slot, workflow string, o plan.Options) (*plan.Graph, error) {
	g, err := plan.Bind(u.pkg, workflow, o)
	if err != nil {
		return nil, nil // each operation tells it
	}
	for _, n := range g.Sources() {
		src := source{pattern: n.Wants.Pattern}
		files, _ := u.files.Find(src.pattern) // what is wrong with it is found again, and told, below
		for _, f := range files {
			src.files = append(src.files, component.File(f))
		}
		u.sources = append(u.sources, src)
	}
	if err := s.session.Discover(ctx, g); err != nil {
		return nil, err
	}
	return g, nil
}

// operation declares one operation.
func (u *unit) operation(service *pack.Service, decl *pack.Operation, base *plan.Graph, o plan.Options) (*Operation, error) {
	p := &planned{pkg: u.pkg, decl: decl, options: o, open: map[string]bool{}, variants: map[string]*variant{}}
	op := &Operation{
		Service: service.ID, Operation: decl.ID, Label: decl.Label, Path: u.path, HasInput: decl.Input != "",
		unit: u, plan: p,
	}
	if op.Label == "" {
		op.Label = service.Label
	}
	if w := u.pkg.Workflow(cmp.Or(decl.Workflow, "main")); w != nil {
		op.Note = w.Note
	}
	if err := op.variables(u.pkg); err != nil {
		return nil, err
	}
	if base != nil {
		p.found = base.Found
	}
	if err := p.takes(base); err != nil {
		return nil, err
	}
	g, target, err := p.bind(nil)
	if err != nil {
		return nil, err
	}
	if err := p.shape(g, target); err != nil {
		return nil, err
	}
	r, err := p.compile(nil)
	if err != nil {
		return nil, err
	}
	p.output = r.Schema()
	op.Input, op.Output, op.Required = p.input, p.output, p.required(r)
	return op, nil
}

// takes finds the columns of the table that callers give.
func (p *planned) takes(base *plan.Graph) error {
	if p.decl.Input == "" || base == nil {
		return nil
	}
	n := base.Node(p.decl.Input)
	if n == nil {
		return errs.New(errs.Invalid, errNoInputNode, errs.P{
			"operation": p.decl.ID, "node": p.decl.Input, "suggest": errs.Suggest(p.decl.Input, nodeIDs(base)),
		}).At(p.decl.Pos.Place())
	}
	if len(n.Outputs) == 0 || n.Outputs[0] == nil {
		list := base.ErrorsOf([]plan.Target{{Node: n}})
		list.Add(errs.New(errs.Invalid, errNoInputTable, errs.P{"operation": p.decl.ID, "node": n.ID}).At(p.decl.Pos.Place()))
		return list
	}
	p.input = n.Outputs[0].Schema()
	return nil
}

// required are the columns of what is given that a plan's result depends on,
// in the order of the table.
func (p *planned) required(r rel.Rel) []string {
	needed := map[string]bool{}
	for scan, columns := range rel.Needs(r) {
		if _, ok := scan.Source.(*rel.Given); !ok {
			continue
		}
		for name := range columns {
			needed[name] = true
		}
	}
	var out []string
	for _, c := range p.input {
		if needed[c.Name] {
			out = append(out, c.Name)
		}
	}
	return out
}
