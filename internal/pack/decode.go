package pack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Version is the version of the format that is written.
const Version = 1

var (
	msgNoVersion = errs.Message{
		ID: "pack.no_version",
		En: "This is no Weft package: the first line of a package is \"weft: 1\".",
		Ru: "Это не пакет Weft: первая строка пакета — «weft: 1».",
	}
	msgNewer = errs.Message{
		ID: "pack.newer_version",
		En: "The package has format {version}; this Weft reads formats up to {newest}. Open it with a newer Weft.",
		Ru: "Формат пакета — {version}; эта версия Weft читает форматы до {newest}. Откройте его более новой версией Weft.",
	}
	msgBadVersion = errs.Message{
		ID: "pack.bad_version",
		En: "{version} is no version of the package format; write \"weft: {newest}\".",
		Ru: "{version} — не версия формата пакета; напишите «weft: {newest}».",
	}
)

// maxErrors is how many errors are told of one file.
const maxErrors = 1000

// Decode reads a package file: UTF-8 text in a strict subset of YAML 1.2.
// file is its name for errors, and may be empty. The error is an errs.List of
// everything that is wrong, each with line and column; the package is nil
// then; of more than 1,000 the first are told. Positions in the package count
// lines from 1 and columns in characters.
func Decode(src []byte, file string) (*Package, error) {
	p, err := Inspect(src, file)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Inspect is Decode for checkers: beside the errors it returns what could be
// read, nil only where nothing could. Such a package may have links that lead
// nowhere or in a circle; it is only good for finding more that is wrong.
func Inspect(src []byte, file string) (*Package, error) {
	var list errs.List
	p := decode(src, &list)
	if err := list.Err(); err != nil {
		sortByPlace(list)
		list = list[:min(len(list), maxErrors)]
		return p, errs.At(list, errs.Place{File: file})
	}
	return p, nil
}

func decode(src []byte, list *errs.List) *Package {
	root, comments, tail := readYAML(src, list)
	if root == nil {
		return nil
	}
	r := &reader{list: list}
	if !r.version(root) {
		return nil
	}
	p := r.pack(root)
	p.Tail = tail
	check(p, list)
	if len(*list) == 0 {
		checkComments(p, comments, list)
	}
	return p
}

// Format spells a package file in its canonical way. What is wrong in it is
// an errs.List as of Decode.
func Format(src []byte, file string) ([]byte, error) {
	p, err := Decode(src, file)
	if err != nil {
		return nil, err
	}
	return Encode(p), nil
}

func sortByPlace(list errs.List) {
	slices.SortStableFunc(list, func(a, b *errs.Error) int {
		if d := a.Place.Line - b.Place.Line; d != 0 {
			return d
		}
		return a.Place.Column - b.Place.Column
	})
}

// A migration turns a tree of one version of the format into the next one's.
type migration func(root *Value)

// migrations holds the step from version 1 first. Old files are read for ever
// and written anew only on save.
func migrations() []migration { return nil }

// version checks the version of the format and brings root to ours.
func (r *reader) version(root *Value) bool {
	if root.Kind != MapValue {
		r.add(msgNoVersion, nil, root.Pos)
		return false
	}
	v, ok := root.Get("weft")
	switch {
	case !ok:
		r.add(msgNoVersion, nil, root.Pos)
		return false
	case v.Kind != IntValue || v.Int < 1:
		r.add(msgBadVersion, errs.P{"version": spell(v), "newest": Version}, v.Pos)
		return false
	case v.Int > Version:
		r.add(msgNewer, errs.P{"version": v.Int, "newest": Version}, v.Pos)
		return false
	}
	for _, step := range migrations()[v.Int-1:] {
		step(root)
	}
	return true
}

// spell is a value as errors show it: scalars as they are written.
func spell(v Value) string {
	switch v.Kind {
	case ListValue, MapValue:
		return v.KindName().En
	default:
		return scalarText(v, false)
	}
}

func (r *reader) pack(root *Value) *Package {
	p := &Package{Weft: Version}
	var head []string
	if len(root.Map) > 0 {
		first := &root.Map[0].Value.Notes
		head, first.Above = first.Above, nil
	}
	o := r.object("weft", root, "weft", "label", "note", "variables", "workflows", "services", "tests", "layout")
	o.get("weft")
	p.Label, p.Note = o.text("label"), o.text("note")
	for _, e := range o.entries("variables") {
		p.Variables = append(p.Variables, r.variable(e))
	}
	for _, e := range o.entries("workflows") {
		p.Workflows = append(p.Workflows, r.workflow(e))
	}
	for _, e := range o.entries("services") {
		p.Services = append(p.Services, r.service(e))
	}
	for _, e := range o.entries("tests") {
		p.Tests = append(p.Tests, r.test(e))
	}
	r.layout(p, o.entries("layout"))
	p.Notes = Comments{Above: append(head, o.marks["weft"].Above...), Behind: o.marks["weft"].Behind}
	delete(o.marks, "weft")
	p.Marks = o.marks.orNil()
	return p
}

func (m Marks) orNil() Marks {
	if len(m) == 0 {
		return nil
	}
	return m
}

func (r *reader) variable(e Entry) Variable {
	if !variablePattern.MatchString(e.Key) {
		r.add(msgBadVariableName, errs.P{"id": e.Key}, e.Pos)
	}
	v := Variable{Name: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	o := r.object(e.Key, &e.Value, "type", "default", "label", "note")
	if t := o.need("type"); t != nil {
		v.Type = r.text("type", t)
		r.checkType(v.Type, t.Pos)
	}
	if d := o.get("default"); d != nil {
		v.Default = *d
		r.checkDefault(v)
	}
	v.Label, v.Note = o.text("label"), o.text("note")
	v.Marks = o.marks
	return v
}

func (r *reader) workflow(e Entry) Workflow {
	r.checkID(e.Key, e.Pos)
	w := Workflow{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	r.place.Workflow = e.Key
	defer func() { r.place.Workflow = "" }()
	keys := []string{"label", "note", "nodes", "memos"}
	if r.command {
		keys = append(keys, "layout")
	}
	o := r.object(e.Key, &e.Value, keys...)
	o.get("layout")
	w.Label, w.Note = o.text("label"), o.text("note")
	for _, n := range o.entries("nodes") {
		w.Nodes = append(w.Nodes, r.node(n))
	}
	for _, m := range o.entries("memos") {
		w.Memos = append(w.Memos, r.memo(m))
	}
	w.Marks = o.marks
	return w
}

func (r *reader) node(e Entry) Node {
	r.checkID(e.Key, e.Pos)
	n := Node{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	r.place.Node = e.Key
	defer func() { r.place.Node = "" }()
	keys := []string{"component", "label", "note", "keep", "input", "inputs", "settings"}
	if r.command {
		keys = append(keys, "at")
	}
	o := r.object(e.Key, &e.Value, keys...)
	if c := o.need("component"); c != nil {
		n.Component = r.component(c)
	}
	n.Label, n.Note, n.Keep = o.text("label"), o.text("note"), o.bool("keep")
	if v := o.get("input"); v != nil {
		n.Inputs = append(n.Inputs, Link{From: r.ref("input", v), Pos: v.Pos})
	}
	for _, l := range o.entries("inputs") {
		r.checkID(l.Key, l.Pos)
		n.Inputs = append(n.Inputs, Link{Port: l.Key, From: r.ref(l.Key, &l.Value), Pos: l.Pos, Notes: l.Value.Notes})
	}
	if s := o.get("settings"); s != nil {
		if s.Kind != MapValue {
			r.kind("settings", wantMap, s)
		} else if len(s.Map) > 0 {
			n.Settings = *s
		}
	}
	if v := o.get("at"); v != nil {
		n.At, n.Placed = r.point("at", v), true
	}
	n.AtNotes = o.marks["at"]
	delete(o.marks, "at")
	n.Marks = o.marks.orNil()
	return n
}

func (r *reader) memo(e Entry) Memo {
	r.checkID(e.Key, e.Pos)
	o := r.object(e.Key, &e.Value, "text", "at", "size")
	m := Memo{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	m.Text, m.At, m.Size = o.text("text"), o.point("at"), o.point("size")
	m.Marks = o.marks
	return m
}

func (r *reader) service(e Entry) Service {
	r.checkID(e.Key, e.Pos)
	s := Service{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	for _, op := range r.entries(e.Key, &e.Value) {
		s.Operations = append(s.Operations, r.operation(op))
	}
	return s
}

func (r *reader) operation(e Entry) Operation {
	r.checkID(e.Key, e.Pos)
	op := Operation{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	o := r.object(e.Key, &e.Value, "label", "workflow", "input", "variables", "output")
	op.Label, op.Workflow, op.Input = o.text("label"), o.id("workflow"), o.id("input")
	op.Variables = o.texts("variables")
	if v := o.need("output"); v != nil {
		op.Output = r.ref("output", v)
	}
	op.Marks = o.marks
	return op
}

func (r *reader) test(e Entry) Test {
	r.checkID(e.Key, e.Pos)
	t := Test{ID: e.Key, Pos: e.Pos, Notes: e.Value.Notes}
	o := r.object(e.Key, &e.Value, "label", "workflow", "variables", "given", "want")
	t.Label, t.Workflow = o.text("label"), o.id("workflow")
	t.Variables = o.entries("variables")
	for _, g := range o.entries("given") {
		r.checkID(g.Key, g.Pos)
		t.Given = append(t.Given, Given{Node: g.Key, Pos: g.Pos, Notes: g.Value.Notes, Rows: r.rows(g.Key, &g.Value)})
	}
	for _, w := range o.entries("want") {
		t.Want = append(t.Want, r.want(w))
	}
	t.Marks = o.marks
	return t
}

func (r *reader) want(e Entry) Want {
	at, ok := parseRef(e.Key)
	if !ok {
		r.add(msgBadRef, errs.P{"ref": e.Key}, e.Pos)
	}
	w := Want{At: at, Pos: e.Pos, Notes: e.Value.Notes}
	o := r.object(e.Key, &e.Value, "rows", "ordered", "count", "unique", "not_null", "holds")
	if v := o.get("rows"); v != nil {
		w.Rows = r.rows("rows", v)
	}
	w.Ordered, w.Count = o.bool("ordered"), o.int("count")
	w.Unique, w.NotNull = o.texts("unique"), o.texts("not_null")
	if i := o.value.index("holds"); i >= 0 && o.value.Map[i].Value.Kind == TextValue {
		w.Holds = []string{o.text("holds")}
	} else {
		w.Holds = o.texts("holds")
	}
	w.Marks = o.marks
	return w
}

// rows reads a table: a list of maps from column to scalar. Never nil.
func (r *reader) rows(key string, v *Value) []Value {
	out := []Value{}
	for _, row := range r.items(key, v) {
		if row.Kind != MapValue {
			r.kind(key, wantMap, &row)
		}
		for _, cell := range row.Map {
			if cell.Value.Kind >= ListValue {
				r.kind(cell.Key, wantCell, &cell.Value)
			}
		}
		out = append(out, row)
	}
	return out
}

var wantCell = errs.Words{En: "text, a number, true or false, or null", Ru: "текст, число, true, false или null"}

var msgLayout = errs.Message{
	ID: "pack.layout_unknown",
	En: "The layout places {name}, which does not exist. {suggest}",
	Ru: "Расположение задано для {name}, а такого нет. {suggest}",
}

func (r *reader) layout(p *Package, flows []Entry) {
	index := make(map[string]*Workflow, len(p.Workflows))
	for i := range p.Workflows {
		index[p.Workflows[i].ID] = &p.Workflows[i]
	}
	for _, f := range flows {
		w := index[f.Key]
		if w == nil {
			r.add(msgLayout, errs.P{"name": f.Key, "suggest": r.suggest(f.Key, p.workflowIDs)}, f.Pos)
			continue
		}
		if !f.Value.Notes.empty() {
			if w.Marks == nil {
				w.Marks = Marks{}
			}
			w.Marks["layout"] = f.Value.Notes
		}
		nodes := make(map[string]*Node, len(w.Nodes))
		for i := range w.Nodes {
			nodes[w.Nodes[i].ID] = &w.Nodes[i]
		}
		for _, e := range r.entries(f.Key, &f.Value) {
			n := nodes[e.Key]
			if n == nil {
				r.add(msgLayout, errs.P{"name": e.Key, "suggest": r.suggest(e.Key, w.nodeIDs)}, e.Pos)
				continue
			}
			n.At, n.Placed, n.AtNotes = r.point(e.Key, &e.Value), true, e.Value.Notes
		}
	}
}

func (p *Package) workflowIDs() []string {
	return ids(p.Workflows, func(w Workflow) string { return w.ID })
}

func (w *Workflow) nodeIDs() []string { return ids(w.Nodes, func(n Node) string { return n.ID }) }

func ids[T any](items []T, id func(T) string) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = id(it)
	}
	return out
}

var msgBadComponent = errs.Message{
	ID: "pack.bad_component",
	En: "{name} cannot be the name of a component; names are like rows.filter, with a version rows.filter@2.",
	Ru: "{name} не может быть именем компонента; имена бывают вида rows.filter, с версией — rows.filter@2.",
}

// component reads a component's name. Version 1 is not written.
func (r *reader) component(v *Value) string {
	s := strings.TrimSuffix(r.text("component", v), "@1")
	if v.Kind == TextValue && !componentPattern.MatchString(s) {
		r.add(msgBadComponent, errs.P{"name": fmt.Sprintf("%q", s)}, v.Pos)
	}
	return s
}
