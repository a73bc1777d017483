package pack

import (
	"io"
	"slices"
)

// Outline is the tree that a package's file spells, as JSON with the file's
// keys in the file's order; comments are left out. It never changes: the one
// after an event shares with the one before all that the event left alone.
type Outline struct {
	key    string
	head   []byte     // the key as JSON, with its colon
	kids   []*Outline // of a map
	nested bool       // a map of kids, else json
	json   []byte
	size   int // bytes of the whole as JSON
}

// NewOutline makes the outline of a package.
func NewOutline(p *Package) *Outline { return outlineOf(p, nil, &touched{all: true}) }

// Size is the length of the outline as JSON, in bytes.
func (o *Outline) Size() int { return o.size }

// JSON spells the outline.
func (o *Outline) JSON() []byte {
	b := make([]byte, 0, o.size)
	_ = o.each(func(piece []byte) error { // never fails
		b = append(b, piece...)
		return nil
	})
	return b
}

// WriteTo writes the outline as JSON, in many small writes.
func (o *Outline) WriteTo(w io.Writer) (int64, error) {
	n := int64(0)
	err := o.each(func(piece []byte) error {
		k, err := w.Write(piece)
		n += int64(k)
		return err
	})
	return n, err
}

// each hands out the pieces of the JSON in order.
func (o *Outline) each(do func(piece []byte) error) error {
	if !o.nested {
		return do(o.json)
	}
	if len(o.kids) == 0 {
		return do([]byte("{}"))
	}
	before, comma := []byte{'{'}, []byte{','}
	for _, k := range o.kids {
		if err := do(before); err != nil {
			return err
		}
		if err := do(k.head); err != nil {
			return err
		}
		if err := k.each(do); err != nil {
			return err
		}
		before = comma
	}
	return do([]byte{'}'})
}

func leafOutline(t tree) *Outline {
	v := t.item()
	b := slices.Clip(appendJSON(nil, &v))
	return &Outline{key: t.key, head: headOf(t.key), json: b, size: len(b)}
}

func headOf(key string) []byte { return append(appendJSONText(nil, key), ':') }

func nestOutline(key string, kids []*Outline) *Outline {
	o := &Outline{key: key, head: headOf(key), kids: kids, nested: true, size: 2 + max(0, len(kids)-1)}
	for _, k := range kids {
		o.size += len(k.head) + k.size
	}
	return o
}

// kid is the part under a key, nil when there is none.
func (o *Outline) kid(key string) *Outline {
	if o == nil {
		return nil
	}
	for _, k := range o.kids {
		if k.key == key {
			return k
		}
	}
	return nil
}

// outlineOf makes the outline of a package out of an older one, of which all
// that was not touched is taken as it is.
func outlineOf(p *Package, old *Outline, t *touched) *Outline {
	var s shaper
	g := &grower{old: old, t: t}
	g.word("weft", Int(Version), true)
	g.word("label", Text(p.Label), p.Label != "")
	g.word("note", Text(p.Note), p.Note != "")
	growItems(g, "variables", p.Variables, variableName, s.variable)
	grow(g, "workflows", p.Workflows, workflowID, s.workflowOutline)
	growItems(g, "services", p.Services, serviceID, s.service)
	growItems(g, "tests", p.Tests, testID, s.test)
	grow(g, "layout", p.Workflows, workflowID, layoutOutline)
	return nestOutline("", g.kids)
}

func (s shaper) workflowOutline(w *Workflow, old *Outline, t *touched) *Outline {
	g := &grower{old: old, t: t}
	g.word("label", Text(w.Label), w.Label != "")
	g.word("note", Text(w.Note), w.Note != "")
	growItems(g, "nodes", w.Nodes, nodeID, s.node)
	growItems(g, "memos", w.Memos, memoID, s.memo)
	return nestOutline(w.ID, g.kids)
}

// layoutOutline is the positions of a workflow's nodes, nil when none has one.
func layoutOutline(w *Workflow, old *Outline, t *touched) *Outline {
	kids := items(w.Nodes, nodeID, old, t, func(n *Node, _ *Outline, _ *touched) *Outline {
		if !n.Placed {
			return nil
		}
		return leafOutline(tree{key: n.ID, value: n.At.value()})
	})
	if len(kids) == 0 {
		return nil
	}
	return nestOutline(w.ID, kids)
}
