package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// Connect links an output to an input port of a node. A link that is there
// already at the port is replaced.
type Connect struct {
	Workflow string
	Node     string
	Port     string // empty: the first
	From     Ref
	Before   string   // the port in the file's order, when the link is new; empty: last
	Notes    Comments // comments at the link
	Exact    bool     // Notes replace those that are there; else they stay
}

// Disconnect removes the link at an input port.
type Disconnect struct{ Workflow, Node, Port string }

// Kind implements Command.
func (Connect) Kind() string { return "connect" }

// Kind implements Command.
func (Disconnect) Kind() string { return "disconnect" }

func (c Connect) fields(b *builder) {
	b.target(c.Workflow, c.Node)
	b.text("port", c.Port)
	b.kids = append(b.kids, tree{key: "from", value: Text(c.From.String()), notes: c.Notes})
	b.text("before", c.Before)
	b.flag("exact", c.Exact)
}

func (c Disconnect) fields(b *builder) { b.target(c.Workflow, c.Node); b.text("port", c.Port) }

var (
	msgNoLink = errs.Message{
		ID: "pack.no_link",
		En: "There is no link at this input of {node}.",
		Ru: "На этом входе узла {node} связи нет.",
	}
	msgLinkNotes = errs.Message{
		ID: "pack.link_notes",
		En: "A comment can stand at a link only when its port is named.",
		Ru: "Комментарий может стоять только у связи с названным входом.",
	}
)

func linkPort(l *Link) string { return l.Port }

func (c Connect) apply(e *editor) (Command, error) {
	w, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	if _, _, err := e.node(c.Workflow, c.From.Node); err != nil {
		return nil, err
	}
	place := at(c.Workflow, c.Node)
	if c.From.Node == c.Node {
		return nil, errs.New(errs.Invalid, msgSelfLink, errs.P{"node": c.Node}).At(place)
	}
	if c.Port == "" && !c.Notes.empty() {
		return nil, errs.New(errs.Invalid, msgLinkNotes, nil).At(place)
	}
	g := newGraph(w)
	if way := g.path(c.Node, c.From.Node); way != nil {
		return nil, errs.New(errs.Invalid, msgCycle, errs.P{"cycle": g.cycleText(way)}).At(place)
	}
	l := Link{Port: c.Port, From: c.From, Notes: c.Notes}
	i := find(n.Inputs, linkPort, c.Port)
	e.touchLink(c.Workflow, c.Node, c.Port, c.From.Node)
	switch {
	case i >= 0:
		old := n.Inputs[i]
		e.touchLink(c.Workflow, c.Node, c.Port, old.From.Node)
		if !c.Exact && l.Notes.empty() {
			l.Notes = old.Notes
		}
		n.Inputs[i] = l
		return Connect{c.Workflow, c.Node, c.Port, old.From, "", old.Notes, true}, nil
	case c.Port == "": // stands first in the file
		n.Inputs = slices.Insert(n.Inputs, 0, l)
	case c.Before == "": // an empty name is the end here, not the first port
		n.Inputs = append(n.Inputs, l)
	default:
		n.Inputs = insert(n.Inputs, linkPort, l, c.Before)
	}
	return Disconnect{c.Workflow, c.Node, c.Port}, nil
}

func (e *editor) touchLink(workflow, node, port, from string) {
	e.touch("workflow", workflow, "node", node, "in", port)
	e.touch("workflow", workflow, "node", from, "out", node)
}

func (c Disconnect) apply(e *editor) (Command, error) {
	_, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	i := find(n.Inputs, linkPort, c.Port)
	if i < 0 {
		return nil, errs.New(errs.NotFound, msgNoLink, errs.P{"node": c.Node}).At(at(c.Workflow, c.Node))
	}
	return e.disconnect(c.Workflow, n, i), nil
}

// disconnect removes a link and returns what restores it.
func (e *editor) disconnect(workflow string, n *Node, i int) Command {
	rest, l, before := cut(n.Inputs, linkPort, i)
	n.Inputs = rest
	e.touchLink(workflow, n.ID, l.Port, l.From.Node)
	return Connect{workflow, n.ID, l.Port, l.From, before, l.Notes, true}
}
