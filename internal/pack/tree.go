package pack

import (
	"maps"
	"slices"
)

// tree is a package file as it is about to be written: block maps of fixed
// shape outside, values inside.
type tree struct {
	key    string
	notes  Comments
	value  Value
	kids   []tree
	nested bool // a block map of kids, else value
}

// comments collects every comment in the order of writing.
func (t *tree) comments(out []string) []string {
	out = appendComments(out, t.notes)
	if !t.nested {
		return valueComments(&t.value, out, false)
	}
	for i := range t.kids {
		out = t.kids[i].comments(out)
	}
	return out
}

func appendComments(out []string, c Comments) []string {
	out = append(out, c.Above...)
	if c.Behind != "" {
		out = append(out, c.Behind)
	}
	return out
}

func valueComments(v *Value, out []string, own bool) []string {
	if own {
		out = appendComments(out, v.Notes)
	}
	for i := range v.List {
		out = valueComments(&v.List[i], out, true)
	}
	for i := range v.Map {
		out = valueComments(&v.Map[i].Value, out, true)
	}
	return out
}

// shaper makes trees of the document's items: as the file has them or, for
// commands, with the position at each node and with null at keys that have no
// value but a comment.
type shaper struct{ command bool }

func (s shaper) builder(m Marks) *builder { return &builder{marks: m, orphans: s.command} }

// builder makes the kids of one block map with fixed keys.
type builder struct {
	marks   Marks
	kids    []tree
	orphans bool // keep comments of keys without a value
}

// finish adds keys that have but a comment.
func (b *builder) finish() {
	if !b.orphans {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(b.marks)) {
		if !slices.ContainsFunc(b.kids, func(t tree) bool { return t.key == key }) {
			b.put(key, Null())
		}
	}
}

// item is the tree as one value, with its comments.
func (t *tree) item() Value {
	v := t.value
	if t.nested {
		v = Map()
		for i := range t.kids {
			v.Map = append(v.Map, E(t.kids[i].key, t.kids[i].item()))
		}
	}
	v.Notes = t.notes
	return v
}

// put adds a key with a value.
func (b *builder) put(key string, v Value) {
	b.kids = append(b.kids, tree{key: key, notes: b.marks[key], value: v})
}

// nest adds a key with a block map, when that has content.
func (b *builder) nest(key string, kids []tree) {
	if len(kids) > 0 {
		b.kids = append(b.kids, tree{key: key, notes: b.marks[key], kids: kids, nested: true})
	}
}

func (b *builder) text(key, s string) {
	if s != "" {
		b.put(key, Text(s))
	}
}

func (b *builder) texts(key string, list []string) {
	if len(list) > 0 {
		b.put(key, textList(list))
	}
}

func textList(list []string) Value {
	l := make([]Value, len(list))
	for i, s := range list {
		l[i] = Text(s)
	}
	return List(l...)
}

func (p Point) value() Value { return List(Int(int64(p.X)), Int(int64(p.Y))) }

// leaf makes a tree of a map that may stand on one line.
func (b *builder) leaf(key string, notes Comments) tree {
	b.finish()
	v := Map()
	for _, k := range b.kids {
		k.value.Notes = k.notes
		v.Map = append(v.Map, E(k.key, k.value))
	}
	return tree{key: key, notes: notes, value: v}
}

func (b *builder) block(key string, notes Comments) tree {
	b.finish()
	return tree{key: key, notes: notes, kids: b.kids, nested: len(b.kids) > 0, value: Map()}
}

func packageTree(p *Package) *tree {
	var s shaper
	b := s.builder(p.Marks)
	b.put("weft", Int(Version))
	b.kids[0].notes = p.Notes
	b.text("label", p.Label)
	b.text("note", p.Note)
	b.nest("variables", each(p.Variables, s.variable))
	b.nest("workflows", each(p.Workflows, s.workflow))
	b.nest("services", each(p.Services, s.service))
	b.nest("tests", each(p.Tests, s.test))
	b.nest("layout", layoutTrees(p))
	t := b.block("", Comments{})
	return &t
}

func each[T any](items []T, f func(*T) tree) []tree {
	out := make([]tree, 0, len(items))
	for i := range items {
		out = append(out, f(&items[i]))
	}
	return out
}

func (s shaper) variable(v *Variable) tree {
	b := s.builder(v.Marks)
	b.put("type", Text(v.Type))
	if v.Default.Kind != NullValue {
		b.put("default", v.Default)
	}
	b.text("label", v.Label)
	b.text("note", v.Note)
	return b.leaf(v.Name, v.Notes)
}

