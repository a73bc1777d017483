package pack

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

var nasty = []string{
	"", " ", "yes", "012", "1_000", "2024-01-31", "null", "- a", "a: b", "# c", "a #b", "it's", `"x"`, "a\nb", "a\n", " a\n\n b\n\n", "\n", "\ttab\nb",
	"C:\\x", "\u2028", "\x00", "é", "Ж", "😀", "{", "]", "a, b", "...", "---", "<<", "delay >= $x", strings.Repeat("long text ", 12),
}

func genText(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+"?") {
		return rapid.SampledFrom(nasty).Draw(t, label)
	}
	return rapid.String().Draw(t, label)
}

func genValue(t *rapid.T, depth int) Value {
	top := MapValue
	if depth == 0 {
		top = TextValue
	}
	v := Value{Kind: ValueKind(rapid.IntRange(0, int(top)).Draw(t, "kind"))}
	switch v.Kind {
	case BoolValue:
		v.Bool = rapid.Bool().Draw(t, "b")
	case IntValue:
		v.Int = rapid.Int64().Draw(t, "i")
	case RealValue:
		v.Real = rapid.Float64().Draw(t, "f")
	case TextValue:
		v.Text = genText(t, "s")
	case ListValue:
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			v.List = append(v.List, genValue(t, depth-1))
		}
	case MapValue:
		v.Map = genEntries(t, depth-1)
	}
	return v
}

func genEntries(t *rapid.T, depth int) []Entry {
	var out []Entry
	for i := range rapid.IntRange(0, 3).Draw(t, "n") {
		key := fmt.Sprint("k", i)
		if rapid.Bool().Draw(t, "odd key") {
			key = fmt.Sprint(genText(t, "key"), i)
		}
		if len(quote(key, true)) > maxKey {
			key = fmt.Sprint(i)
		}
		e := E(key, genValue(t, depth))
		out = append(out, e)
	}
	return out
}

func genNotes(t *rapid.T) Comments {
	var c Comments
	for range rapid.IntRange(0, 4).Draw(t, "above") / 2 {
		c.Above = append(c.Above, genComment(t))
	}
	if rapid.IntRange(0, 3).Draw(t, "behind") == 3 {
		c.Behind = genComment(t)
	}
	return c
}

func genComment(t *rapid.T) string {
	return "#" + strings.TrimRight(rapid.SampledFrom([]string{"", " x", "# y: 1", " - a", " 'quote", " \"dq", " {[", " Ж😀"}).Draw(t, "comment"), " ")
}

func genMarks(t *rapid.T, keys ...string) Marks {
	var m Marks
	for _, k := range keys {
		if c := genNotes(t); !c.empty() && rapid.Bool().Draw(t, "mark "+k) {
			if m == nil {
				m = Marks{}
			}
			m[k] = c
		}
	}
	return m
}

// genSettings makes settings with comments at the entries.
func genSettings(t *rapid.T) Value {
	v := Map(genEntries(t, 3)...)
	if len(v.Map) == 0 {
		return Null()
	}
	for i := range v.Map {
		v.Map[i].Value.Notes = genNotes(t)
	}
	return v
}

func genNode(t *rapid.T, id string, upstream []string) Node {
	n := Node{ID: id, Component: rapid.SampledFrom([]string{"rows.filter", "rows.filter@2", "x"}).Draw(t, "component"),
		Label: genText(t, "label"), Note: genText(t, "note"), Keep: rapid.Bool().Draw(t, "keep"),
		Settings: genSettings(t), Notes: genNotes(t), Marks: genMarks(t, "component")}
	if n.Label != "" {
		n.Marks = mergeMarks(n.Marks, genMarks(t, "label"))
	}
	for _, port := range []string{"", "left", "no"} {
		if len(upstream) > 0 && rapid.Bool().Draw(t, "link") {
			l := Link{Port: port, From: Ref{Node: rapid.SampledFrom(upstream).Draw(t, "from")}}
			if port != "" {
				l.Notes = genNotes(t)
			}
			if rapid.Bool().Draw(t, "port?") {
				l.From.Port = "rejected"
			}
			n.Inputs = append(n.Inputs, l)
		}
	}
	if rapid.Bool().Draw(t, "placed") {
		n.Placed, n.At = true, genPoint(t)
		n.AtNotes = genNotes(t)
	}
	return n
}

