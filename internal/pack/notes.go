package pack

// Comments travel beside the JSON of a command, in a list of where they
// stand: {"at": "node.settings.path", "above": ["# why"], "behind": "# x"}.

// noteList collects the comments within v.
func noteList(v *Value, at Path, out []Value) []Value {
	if !v.Notes.empty() {
		n := Map(E("at", Text(at.String())))
		if len(v.Notes.Above) > 0 {
			n.Map = append(n.Map, E("above", textList(v.Notes.Above)))
		}
		if v.Notes.Behind != "" {
			n.Map = append(n.Map, E("behind", Text(v.Notes.Behind)))
		}
		out = append(out, n)
	}
	for i := range v.List {
		out = noteList(&v.List[i], append(at[:len(at):len(at)], Step{Index: i, InList: true}), out)
	}
	for i := range v.Map {
		out = noteList(&v.Map[i].Value, append(at[:len(at):len(at)], Step{Key: v.Map[i].Key}), out)
	}
	return out
}

// takeNotes moves the comments of the list under "notes" to where they belong
// in v, and removes the list.
func (r *reader) takeNotes(v *Value) {
	i := v.index("notes")
	if i < 0 {
		return
	}
	list := v.Map[i].Value
	v.Map = append(v.Map[:i:i], v.Map[i+1:]...)
	for _, n := range r.items("notes", &list) {
		o := r.object("notes", &n, "at", "above", "behind")
		p, err := ParsePath(o.text("at"))
		if err != nil {
			r.list.Add(err)
			continue
		}
		target := v.at(p)
		if target == nil {
			r.list.Add(unknownSetting(p))
			continue
		}
		target.Notes = Comments{Above: o.texts("above"), Behind: o.text("behind")}
	}
}

// at returns the value that a path leads to, nil when there is none.
func (v *Value) at(p Path) *Value {
	for _, s := range p {
		switch {
		case s.InList && v.Kind == ListValue && s.Index < len(v.List):
			v = &v.List[s.Index]
		case !s.InList && v.index(s.Key) >= 0:
			v = &v.Map[v.index(s.Key)].Value
		default:
			return nil
		}
	}
	return v
}

// carryNotes gives to v the comments of the value that it replaces, wherever
// it has none of its own and the place is still there.
func carryNotes(v *Value, old Value) {
	if v.Notes.empty() {
		v.Notes = old.Notes.clone()
	}
	for i := range min(len(v.List), len(old.List)) {
		carryNotes(&v.List[i], old.List[i])
	}
	for i := range v.Map {
		if o, ok := old.Get(v.Map[i].Key); ok {
			carryNotes(&v.Map[i].Value, o)
		}
	}
}
