package pack

import (
	"regexp"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgUnknownNode = errs.Message{
		ID: "pack.unknown_node",
		En: "There is no node {node} in workflow {workflow}. {suggest}",
		Ru: "В процессе {workflow} нет узла {node}. {suggest}",
	}
	msgUnknownWorkflow = errs.Message{
		ID: "pack.unknown_workflow",
		En: "There is no workflow {workflow}. {suggest}",
		Ru: "Процесса {workflow} нет. {suggest}",
	}
	msgUnknownVariable = errs.Message{
		ID: "pack.unknown_variable",
		En: "There is no variable {variable}. {suggest}",
		Ru: "Переменной {variable} нет. {suggest}",
	}
	msgSelfLink = errs.Message{
		ID: "pack.self_link",
		En: "The node {node} takes its input from itself.",
		Ru: "Узел {node} берёт вход у самого себя.",
	}
	msgCycle = errs.Message{
		ID: "pack.cycle",
		En: "The links go in a circle: {cycle}. A workflow runs one way; remove one of these links.",
		Ru: "Связи идут по кругу: {cycle}. Процесс идёт в одну сторону; уберите одну из этих связей.",
	}
	msgNoMain = errs.Message{
		ID: "pack.no_main",
		En: "A package's first workflow is main; here it is {workflow}.",
		Ru: "Первый процесс пакета — main; здесь это {workflow}.",
	}
	msgTooManyNodes = errs.Message{
		ID: "pack.too_many_nodes",
		En: "The package has {count} nodes; at most 100,000 are allowed.",
		Ru: "В пакете {count} узлов; допускается не больше 100 000.",
	}
	msgUnknownType = errs.Message{
		ID: "pack.unknown_type",
		En: "There is no type {type}. {suggest}",
		Ru: "Типа {type} нет. {suggest}",
	}
	msgDefaultKind = errs.Message{
		ID: "pack.default_kind",
		En: "The default is {found}, but the variable's type is {type}.",
		Ru: "Значение по умолчанию — {found}, а тип переменной — {type}.",
	}
)