func mergeMarks(a, b Marks) Marks {
	out := Marks{}
	for k, c := range a {
		out[k] = c
	}
	for k, c := range b {
		out[k] = c
	}
	return out.orNil()
}

func genPoint(t *rapid.T) Point {
	return Point{rapid.IntRange(-9999, 9999).Draw(t, "x"), rapid.IntRange(-9999, 9999).Draw(t, "y")}
}

func genWorkflow(t *rapid.T, id string) Workflow {
	w := Workflow{ID: id, Label: genText(t, "wl"), Notes: genNotes(t)}
	var upstream []string
	for i := range rapid.IntRange(0, 4).Draw(t, "nodes") {
		id := fmt.Sprint("n", i)
		w.Nodes = append(w.Nodes, genNode(t, id, upstream))
		upstream = append(upstream, id)
	}
	if len(w.Nodes) > 0 {
		w.Marks = genMarks(t, "nodes")
	}
	if rapid.Bool().Draw(t, "memo") {
		w.Memos = append(w.Memos, Memo{ID: "m1", Text: genText(t, "memo"), At: genPoint(t), Size: genPoint(t), Notes: genNotes(t)})
	}
	return w
}

func genRows(t *rapid.T) []Value {
	rows := []Value{}
	for range rapid.IntRange(0, 3).Draw(t, "rows") {
		rows = append(rows, Map(genEntries(t, 0)...))
	}
	return rows
}

func genPackage(t *rapid.T) *Package {
	p := &Package{Weft: 1, Label: genText(t, "label"), Note: genText(t, "note"), Notes: genNotes(t)}
	for i := range rapid.IntRange(0, 2).Draw(t, "vars") {
		p.Variables = append(p.Variables, Variable{Name: fmt.Sprint("переменная", i), Type: "string", Default: Text(genText(t, "d")),
			Label: genText(t, "vl"), Note: genText(t, "vn"), Notes: genNotes(t), Marks: genMarks(t, "type", "default")})
	}
	p.Workflows = append(p.Workflows, genWorkflow(t, "main"))
	if rapid.Bool().Draw(t, "second") {
		p.Workflows = append(p.Workflows, genWorkflow(t, "no"))
	}
	p.Marks = genMarks(t, "workflows")
	if nodes := p.Workflows[0].Nodes; len(nodes) > 0 {
		genUses(t, p, nodes)
	}
	for range rapid.IntRange(0, 2).Draw(t, "tail") {
		p.Tail = append(p.Tail, genComment(t))
	}
	return p
}

func genUses(t *rapid.T, p *Package, nodes []Node) {
	id := func() string { return nodes[rapid.IntRange(0, len(nodes)-1).Draw(t, "node")].ID }
	if rapid.Bool().Draw(t, "service") {
		op := Operation{ID: "on", Label: genText(t, "ol"), Input: id(), Output: Ref{Node: id(), Port: "rejected"}, Notes: genNotes(t), Marks: genMarks(t, "output")}
		for _, v := range p.Variables {
			op.Variables = append(op.Variables, v.Name)
		}
		p.Services = append(p.Services, Service{ID: "s", Operations: []Operation{op}, Notes: genNotes(t)}, Service{ID: "empty"})
	}
	if rapid.Bool().Draw(t, "test") {
		count := rapid.Int64().Draw(t, "count")
		x := Test{ID: "t", Workflow: "main", Label: genText(t, "tl"), Notes: genNotes(t)}
		x.Given = append(x.Given, Given{Node: id(), Rows: genRows(t), Notes: genNotes(t)})
		x.Want = append(x.Want, Want{At: Ref{Node: id()}, Rows: genRows(t), Ordered: true, Count: &count, Notes: genNotes(t)})
		x.Want = append(x.Want, Want{At: Ref{Node: nodes[0].ID, Port: "p"}, Unique: []string{"a", genText(t, "u")}, Holds: []string{genText(t, "f")}})
		if p.Variable("переменная0") != nil {
			x.Variables = []Entry{E("переменная0", Text(genText(t, "tv")))}
		}
		p.Tests = append(p.Tests, x)
	}
}
