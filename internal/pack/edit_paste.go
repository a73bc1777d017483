package pack

import (
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Paste adds copies of nodes. Ids that are taken are made anew; links between
// the nodes follow them, links from nodes that are in the workflow stay,
// others are left out.
type Paste struct {
	Workflow string
	Nodes    []Node
	Shift    Point // added to the nodes' positions
}

// Kind implements Command.
func (Paste) Kind() string { return "paste" }

func (c Paste) fields(b *builder) {
	b.text("workflow", c.Workflow)
	nodes := Map()
	for i := range c.Nodes {
		t := shaper{command: true}.node(&c.Nodes[i])
		nodes.Map = append(nodes.Map, E(t.key, t.item()))
	}
	b.put("nodes", nodes)
	b.put("shift", c.Shift.value())
}

func (c Paste) apply(e *editor) (Command, error) {
	w, err := e.flow(c.Workflow)
	if err != nil {
		return nil, err
	}
	if n := countNodes(e.p) + len(c.Nodes); n > MaxNodes {
		return nil, errs.New(errs.Invalid, msgTooManyNodes, errs.P{"count": n})
	}
	fresh := c.freshIDs(newGraph(w))
	nodes := make([]Node, len(c.Nodes))
	for i, n := range c.Nodes {
		nodes[i] = c.place(n, fresh, w)
	}
	copies := &Workflow{ID: c.Workflow, Nodes: nodes}
	var list errs.List
	r := &reader{list: &list}
	g := newGraph(copies)
	for _, cycle := range g.cycles() {
		r.add(msgCycle, errs.P{"cycle": g.cycleText(cycle)}, Pos{})
	}
	for i := range nodes {
		for _, l := range nodes[i].Inputs {
			if l.From.Node == nodes[i].ID {
				r.add(msgSelfLink, errs.P{"node": nodes[i].ID}, Pos{})
			}
		}
	}
	if err := list.Err(); err != nil {
		return nil, errs.At(err, errs.Place{Workflow: c.Workflow})
	}
	for i := range nodes {
		e.touchNode(c.Workflow, &nodes[i])
		e.made = append(e.made, nodes[i].ID)
	}
	w.Nodes = append(w.Nodes, nodes...)
	return RemoveNodes{c.Workflow, g.names()}, nil
}

// freshIDs gives each pasted node an id that is free.
func (c Paste) freshIDs(g *graph) map[string]string {
	fresh, used := map[string]string{}, map[string]bool{}
	for _, n := range c.Nodes {
		base := strings.TrimRight(n.ID, "0123456789")
		if base = strings.TrimSuffix(base, "_"); base == "" || !g.has(n.ID) {
			base = n.ID
		}
		id := NewID(base, func(id string) bool { return g.has(id) || used[id] })
		fresh[n.ID], used[id] = id, true
	}
	return fresh
}

// place is one node as it is pasted.
func (c Paste) place(n Node, fresh map[string]string, w *Workflow) Node {
	n.ID = fresh[n.ID]
	if n.Placed {
		n.At = Point{n.At.X + c.Shift.X, n.At.Y + c.Shift.Y}
	}
	var kept []Link
	for _, l := range n.Inputs {
		if id, ok := fresh[l.From.Node]; ok {
			l.From.Node = id
		} else if w.Node(l.From.Node) == nil {
			continue
		}
		kept = append(kept, l)
	}
	n.Inputs = slices.Clip(kept)
	return n
}
