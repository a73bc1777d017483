// Package plan turns a workflow into what an engine has to do: it binds the
// nodes' settings, compiles them into relational expressions, cuts these into
// as few steps as is right, addresses kept results by content, and plans
// previews.
//
// It is pure: it reads no file and knows no engine. What must be known of
// files comes in as discoveries.
package plan

import (
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Graph is a workflow whose nodes are bound to their components.
type Graph struct {
	Package   *pack.Package
	Workflow  *pack.Workflow
	Nodes     []*Node // inputs before the nodes that read them
	Functions *rel.Functions
	Params    map[string]*rel.Param
	Wrong     errs.List                       // what is wrong with the variables
	Found     map[string]*component.Discovery // what Compile was told, by node
	byID      map[string]*Node
}

// Node is one node of a graph.
type Node struct {
	*pack.Node
	Def     *component.Definition // nil: unknown component
	Bound   *component.Bound
	Inputs  []Input           // one per input port of Def
	Wants   *component.Wants  // of sources
	Given   rel.Rel           // stands in place of the node's first output, in tests
	Outputs []rel.Rel         // one per output port, after Compile; nil where it failed
	Write   *component.Output // of sinks, after Compile
	Errors  errs.List         // what is wrong with the node
	Blocked bool              // an input has errors
	context *component.Context
}

// Input is what is linked to an input port; From is nil for a free port.
type Input struct {
	From *Node
	Port int // index of the output port of From
}

// Node returns a node by id, or nil.
func (g *Graph) Node(id string) *Node { return g.byID[id] }

// Errors returns everything that is wrong with the graph's variables and
// nodes.
func (g *Graph) Errors() errs.List {
	out := slices.Clone(g.Wrong)
	for _, n := range g.Nodes {
		out = append(out, n.Errors...)
	}
	return out
}

// NeededBy returns the nodes that targets read, each behind its inputs. What
// stands before a given node is not read.
func (g *Graph) NeededBy(targets []Target) []*Node {
	var out []*Node
	seen := map[*Node]bool{}
	var visit func(n *Node)
	visit = func(n *Node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.Given == nil {
			for _, in := range n.Inputs {
				visit(in.From)
			}
		}
		out = append(out, n)
	}
	for _, t := range targets {
		visit(t.Node)
	}
	return out
}

// ErrorsOf returns what keeps targets from being planned: what is wrong with
// the variables and with the nodes that they read.
func (g *Graph) ErrorsOf(targets []Target) errs.List {
	out := slices.Clone(g.Wrong)
	for _, n := range g.NeededBy(targets) {
		out = append(out, n.Errors...)
	}
	return out
}

// Sources are the nodes that must be discovered before the graph compiles.
func (g *Graph) Sources() []*Node {
	var out []*Node
	for _, n := range g.Nodes {
		if n.Wants != nil && n.Given == nil {
			out = append(out, n)
		}
	}
	return out
}

var (
	errNoWorkflow = errs.Message{
		ID: "plan.no_workflow",
		En: "The package has no workflow {workflow}. {suggest}",
		Ru: "В пакете нет сценария {workflow}. {suggest}",
	}
	errNoInput = errs.Message{
		ID: "plan.input_missing",
		En: "Nothing is linked to the input {port} of {node}.",
		Ru: "К входу {port} узла {node} ничего не подключено.",
	}
	errNoInputPort = errs.Message{
		ID: "plan.no_input_port",
		En: "{component} has no input {port}. {suggest}",
		Ru: "У компонента {component} нет входа {port}. {suggest}",
	}
	errNoOutputPort = errs.Message{
		ID: "plan.no_output_port",
		En: "{node} ({component}) has no output {port}. {suggest}",
		Ru: "У узла {node} ({component}) нет выхода {port}. {suggest}",
	}
	errPortTwice = errs.Message{
		ID: "plan.input_twice",
		En: "Two links end at the input {port}.",
		Ru: "К входу {port} подключены сразу две связи.",
	}
)

// Options are what a graph is bound with.
type Options struct {
	Catalogue *component.Catalogue
	Functions *rel.Functions
	Set       []pack.Entry // values of variables in place of their defaults
}

// Bind binds a workflow ("" is main) of a package. What is wrong with a node
// stands in its Errors; the error returned is for what no graph can be made
// of.
func Bind(p *pack.Package, workflow string, o Options) (*Graph, error) {
	if workflow == "" {
		workflow = "main"
	}
	w := p.Workflow(workflow)
	if w == nil {
		var ids []string
		for _, x := range p.Workflows {
			ids = append(ids, x.ID)
		}
		return nil, errs.New(errs.NotFound, errNoWorkflow, errs.P{"workflow": workflow, "suggest": errs.Suggest(workflow, ids)})
	}
	params, wrong := parameters(p)
	if err := set(params, o.Set); err != nil {
		return nil, err
	}
	g := &Graph{Package: p, Workflow: w, Functions: o.Functions, Params: params, Wrong: wrong, byID: map[string]*Node{}}
	for i := range w.Nodes {
		n := &Node{Node: &w.Nodes[i]}
		g.byID[n.ID] = n
		g.Nodes = append(g.Nodes, n)
		g.bindNode(n, o.Catalogue)
	}
	for _, n := range g.Nodes {
		g.link(n)
	}
	g.Nodes = sorted(g.Nodes)
	return g, nil
}

func (g *Graph) bindNode(n *Node, cat *component.Catalogue) {
	def, version, err := cat.Lookup(n.Component)
	if err != nil {
		g.fail(n, err)
		return
	}
	n.Def = def
	n.Bound, err = def.Decode(version, n.Settings, g.Params)
	g.fail(n, err)
	n.context = &component.Context{
		Build: rel.Builder{NodeID: n.ID}, Functions: g.Functions, Variables: g.Params, Bound: n.Bound,
	}
	if err != nil {
		return
	}
	if v, ok := n.Bound.Settings.(component.Validator); ok {
		g.fail(n, v.Validate(n.context))
	}
	if s, ok := n.Bound.Settings.(component.Source); ok && len(n.Errors) == 0 {
		wants, err := s.Wants(n.context)
		g.fail(n, err)
		n.Wants = &wants
	}
}

// fail notes an error at a node: at the setting's line, or else the node's.
func (g *Graph) fail(n *Node, err error) {
	if err == nil {
		return
	}
	place := n.Pos.Place()
	place.Node, place.Workflow = n.ID, g.Workflow.ID
	n.Errors.Add(errs.At(err, place))
}

// link resolves the links that end at n.
func (g *Graph) link(n *Node) {
	if n.Def == nil {
		return
	}
	n.Inputs = make([]Input, len(n.Def.Inputs))
	for _, l := range n.Node.Inputs {
		place := l.Pos.Place()
		i := n.Def.Input(l.Port)
		if i < 0 {
			g.fail(n, errs.New(errs.Invalid, errNoInputPort, errs.P{
				"component": n.Def.Name, "port": l.Port, "suggest": errs.Suggest(l.Port, portNames(n.Def.Inputs)),
			}).At(place))
			continue
		}
		if n.Inputs[i].From != nil {
			g.fail(n, errs.New(errs.Invalid, errPortTwice, errs.P{"port": n.Def.Inputs[i].Name}).At(place))
			continue
		}
		n.Inputs[i] = g.origin(n, l)
	}
	for i, p := range n.Def.Inputs {
		if n.Inputs[i].From == nil && !p.Optional && !linked(n, p.Name, i) {
			g.fail(n, errs.New(errs.Invalid, errNoInput, errs.P{"port": p.Name, "node": n.ID}))
		}
	}
}

// linked reports whether some link, good or not, ends at a port.
func linked(n *Node, port string, i int) bool {
	for _, l := range n.Node.Inputs {
		if l.Port == port || l.Port == "" && i == 0 {
			return true
		}
	}
	return false
}

// origin finds the output port that a link comes from.
func (g *Graph) origin(n *Node, l pack.Link) Input {
	from := g.byID[l.From.Node]
	if from == nil || from.Def == nil {
		return Input{From: from}
	}
	i := from.Def.Output(l.From.Port)
	if i < 0 {
		g.fail(n, errs.New(errs.Invalid, errNoOutputPort, errs.P{
			"node": from.ID, "component": from.Def.Name, "port": l.From.Port,
			"suggest": errs.Suggest(l.From.Port, portNames(from.Def.Outputs)),
		}).At(l.Pos.Place()))
		return Input{}
	}
	return Input{From: from, Port: i}
}

func portNames(ports []component.Port) []string {
	out := make([]string, len(ports))
	for i, p := range ports {
		out[i] = p.Name
	}
	return out
}

// sorted orders nodes so that inputs come first, keeping the file's order
// where the links allow. The package's decoder has refused cycles.
func sorted(nodes []*Node) []*Node {
	out := make([]*Node, 0, len(nodes))
	state := map[*Node]uint8{}
	var visit func(n *Node)
	visit = func(n *Node) {
		if state[n] != 0 {
			return
		}
		state[n] = 1
		for _, in := range n.Inputs {
			if in.From != nil {
				visit(in.From)
			}
		}
		out = append(out, n)
	}
	for _, n := range nodes {
		visit(n)
	}
	return out
}

// Fail notes what was found to be wrong with the node outside of the plan,
// such as a file that cannot be read, at the setting that names it.
func (n *Node) Fail(err error) {
	for _, e := range errs.All(err) {
		at := e
		if n.Bound != nil && e.Place.Setting != "" {
			// A line in a data file is not a line of the package.
			place := n.Bound.Place(e.Place.Setting)
			if e.Place.File != "" {
				place.Line, place.Column = 0, 0
			}
			at = e.At(place)
		}
		n.Errors = append(n.Errors, at.At(errs.Place{Node: n.ID}))
	}
}
