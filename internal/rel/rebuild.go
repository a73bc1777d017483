package rel

// WithInputs returns r reading other inputs, which must have the schemas of
// the ones they replace. r itself is not changed.
func WithInputs(r Rel, in []Rel) Rel {
	switch r := r.(type) {
	case *Project:
		c := *r
		c.Input = in[0]
		return &c
	case *Filter:
		c := *r
		c.Input = in[0]
		return &c
	case *Join:
		c := *r
		c.Left, c.Right = in[0], in[1]
		return &c
	case *Aggregate:
		c := *r
		c.Input = in[0]
		return &c
	case *Window:
		c := *r
		c.Input = in[0]
		return &c
	case *Sort:
		c := *r
		c.Input = in[0]
		return &c
	case *Limit:
		c := *r
		c.Input = in[0]
		return &c
	case *Sample:
		c := *r
		c.Input = in[0]
		return &c
	case *Distinct:
		c := *r
		c.Input = in[0]
		return &c
	default:
		return r
	}
}

// Replace rebuilds a plan with other expressions in the place of some of its
// parts. What is shared stays shared; parts without a change are not copied.
func Replace(r Rel, with map[Rel]Rel) Rel {
	return replacer{with: with, done: map[Rel]Rel{}}.replace(r)
}

type replacer struct{ with, done map[Rel]Rel }

func (p replacer) replace(r Rel) Rel {
	if n, ok := p.with[r]; ok {
		return n
	}
	if n, ok := p.done[r]; ok {
		return n
	}
	out := r
	var changed []Rel
	for i, in := range r.Inputs() {
		if n := p.replace(in); n != in {
			if changed == nil {
				changed = r.Inputs()
			}
			changed[i] = n
		}
	}
	if changed != nil {
		out = WithInputs(r, changed)
	}
	p.done[r] = out
	return out
}

// Visit calls f once for every expression of a plan, inputs before the
// expressions that read them.
func Visit(r Rel, f func(Rel)) { visitAll(r, f, map[Rel]bool{}) }

func visitAll(r Rel, f func(Rel), seen map[Rel]bool) {
	if seen[r] {
		return
	}
	seen[r] = true
	for _, in := range r.Inputs() {
		visitAll(in, f, seen)
	}
	f(r)
}

// Expressions returns every scalar expression that an operator holds itself.
func Expressions(r Rel) []Expr {
	var out []Expr
	add := func(e Expr) {
		if e != nil {
			out = append(out, e)
		}
	}
	switch r := r.(type) {
	case *Project:
		for _, it := range r.Items {
			add(it.Expr)
		}
	case *Filter:
		add(r.Cond)
	case *Join:
		add(r.Extra)
	case *Aggregate:
		for _, k := range r.Keys {
			add(k.Expr)
		}
		for _, m := range r.Measures {
			add(m.Arg)
		}
	case *Window:
		for _, it := range r.Items {
			add(it.Arg)
		}
	}
	return out
}

// VolatilePlan reports whether two runs of r over the same sources may differ.
func VolatilePlan(r Rel) bool {
	found := false
	Visit(r, func(x Rel) {
		for _, e := range Expressions(x) {
			found = found || Volatile(e)
		}
	})
	return found
}