func (s shaper) workflow(w *Workflow) tree {
	b := s.builder(w.Marks)
	b.text("label", w.Label)
	b.text("note", w.Note)
	b.nest("nodes", each(w.Nodes, s.node))
	b.nest("memos", each(w.Memos, s.memo))
	return b.block(w.ID, w.Notes)
}

func (s shaper) node(n *Node) tree {
	b := s.builder(n.Marks)
	b.put("component", Text(n.Component))
	b.text("label", n.Label)
	b.text("note", n.Note)
	if n.Keep {
		b.put("keep", Bool(true))
	}
	inputs := Map()
	for _, l := range n.Inputs {
		if l.Port == "" {
			b.put("input", Text(l.From.String()))
			continue
		}
		from := Text(l.From.String())
		from.Notes = l.Notes
		inputs.Map = append(inputs.Map, E(l.Port, from))
	}
	if len(inputs.Map) > 0 {
		b.put("inputs", inputs)
	}
	switch {
	case n.Settings.IsZero():
	case oneWord(n.Settings):
		b.put("settings", n.Settings)
	default:
		var kids []tree
		for _, e := range n.Settings.Map {
			kids = append(kids, tree{key: e.Key, notes: e.Value.Notes, value: e.Value})
		}
		b.nest("settings", kids)
	}
	if s.command && (n.Placed || !n.AtNotes.empty()) {
		at := tree{key: "at", notes: n.AtNotes}
		if n.Placed {
			at.value = n.At.value()
		}
		b.kids = append(b.kids, at)
	}
	return b.block(n.ID, n.Notes)
}

// oneWord reports whether settings are so small that they stand on one line:
// a single number or word.
func oneWord(v Value) bool {
	if len(v.Map) != 1 || v.Map[0].Value.Kind >= ListValue {
		return false
	}
	for _, r := range v.Map[0].Value.Text {
		if r == ' ' || !printableRune(r) {
			return false
		}
	}
	return true
}

func (s shaper) memo(m *Memo) tree {
	b := s.builder(m.Marks)
	b.text("text", m.Text)
	b.put("at", m.At.value())
	if m.Size != (Point{}) {
		b.put("size", m.Size.value())
	}
	return b.leaf(m.ID, m.Notes)
}

func (s shaper) service(v *Service) tree {
	b := &builder{kids: each(v.Operations, s.operation)}
	return b.block(v.ID, v.Notes)
}

func (s shaper) operation(op *Operation) tree {
	b := s.builder(op.Marks)
	b.text("label", op.Label)
	b.text("workflow", op.Workflow)
	b.text("input", op.Input)
	b.texts("variables", op.Variables)
	b.put("output", Text(op.Output.String()))
	return b.leaf(op.ID, op.Notes)
}

func (s shaper) test(t *Test) tree {
	b := s.builder(t.Marks)
	b.text("label", t.Label)
	b.text("workflow", t.Workflow)
	if len(t.Variables) > 0 {
		b.put("variables", Map(t.Variables...))
	}
	b.nest("given", each(t.Given, func(g *Given) tree {
		return tree{key: g.Node, notes: g.Notes, value: List(g.Rows...)}
	}))
	b.nest("want", each(t.Want, s.want))
	return b.block(t.ID, t.Notes)
}

func (s shaper) want(w *Want) tree {
	b := s.builder(w.Marks)
	if w.Rows != nil {
		b.put("rows", List(w.Rows...))
	}
	if w.Ordered {
		b.put("ordered", Bool(true))
	}
	if w.Count != nil {
		b.put("count", Int(*w.Count))
	}
	b.texts("unique", w.Unique)
	b.texts("not_null", w.NotNull)
	if len(w.Holds) == 1 {
		b.put("holds", Text(w.Holds[0]))
	} else {
		b.texts("holds", w.Holds)
	}
	if len(w.Rows) > 0 {
		return b.block(w.At.String(), w.Notes)
	}
	return b.leaf(w.At.String(), w.Notes)
}

func layoutTrees(p *Package) []tree {
	var out []tree
	for i := range p.Workflows {
		w := &p.Workflows[i]
		var kids []tree
		for j := range w.Nodes {
			if n := &w.Nodes[j]; n.Placed {
				kids = append(kids, tree{key: n.ID, notes: n.AtNotes, value: n.At.value()})
			}
		}
		if len(kids) > 0 {
			out = append(out, tree{key: w.ID, notes: w.Marks["layout"], kids: kids, nested: true})
		}
	}
	return out
}