var (
	componentPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(@[1-9][0-9]{0,8})?$`)
	decimalPattern   = regexp.MustCompile(`^decimal\(\s*\d{1,2}\s*,\s*\d{1,2}\s*\)$`)
)

// typeNames are the types of variables, as rel spells them.
func typeNames() []string {
	return []string{"boolean", "integer", "real", "decimal(18,2)", "string", "date", "time", "timestamp", "timestamptz"}
}

func knownType(t string) bool {
	return slices.Contains(typeNames(), t) || decimalPattern.MatchString(t)
}

func (r *reader) checkType(t string, at Pos) {
	if !knownType(t) {
		r.add(msgUnknownType, errs.P{"type": t, "suggest": errs.Suggest(t, typeNames())}, at)
	}
}

// checkDefault checks the shape of a default; whether text is a date is for
// those who know types.
func (r *reader) checkDefault(v Variable) {
	k := v.Default.Kind
	ok := k == TextValue
	switch v.Type {
	case "boolean":
		ok = k == BoolValue
	case "integer":
		ok = k == IntValue
	case "real":
		ok = k == IntValue || k == RealValue
	}
	if strings.HasPrefix(v.Type, "decimal") {
		ok = k == IntValue || k == RealValue || k == TextValue
	}
	if !ok && knownType(v.Type) {
		r.add(msgDefaultKind, errs.P{"found": v.Default.KindName(), "type": v.Type}, v.Default.Pos)
	}
}

// check finds what is wrong between the parts of a package.
func check(p *Package, list *errs.List) {
	r := &reader{list: list}
	if len(p.Workflows) > 0 && p.Workflows[0].ID != "main" {
		r.add(msgNoMain, errs.P{"workflow": p.Workflows[0].ID}, p.Workflows[0].Pos)
	}
	if n := countNodes(p); n > MaxNodes {
		r.add(msgTooManyNodes, errs.P{"count": n}, p.Workflows[0].Pos)
		return
	}
	c := newRefChecker(r, p)
	for i := range p.Workflows {
		w := &p.Workflows[i]
		r.links(w, c.graph(w))
	}
	for i := range p.Services {
		c.service(&p.Services[i])
	}
	for i := range p.Tests {
		c.test(&p.Tests[i])
	}
}

func countNodes(p *Package) int {
	n := 0
	for _, w := range p.Workflows {
		n += len(w.Nodes)
	}
	return n
}

func (r *reader) links(w *Workflow, g *graph) {
	for i := range w.Nodes {
		n := &w.Nodes[i]
		r.place = errs.Place{Workflow: w.ID, Node: n.ID}
		for _, l := range n.Inputs {
			switch {
			case l.From.Node == n.ID:
				r.add(msgSelfLink, errs.P{"node": n.ID}, l.Pos)
			case !g.has(l.From.Node) && l.From.Node != "":
				r.unknownNode(w, g, l.From.Node, l.Pos)
			}
		}
	}
	for _, c := range g.cycles() {
		n := &w.Nodes[c[0]]
		r.place = errs.Place{Workflow: w.ID, Node: n.ID}
		at := n.Pos
		for _, l := range n.Inputs {
			if l.From.Node == w.Nodes[c[len(c)-1]].ID {
				at = l.Pos
			}
		}
		r.add(msgCycle, errs.P{"cycle": g.cycleText(c)}, at)
	}
	r.place = errs.Place{}
}

func (r *reader) unknownNode(w *Workflow, g *graph, id string, at Pos) {
	r.add(msgUnknownNode, errs.P{"node": id, "workflow": w.ID, "suggest": r.suggest(id, g.names)}, at)
}

// refChecker checks what services and tests name.
type refChecker struct {
	*reader
	p      *Package
	flows  map[string]*Workflow
	vars   map[string]bool
	graphs map[string]*graph // made when they are needed
}

func newRefChecker(r *reader, p *Package) *refChecker {
	c := &refChecker{reader: r, p: p, flows: map[string]*Workflow{}, vars: map[string]bool{}, graphs: map[string]*graph{}}
	for i := range p.Workflows {
		c.flows[p.Workflows[i].ID] = &p.Workflows[i]
	}
	for _, v := range p.Variables {
		c.vars[v.Name] = true
	}
	return c
}

func (c *refChecker) graph(w *Workflow) *graph {
	if g := c.graphs[w.ID]; g != nil {
		return g
	}
	c.graphs[w.ID] = newGraph(w)
	return c.graphs[w.ID]
}

// flow returns the workflow that a service or test speaks of.
func (c *refChecker) flow(id string, at Pos) *Workflow {
	if id == "" {
		id = "main"
	}
	w := c.flows[id]
	if w == nil {
		c.add(msgUnknownWorkflow, errs.P{"workflow": id, "suggest": c.suggest(id, c.p.workflowIDs)}, at)
	}
	return w
}

func (c *refChecker) node(w *Workflow, id string, at Pos) {
	if w == nil || !validID(id) { // said already
		return
	}
	if g := c.graph(w); !g.has(id) {
		c.unknownNode(w, g, id, at)
	}
}

func (c *refChecker) variable(name string, at Pos) {
	if !c.vars[name] {
		names := func() []string { return ids(c.p.Variables, func(v Variable) string { return v.Name }) }
		c.add(msgUnknownVariable, errs.P{"variable": name, "suggest": c.suggest(name, names)}, at)
	}
}

func (c *refChecker) service(s *Service) {
	for _, op := range s.Operations {
		w := c.flow(op.Workflow, op.Pos)
		if op.Input != "" {
			c.node(w, op.Input, op.Pos)
		}
		c.node(w, op.Output.Node, op.Pos)
		for _, v := range op.Variables {
			c.variable(v, op.Pos)
		}
	}
}

func (c *refChecker) test(t *Test) {
	w := c.flow(t.Workflow, t.Pos)
	for _, v := range t.Variables {
		c.variable(v.Key, v.Pos)
	}
	for _, g := range t.Given {
		c.node(w, g.Node, g.Pos)
	}
	for _, e := range t.Want {
		c.node(w, e.At.Node, e.Pos)
	}
}

// checkComments makes sure that no comment of the file is missing from what
// would be written: one at a key without a value, say, has no place.
func checkComments(p *Package, comments []comment, list *errs.List) {
	if len(comments) == 0 {
		return
	}
	kept := map[string]int{}
	for _, line := range packageTree(p).comments(nil) {
		kept[line]++
	}
	for _, line := range p.Tail {
		kept[line]++
	}
	for _, c := range comments {
		if kept[c.text]--; kept[c.text] < 0 {
			list.Add(lostComment(c))
		}
	}
}
