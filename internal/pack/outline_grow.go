package pack

// touched says which parts of an outline an event may have changed.
type touched struct {
	all  bool // this part and all in it
	kids map[string]*touched
}

// at is what was touched under a key, nil when nothing was.
func (t *touched) at(key string) *touched {
	if t == nil || t.all {
		return t
	}
	return t.kids[key]
}

// mark notes a part with all in it.
func (t *touched) mark(path ...string) {
	for _, key := range path {
		if t.kids == nil {
			t.kids = map[string]*touched{}
		}
		next := t.kids[key]
		if next == nil {
			next = &touched{}
			t.kids[key] = next
		}
		t = next
	}
	t.all = true
}

// touchedParts turns the paths that an editor notes into parts of the outline.
func touchedParts(paths [][]string) *touched {
	t := &touched{}
	for _, p := range paths {
		switch {
		case len(p) < 2:
			t.mark()
		case p[0] == "package":
			t.mark(p[1])
		case p[0] != "workflow": // variable, service, test
			t.mark(p[0]+"s", p[1])
		case len(p) == 2:
			t.mark("workflows", p[1])
			t.mark("layout", p[1])
		case p[2] == "node":
			t.mark("workflows", p[1], "nodes", p[3])
			t.mark("layout", p[1], p[3])
		case p[2] == "memo":
			t.mark("workflows", p[1], "memos", p[3])
		default: // label, note
			t.mark("workflows", p[1], p[2])
		}
	}
	return t
}

// grower makes the kids of one map of fixed keys.
type grower struct {
	old  *Outline
	t    *touched
	kids []*Outline
}

func (g *grower) add(o *Outline) {
	if o != nil {
		g.kids = append(g.kids, o)
	}
}

// word adds a plain value, when it is there.
func (g *grower) word(key string, v Value, there bool) {
	switch {
	case g.t.at(key) == nil:
		g.add(g.old.kid(key))
	case there:
		g.add(leafOutline(tree{key: key, value: v}))
	}
}

// growItems adds a map of items, each of which is one leaf.
func growItems[T any](g *grower, key string, list []T, id func(*T) string, shape func(*T) tree) {
	grow(g, key, list, id, func(it *T, _ *Outline, _ *touched) *Outline { return leafOutline(shape(it)) })
}

// grow adds a map of items, when it has some.
func grow[T any](g *grower, key string, list []T, id func(*T) string, build func(*T, *Outline, *touched) *Outline) {
	old, t := g.old.kid(key), g.t.at(key)
	if t == nil {
		g.add(old)
		return
	}
	if kids := items(list, id, old, t, build); len(kids) > 0 {
		g.add(nestOutline(key, kids))
	}
}

// items makes the outlines of a list's items that have one.
func items[T any](list []T, id func(*T) string, old *Outline, t *touched, build func(*T, *Outline, *touched) *Outline) []*Outline {
	was := finder{old: old}
	var out []*Outline
	for i := range list {
		key := id(&list[i])
		o, mine := was.find(key), t.at(key)
		if mine != nil {
			o = build(&list[i], o, mine)
		}
		if o != nil {
			out = append(out, o)
		}
	}
	return out
}

// finder finds the kids of an outline, mostly asked for in their order.
type finder struct {
	old  *Outline
	next int
	by   map[string]*Outline
}

func (f *finder) find(key string) *Outline {
	if f.old == nil {
		return nil
	}
	if f.next < len(f.old.kids) && f.old.kids[f.next].key == key {
		f.next++
		return f.old.kids[f.next-1]
	}
	if f.by == nil {
		f.by = make(map[string]*Outline, len(f.old.kids))
		for _, k := range f.old.kids {
			f.by[k.key] = k
		}
	}
	return f.by[key]
}
