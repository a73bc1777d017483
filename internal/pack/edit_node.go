package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// AddNode puts a new node into a workflow: before another one in the file, or
// at the end. The nodes that its inputs name must be there.
type AddNode struct {
	Workflow string
	Node     Node
	Before   string
}

// RemoveNodes removes nodes with the links from and to them.
type RemoveNodes struct {
	Workflow string
	Nodes    []string
}

// MoveNodes moves nodes on the canvas.
type MoveNodes struct {
	Workflow string
	Places   []Placement
}

// Placement is where a node goes.
type Placement struct {
	Node     string
	At       Point
	Unplaced bool // back to having no place of its own
}

// Rename gives another label: to a node, to a workflow when Node is empty, to
// the package when both are.
type Rename struct{ Workflow, Node, Label string }

// SetNote gives another note: to a node, workflow or the package as Rename.
type SetNote struct{ Workflow, Node, Note string }

// SetKeep says whether a node's result is kept.
type SetKeep struct {
	Workflow, Node string
	Keep           bool
}

// SetComponent puts another component, or version of it, in a node.
type SetComponent struct{ Workflow, Node, Component string }

// Kind implements Command.
func (AddNode) Kind() string { return "add_node" }

// Kind implements Command.
func (RemoveNodes) Kind() string { return "remove_nodes" }

// Kind implements Command.
func (MoveNodes) Kind() string { return "move_nodes" }

// Kind implements Command.
func (Rename) Kind() string { return "rename" }

// Kind implements Command.
func (SetNote) Kind() string { return "set_note" }

// Kind implements Command.
func (SetKeep) Kind() string { return "set_keep" }

// Kind implements Command.
func (SetComponent) Kind() string { return "set_component" }

// add puts a tree as one value with its comments.
func (b *builder) add(key string, t tree) {
	v := t.item()
	b.kids = append(b.kids, tree{key: key, notes: v.Notes, value: v})
}

// flag adds a key that is left out when it is false.
func (b *builder) flag(key string, on bool) {
	if on {
		b.put(key, Bool(true))
	}
}

func (c AddNode) fields(b *builder) {
	b.text("workflow", c.Workflow)
	b.text("id", c.Node.ID)
	b.add("node", shaper{command: true}.node(&c.Node))
	b.text("before", c.Before)
}

func (c RemoveNodes) fields(b *builder) {
	b.text("workflow", c.Workflow)
	b.texts("nodes", c.Nodes)
}

func (c MoveNodes) fields(b *builder) {
	b.text("workflow", c.Workflow)
	places := Map()
	for _, m := range c.Places {
		v := m.At.value()
		if m.Unplaced {
			v = Null()
		}
		places.Map = append(places.Map, E(m.Node, v))
	}
	b.put("places", places)
}

func (b *builder) target(workflow, node string) {
	b.text("workflow", workflow)
	b.text("node", node)
}

func (c Rename) fields(b *builder) { b.target(c.Workflow, c.Node); b.text("label", c.Label) }

func (c SetNote) fields(b *builder) { b.target(c.Workflow, c.Node); b.text("note", c.Note) }

func (c SetKeep) fields(b *builder) { b.target(c.Workflow, c.Node); b.flag("keep", c.Keep) }

func (c SetComponent) fields(b *builder) {
	b.target(c.Workflow, c.Node)
	b.text("component", c.Component)
}

var (
	msgExists = errs.Message{
		ID: "pack.exists",
		En: "{id} is there already.",
		Ru: "{id} уже есть.",
	}
	msgInUse = errs.Message{
		ID: "pack.in_use",
		En: "{id} cannot be removed: {user} uses it. Change that first.",
		Ru: "{id} нельзя удалить: используется в {user}. Сначала измените там.",
	}
)

func at(workflow, node string) errs.Place { return errs.Place{Workflow: workflow, Node: node} }

// flow finds a workflow of a command.
func (e *editor) flow(id string) (*Workflow, error) {
	if w := e.p.Workflow(id); w != nil {
		return w, nil
	}
	return nil, errs.New(errs.NotFound, msgUnknownWorkflow, errs.P{"workflow": id, "suggest": errs.Suggest(id, e.p.workflowIDs())})
}

// node finds a node of a command.
func (e *editor) node(workflow, id string) (*Workflow, *Node, error) {
	w, err := e.flow(workflow)
	if err != nil {
		return nil, nil, err
	}
	n := w.Node(id)
	if n == nil {
		return nil, nil, errs.New(errs.NotFound, msgUnknownNode, errs.P{"node": id, "workflow": workflow, "suggest": errs.Words{}}).At(at(workflow, id))
	}
	return w, n, nil
}

func nodeID(n *Node) string { return n.ID }

// insert puts an item before the one with an id, or at the end.
func insert[T any](items []T, id func(*T) string, it T, before string) []T {
	i := len(items)
	if before != "" {
		if j := find(items, id, before); j >= 0 {
			i = j
		}
	}
	return slices.Insert(items, i, it)
}

func find[T any](items []T, id func(*T) string, want string) int {
	for i := range items {
		if id(&items[i]) == want {
			return i
		}
	}
	return -1
}

// cut removes the item at i and names the one that stood behind it.
func cut[T any](items []T, id func(*T) string, i int) (rest []T, it T, before string) {
	it = items[i]
	if i+1 < len(items) {
		before = id(&items[i+1])
	}
	return slices.Delete(items, i, i+1), it, before
}

