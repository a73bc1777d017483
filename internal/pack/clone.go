package pack

import "slices"

// Clone returns a deep copy of the package, which later commands do not change.
func (p *Package) Clone() *Package {
	c := *p
	c.Variables = cloneEach(p.Variables, Variable.clone)
	c.Workflows = cloneEach(p.Workflows, Workflow.clone)
	c.Services = cloneEach(p.Services, Service.clone)
	c.Tests = cloneEach(p.Tests, Test.clone)
	c.Notes, c.Marks, c.Tail = p.Notes.clone(), p.Marks.clone(), slices.Clone(p.Tail)
	return &c
}

func cloneEach[T any](items []T, clone func(T) T) []T {
	out := slices.Clone(items)
	for i := range out {
		out[i] = clone(out[i])
	}
	return out
}

func cloneEntry(e Entry) Entry { return Entry{Key: e.Key, Pos: e.Pos, Value: e.Value.Clone()} }

func (v Variable) clone() Variable {
	v.Default, v.Notes, v.Marks = v.Default.Clone(), v.Notes.clone(), v.Marks.clone()
	return v
}

func (w Workflow) clone() Workflow {
	w.Nodes = cloneEach(w.Nodes, Node.clone)
	w.Memos = cloneEach(w.Memos, func(m Memo) Memo {
		m.Notes, m.Marks = m.Notes.clone(), m.Marks.clone()
		return m
	})
	w.Notes, w.Marks = w.Notes.clone(), w.Marks.clone()
	return w
}

func (n Node) clone() Node {
	n.Inputs = cloneEach(n.Inputs, func(l Link) Link {
		l.Notes = l.Notes.clone()
		return l
	})
	n.Settings = n.Settings.Clone()
	n.Notes, n.AtNotes, n.Marks = n.Notes.clone(), n.AtNotes.clone(), n.Marks.clone()
	return n
}

func (s Service) clone() Service {
	s.Operations = cloneEach(s.Operations, func(o Operation) Operation {
		o.Variables, o.Notes, o.Marks = slices.Clone(o.Variables), o.Notes.clone(), o.Marks.clone()
		return o
	})
	s.Notes, s.Marks = s.Notes.clone(), s.Marks.clone()
	return s
}

func (t Test) clone() Test {
	t.Variables = cloneEach(t.Variables, cloneEntry)
	t.Given = cloneEach(t.Given, func(g Given) Given {
		g.Rows, g.Notes = cloneEach(g.Rows, Value.Clone), g.Notes.clone()
		return g
	})
	t.Want = cloneEach(t.Want, func(w Want) Want {
		w.Rows = cloneEach(w.Rows, Value.Clone)
		w.Unique, w.NotNull, w.Holds = slices.Clone(w.Unique), slices.Clone(w.NotNull), slices.Clone(w.Holds)
		if w.Count != nil {
			n := *w.Count
			w.Count = &n
		}
		w.Notes, w.Marks = w.Notes.clone(), w.Marks.clone()
		return w
	})
	t.Notes, t.Marks = t.Notes.clone(), t.Marks.clone()
	return t
}
