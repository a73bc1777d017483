package publish

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
)

// planned is an operation whose plan is made once and run for every call. A
// variable of a setting, other than of a formula or a single value, decides
// what the plan is: each combination of values has a variant of its own.
type planned struct {
	pkg     *pack.Package
	decl    *pack.Operation
	options plan.Options
	input   rel.Schema
	found   map[string]*component.Discovery
	open    map[string]bool // variables that callers may give
	shaping []string        // those of them that shape the plan, sorted
	output  rel.Schema
	name    string // of its variants, in a worker

	mu       sync.Mutex
	variants map[string]*variant
	made     int
}

// variant is a plan as workers run it.
type variant struct {
	id       string
	rel      rel.Rel
	fixed    []part
	required []string           // columns of what is given that it reads
	closed   map[string]*string // variables of the plan that callers may not give
}

// maxVariants is how many variants of an operation are known at once.
const maxVariants = 64

// bind makes the operation's graph with values of variables.
func (p *planned) bind(set []pack.Entry) (*plan.Graph, plan.Target, error) {
	o := p.options
	o.Set = set
	g, err := plan.Bind(p.pkg, p.decl.Workflow, o)
	if err != nil {
		return nil, plan.Target{}, err
	}
	target, err := p.target(g)
	if err != nil {
		return nil, target, err
	}
	if p.decl.Input != "" {
		if err := p.give(g); err != nil {
			return nil, target, err
		}
	}
	return g, target, nil
}

// target is the output that the operation answers with.
func (p *planned) target(g *plan.Graph) (plan.Target, error) {
	at := p.decl.Output
	n := g.Node(at.Node)
	if n != nil && n.Def != nil {
		if i := n.Def.Output(at.Port); i >= 0 {
			return plan.Target{Node: n, Port: i}, nil
		}
	}
	return plan.Target{}, errs.New(errs.Invalid, errNoOutputNode, errs.P{
		"operation": p.decl.ID, "node": at, "suggest": errs.Suggest(at.Node, nodeIDs(g)),
	}).At(p.decl.Pos.Place())
}

// give puts what the caller gives in the place of the input node.
func (p *planned) give(g *plan.Graph) error {
	n := g.Node(p.decl.Input)
	scan, err := rel.Builder{NodeID: p.decl.Input}.Scan(&rel.Given{Name: p.decl.Input}, p.input, true)
	if err != nil {
		return err
	}
	n.Given, n.Errors = scan, nil
	return nil
}

func nodeIDs(g *plan.Graph) []string {
	out := make([]string, len(g.Nodes))
	for i, n := range g.Nodes {
		out[i] = n.ID
	}
	return out
}

// compile makes the plan for values of the shaping variables.
func (p *planned) compile(set []pack.Entry) (rel.Rel, error) {
	g, target, err := p.bind(set)
	if err != nil {
		return nil, err
	}
	g.Compile(p.found)
	if err := g.ErrorsOf([]plan.Target{target}).Err(); err != nil {
		return nil, err
	}
	r := target.Rel()
	if r == nil {
		return nil, errs.New(errs.Invalid, errNoOutputNode, errs.P{
			"operation": p.decl.ID, "node": p.decl.Output, "suggest": errs.Words{},
		}).At(p.decl.Pos.Place())
	}
	return r, nil
}

// shape finds the variables that decide what the plan is.
func (p *planned) shape(g *plan.Graph, target plan.Target) error {
	found := map[string]bool{}
	for _, n := range g.NeededBy([]plan.Target{target}) {
		if n.Bound == nil || n.Given != nil {
			continue
		}
		for _, name := range n.Bound.Shaping() {
			if !p.open[name] {
				continue
			}
			if n.Wants != nil {
				return errs.New(errs.Invalid, errSourceVariable, errs.P{"variable": name, "node": n.ID}).At(errs.Place{Node: n.ID})
			}
			found[name] = true
		}
	}
	p.shaping = slices.Sorted(maps.Keys(found))
	return nil
}

// variant returns the plan for the values of a call.
func (p *planned) variant(values map[string]rel.Value) (*variant, error) {
	key := p.key(values)
	p.mu.Lock()
	defer p.mu.Unlock()
	if v := p.variants[key]; v != nil {
		return v, nil
	}
	var set []pack.Entry
	for _, name := range p.shaping {
		set = append(set, pack.E(name, component.FromValue(values[name])))
	}
	r, err := p.compile(set)
	if err != nil {
		return nil, err
	}
	if p.output != nil && !slices.Equal(shapeOf(p.output), shapeOf(r.Schema())) {
		return nil, errs.New(errs.Invalid, errShape, errs.P{"variables": strings.Join(p.shaping, ", ")})
	}
	if len(p.variants) >= maxVariants {
		clear(p.variants)
	}
	p.made++
	v := &variant{id: fmt.Sprintf("%s_%d", p.name, p.made)}
	v.rel, v.fixed = fix(r, p.open, v.id)
	v.required, v.closed = p.required(v.rel), map[string]*string{}
	for name, param := range rel.Params(v.rel) {
		if !p.open[name] {
			v.closed[name] = spelled(param.Value)
		}
	}
	p.variants[key] = v
	return v, nil
}

// key is one text for each combination of values of the shaping variables.
func (p *planned) key(values map[string]rel.Value) string {
	if len(p.shaping) == 0 {
		return ""
	}
	list := make([]*string, len(p.shaping))
	for i, name := range p.shaping {
		list[i] = spelled(values[name])
	}
	key, _ := json.Marshal(list) // texts marshal without fail
	return string(key)
}

// shapeOf is what callers see of columns.
func shapeOf(s rel.Schema) []rel.Column {
	out := slices.Clone(s)
	for i := range out {
		out[i].Nullable, out[i].Label, out[i].Usage, out[i].Continuous = false, "", 0, false
	}
	return out
}