func (c AddNode) apply(e *editor) (Command, error) {
	w, err := e.flow(c.Workflow)
	if err != nil {
		return nil, err
	}
	place := at(c.Workflow, c.Node.ID)
	if w.Node(c.Node.ID) != nil {
		return nil, errs.New(errs.Exists, msgExists, errs.P{"id": c.Node.ID}).At(place)
	}
	if n := countNodes(e.p); n >= MaxNodes {
		return nil, errs.New(errs.Invalid, msgTooManyNodes, errs.P{"count": n + 1})
	}
	for _, l := range c.Node.Inputs {
		if l.From.Node == c.Node.ID {
			return nil, errs.New(errs.Invalid, msgSelfLink, errs.P{"node": c.Node.ID}).At(place)
		}
		if _, _, err := e.node(c.Workflow, l.From.Node); err != nil {
			return nil, err
		}
	}
	e.touchNode(c.Workflow, &c.Node)
	e.made = append(e.made, c.Node.ID)
	w.Nodes = insert(w.Nodes, nodeID, c.Node, c.Before)
	return RemoveNodes{c.Workflow, []string{c.Node.ID}}, nil
}

// touchNode notes that a node came or went, and the nodes it takes from.
func (e *editor) touchNode(workflow string, n *Node) {
	e.touch("workflow", workflow, "node", n.ID)
	for _, l := range n.Inputs {
		e.touch("workflow", workflow, "node", l.From.Node, "out", n.ID)
	}
}

func (c RemoveNodes) apply(e *editor) (Command, error) {
	gone := map[string]bool{}
	for _, id := range c.Nodes {
		if _, _, err := e.node(c.Workflow, id); err != nil {
			return nil, err
		}
		if user := e.userOf(c.Workflow, id); user != "" {
			return nil, errs.New(errs.Conflict, msgInUse, errs.P{"id": id, "user": user}).At(at(c.Workflow, id))
		}
		gone[id] = true
	}
	w := e.p.Workflow(c.Workflow)
	var undo []Command
	for i := range w.Nodes {
		n := &w.Nodes[i]
		for j := len(n.Inputs) - 1; j >= 0; j-- {
			if gone[n.Inputs[j].From.Node] {
				undo = append(undo, e.disconnect(c.Workflow, n, j))
			}
		}
	}
	for i := len(w.Nodes) - 1; i >= 0; i-- {
		if !gone[w.Nodes[i].ID] {
			continue
		}
		rest, n, before := cut(w.Nodes, nodeID, i)
		w.Nodes = rest
		e.touchNode(c.Workflow, &n)
		undo = append(undo, AddNode{c.Workflow, n, before})
	}
	slices.Reverse(undo)
	return Batch{undo}, nil
}

// userOf names a service or test that speaks of a node; an empty node asks
// for the workflow itself.
func (e *editor) userOf(workflow, node string) string {
	same := func(w, n string) bool {
		return (w == workflow || w == "" && workflow == "main") && (node == "" || n == node)
	}
	for _, s := range e.p.Services {
		for _, op := range s.Operations {
			if same(op.Workflow, op.Output.Node) || op.Input != "" && same(op.Workflow, op.Input) {
				return s.ID + "." + op.ID
			}
		}
	}
	for _, t := range e.p.Tests {
		if node == "" && same(t.Workflow, "") ||
			slices.ContainsFunc(t.Given, func(g Given) bool { return same(t.Workflow, g.Node) }) ||
			slices.ContainsFunc(t.Want, func(w Want) bool { return same(t.Workflow, w.At.Node) }) {
			return t.ID
		}
	}
	return ""
}

func (c MoveNodes) apply(e *editor) (Command, error) {
	for _, m := range c.Places {
		if _, _, err := e.node(c.Workflow, m.Node); err != nil {
			return nil, err
		}
	}
	inverse := MoveNodes{Workflow: c.Workflow}
	for _, m := range c.Places {
		n := e.p.Workflow(c.Workflow).Node(m.Node)
		inverse.Places = append(inverse.Places, Placement{m.Node, n.At, !n.Placed})
		n.At, n.Placed = m.At, !m.Unplaced
		e.touch("workflow", c.Workflow, "node", m.Node, "at")
	}
	return inverse, nil
}

// words finds the label and the note of what a command speaks of.
func (e *editor) words(workflow, node string) (label, note *string, path []string, err error) {
	switch {
	case workflow == "" && node == "":
		return &e.p.Label, &e.p.Note, []string{"package"}, nil
	case node == "":
		w, err := e.flow(workflow)
		if err != nil {
			return nil, nil, nil, err
		}
		return &w.Label, &w.Note, []string{"workflow", workflow}, nil
	}
	_, n, err := e.node(workflow, node)
	if err != nil {
		return nil, nil, nil, err
	}
	return &n.Label, &n.Note, []string{"workflow", workflow, "node", node}, nil
}

func (c Rename) apply(e *editor) (Command, error) {
	label, _, path, err := e.words(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	inverse := Rename{c.Workflow, c.Node, *label}
	*label = c.Label
	e.touch(append(path, "label")...)
	return inverse, nil
}

func (c SetNote) apply(e *editor) (Command, error) {
	_, note, path, err := e.words(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	inverse := SetNote{c.Workflow, c.Node, *note}
	*note = c.Note
	e.touch(append(path, "note")...)
	return inverse, nil
}

func (c SetKeep) apply(e *editor) (Command, error) {
	_, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	inverse := SetKeep{c.Workflow, c.Node, n.Keep}
	n.Keep = c.Keep
	e.touch("workflow", c.Workflow, "node", c.Node, "keep")
	return inverse, nil
}

func (c SetComponent) apply(e *editor) (Command, error) {
	_, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	inverse := SetComponent{c.Workflow, c.Node, n.Component}
	n.Component = c.Component
	e.touch("workflow", c.Workflow, "node", c.Node, "component")
	return inverse, nil
}
